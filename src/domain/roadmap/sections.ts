import { expressionAtLineStart, expressionInCell } from './expression.ts';
import type { ParagraphBlock } from './outline.ts';
import type { Count, StatusSlot } from './roadmap.ts';
import type { Status } from './status.ts';

/** Longer headings are sentences, and the patterns take time with each character. */
const longestColumn = 60;

const afterColumn =
  /^[\s*_`]*(?:items?|features?|tasks?|milestones?|work|things)?[\s*_`]*(?:\(\d+\)|\d+)?[\s*_`:]*$/i;

/** The status that a heading is, and not one that it has: `## Done`, `### 🚧 In Progress (3)`, `## Completed features`. */
export function columnOf(heading: string): Status | null {
  if (heading.length > longestColumn) return null;
  const words = heading.replace(/^[^\p{L}\p{N}]+/u, '');
  const found = expressionInCell(words);
  return found?.word != null &&
    found.span.start === 0 &&
    afterColumn.test(words.slice(found.span.end))
    ? found.word.found.status
    : null;
}

/** `(3/7)`, `[3 of 7]`, or `3/7 done` at the end: elsewhere such numbers are something else, such as support at 24/7. */
export const countSaid =
  /[([]\s*(\d{1,4})\s*(?:\/|of)\s*(\d{1,4})[^)\]\d]*[)\]]|(?<=[\s:–—-])(\d{1,4})\s*(?:\/|of)\s*(\d{1,4})(?:\s+(?:done|complete|completed))?\s*$/i;

export function countIn(heading: string): Count | null {
  const found = heading.length > 300 ? null : countSaid.exec(heading);
  if (found === null) return null;
  const [done, total] = [Number(found[1] ?? found[3]), Number(found[2] ?? found[4])];
  return done <= total ? { done, total } : null;
}

const statusSaid = /^[\s*_`>]*(?:current |implementation )?status[\s*_`]*:[\s*_`]*/i;
const noteAfter = /^[\s*_`]*(?:$|[-–—(,;.|])/;

/** Null where it says it in prose ("Done with the first half"): that is for people to change. */
export function statusLine(text: string, { line, content }: ParagraphBlock): StatusSlot | null {
  const lines = text
    .slice(content.start, content.end)
    .slice(0, 2_000)
    .split(/\r\n|\n|\r/);
  let origin = content.start;
  for (const [index, raw] of lines.entries()) {
    const label = raw.length > 300 ? null : statusSaid.exec(raw);
    const found = label === null ? null : expressionAtLineStart(raw, label[0].length);
    if (found !== null && noteAfter.test(raw.slice(found.span.end))) {
      return {
        kind: 'written',
        line: line + index,
        span: { start: origin + found.span.start, end: origin + found.span.end },
        shape: 'status line',
        expression: found,
        origin,
        status: found.status,
      };
    }
    origin += raw.length + lineEnd(text, origin + raw.length);
  }
  return null;
}

const lineEnd = (text: string, offset: number): number => (text.startsWith('\r\n', offset) ? 2 : 1);
