import { ok, refuse, type Result } from '../result.ts';

/**
 * One line of a text before and after. `before` null is a new line that comes to stand before this line of the original,
 * `after` null one that goes. All edits of a set count lines in the same original; lines begin at 1.
 */
export interface RoadmapEdit {
  readonly line: number;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Line {
  readonly text: string;
  /** As it stands in the text; empty on a last line that has none. */
  readonly ending: string;
  /** Offset of its first character. */
  readonly start: number;
}

/** Lines as Markdown counts them: `\r\n`, `\n` and a lone `\r` each end one. */
export function linesOf(text: string): Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .filter(([whole]) => whole !== '')
    .map(({ 1: content = '', 2: ending = '', index }) => ({ text: content, ending, start: index }));
}

/** Applies them all, or none: refused where a line is not (any more) what an edit says it is. */
export function applyEdits(text: string, edits: readonly RoadmapEdit[]): Result<string> {
  const original = linesOf(text);
  const faults = edits.flatMap((edit) => faultOf(edit, original));
  const twice = edits.filter(
    (edit, index) =>
      edit.before !== null &&
      edits.some((other, at) => at < index && other.before !== null && other.line === edit.line),
  );
  faults.push(...twice.map(({ line }) => `line ${line} is edited twice`));
  if (faults.length > 0) {
    return refuse('stale_edit', `${faults.join('; ')}: read the document again and plan anew.`);
  }
  return ok(joined(edited(original, edits)));
}

function faultOf({ line, before, after }: RoadmapEdit, original: readonly Line[]): string[] {
  if (/[\r\n]/.test(after ?? '')) return [`the new line ${line} holds a line break`];
  if (before === null) {
    const inside = line >= 1 && line <= original.length + 1;
    return inside ? [] : [`there is no place before line ${line}`];
  }
  const found = original[line - 1];
  if (found === undefined) return [`there is no line ${line}`];
  return found.text === before ? [] : [`line ${line} reads differently now`];
}

interface EditedLine {
  readonly text: string;
  readonly ending: string | null;
}

function edited(original: readonly Line[], edits: readonly RoadmapEdit[]): EditedLine[] {
  const result: EditedLine[] = [];
  for (let line = 1; line <= original.length + 1; line += 1) {
    const here = edits.filter((edit) => edit.line === line);
    for (const { before, after } of here) {
      if (before === null && after !== null) result.push({ text: after, ending: null });
    }
    const was = original[line - 1];
    const change = here.find(({ before }) => before !== null);
    if (was === undefined || change?.after === null) continue;
    result.push({ text: change?.after ?? was.text, ending: was.ending });
  }
  return withLastEnding(original, result);
}

/** Whether the text ends with a line break is kept, whichever line is the last one now. */
function withLastEnding(original: readonly Line[], lines: readonly EditedLine[]): EditedLine[] {
  const usual = original[0]?.ending || '\n';
  const last = original.at(-1)?.ending ?? '';
  return lines.map(({ text, ending }, index) => ({
    text,
    ending: index === lines.length - 1 ? last : ending || usual,
  }));
}

function joined(lines: readonly EditedLine[]): string {
  return lines.map(({ text, ending }) => text + (ending ?? '')).join('');
}

/** The edits that lead back from the edited text to the original one. */
export function reverseEdits(edits: readonly RoadmapEdit[]): RoadmapEdit[] {
  return edits.map((edit) => ({
    line: edit.line + shiftBefore(edit, edits),
    before: edit.after,
    after: edit.before,
  }));
}

/** How far the other edits move this one's line: lines added at or above it push it down, lines taken pull it up. */
function shiftBefore(edit: RoadmapEdit, edits: readonly RoadmapEdit[]): number {
  const position = edits.indexOf(edit);
  return edits.reduce((shift, other, index) => {
    if (other === edit) return shift;
    const above = other.line < edit.line;
    if (other.before === null) {
      const first = other.line === edit.line && (edit.before !== null || index < position);
      return above || first ? shift + 1 : shift;
    }
    return other.after === null && above ? shift - 1 : shift;
  }, 0);
}
