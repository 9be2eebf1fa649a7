/** A merge and what was written about it: title, description, subjects of its commits. Oldest first in every list. */
export interface MergedWords {
  readonly pull_request: number;
  readonly texts: readonly string[];
}

/** As GitHub's button (`Reverts acme/widgets#7`) and `git revert` (`Revert "Add a widget (#7)"`) say it. */
const phrases: readonly RegExp[] = [
  /^reverts?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gim,
  /^revert:?\s+"(?:merge pull request )?()#(\d+)\b/gim,
  /^revert:?\s+".*\(()#(\d+)\)"/gim,
];

/**
 * Pull requests that a merge says it takes back. It is the word of whoever wrote it, and good enough: all that follows from
 * it is that less is called done.
 */
export function revertsIn({ texts }: Pick<MergedWords, 'texts'>, repository: string): number[] {
  const found = texts.flatMap((text) =>
    phrases.flatMap((phrase) =>
      [...text.matchAll(phrase)]
        .filter(([, elsewhere = '']) => elsewhere === '' || isSame(elsewhere, repository))
        .map(([, , number]) => Number(number)),
    ),
  );
  return [...new Set(found)];
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Pull request → the merge that took it back. A revert that was itself reverted takes nothing back. */
export function takenBack(
  merges: readonly MergedWords[],
  repository: string,
): ReadonlyMap<number, number> {
  const by = new Map<number, number>();
  for (const merge of merges.toReversed()) {
    if (by.has(merge.pull_request)) continue;
    for (const number of revertsIn(merge, repository)) {
      if (number !== merge.pull_request && !by.has(number)) by.set(number, merge.pull_request);
    }
  }
  return by;
}
