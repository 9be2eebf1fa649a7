import type { IssueText } from './issue-index.ts';
import type { IssueType } from './label-kinds.ts';

/**
 * What is asked of the author by rules alone: only where there is nearly nothing to go by, since a question that the text already
 * answers annoys whoever wrote it.
 */
export function missingInformation(
  { title, body }: IssueText,
  type: IssueType | null,
): readonly string[] {
  const said = withoutTemplate(body);
  const words = count(said);
  if (words + count(title) < LEAST_WORDS) {
    return [
      'What is it about? A sentence or two on what you did, what happened, and what you expected would do.',
    ];
  }
  if (type !== 'bug') return [];
  return [
    ...(words < LEAST_REPORT && !hasExample(body)
      ? ['How can it be seen? The steps, a short example, or the exact message.']
      : []),
    ...(hasEmptyAnswer(body, /version|environment|system/i)
      ? ['Which version is it, and on what system? The form has a place for it that is empty.']
      : []),
  ];
}

const LEAST_WORDS = 6;
const LEAST_REPORT = 15;

const count = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

const hasExample = (body: string): boolean => /```|^ {4}\S|^\s*(?:\d+[.)]|[-*])\s+\S/m.test(body);

const unanswered = /^(?:_?no response_?|n\/?a|none|-|\.{2,}|\?+)?$/i;

interface Section {
  readonly heading: string;
  readonly text: string;
}

/** As forms and templates of GitHub write them: headings of any level, or a line in bold. */
function sections(body: string): readonly Section[] {
  const found: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  for (const line of withoutComments(body).split('\n')) {
    const heading = /^\s*(?:#{1,6}\s+(.{1,120}?)|\*\*(.{1,120}?)\*\*:?)\s*$/.exec(line);
    if (heading === null) found.at(-1)?.lines.push(line);
    else found.push({ heading: heading[1] ?? heading[2] ?? '', lines: [] });
  }
  return found.map(({ heading, lines }) => ({ heading, text: lines.join('\n').trim() }));
}

const withoutComments = (body: string): string =>
  body.slice(0, 50_000).replace(/<!--[\s\S]*?(?:-->|$)/g, '');

/** What the author wrote: no headings, no unticked boxes, no "_No response_". */
const withoutTemplate = (body: string): string =>
  sections(body)
    .map(({ text }) => text.replace(/^\s*[-*] \[ \] .*$/gm, ''))
    .filter((text) => !unanswered.test(text.trim()))
    .join('\n');

const hasEmptyAnswer = (body: string, heading: RegExp): boolean =>
  sections(body).some((section) => heading.test(section.heading) && unanswered.test(section.text));
