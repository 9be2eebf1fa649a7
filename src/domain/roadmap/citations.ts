/** Issues and pull requests that a line names: `#12`, or their addresses in this repository. */
export function citedIn(line: string, repository: string): readonly number[] {
  const found = [
    ...[...line.matchAll(/(?<![\w/&#-])#(\d{1,9})\b/g)].map(([, number]) => Number(number)),
    ...[...line.matchAll(/\/\/[^/\s]+\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,9})\b/g)]
      .filter(([, name = '']) => name.toLowerCase() === repository.toLowerCase())
      .map(([, , number]) => Number(number)),
  ];
  return [...new Set(found)];
}

/** https://docs.github.com/issues/tracking-your-work-with-issues/linking-a-pull-request-to-an-issue */
const closing =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+(?:([\w.-]+\/[\w.-]+))?#(\d{1,9})\b/gi;

/** Issues that a description says its pull request closes. */
export const closedBy = (description: string, repository: string): readonly number[] => [
  ...new Set(
    [...description.matchAll(closing)]
      .filter(([, name]) => name === undefined || name.toLowerCase() === repository.toLowerCase())
      .map(([, , number]) => Number(number)),
  ),
];
