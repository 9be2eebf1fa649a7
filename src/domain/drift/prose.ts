/** A Markdown document as its text and its code blocks, by line; comments are left out. */
export interface Prose {
  readonly text: readonly { readonly line: number; readonly text: string }[];
  readonly blocks: readonly CodeBlock[];
}

export interface CodeBlock {
  /** In lower case; '' where none is said. */
  readonly language: string;
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

const fence = /^(\s{0,3}|\s*(?:[-*+]|\d+[.)])\s+|\s+)(`{3,}|~{3,})\s*([^\s`{]*)/;

export function readProse(markdown: string): Prose {
  const text: { line: number; text: string }[] = [];
  const blocks: { language: string; lines: { line: number; text: string }[] }[] = [];
  let mark: string | null = null;
  for (const [index, line] of withoutComments(markdown)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const found = fence.exec(line);
    const at = { line: index + 1, text: line };
    if (mark !== null) {
      const closes = line.trim().startsWith(mark) && /^[`~]+$/.test(line.trim());
      if (closes) mark = null;
      else blocks.at(-1)?.lines.push(at);
    } else if (found !== null) {
      mark = found[2] ?? '```';
      blocks.push({ language: (found[3] ?? '').toLowerCase(), lines: [] });
    } else text.push(at);
  }
  return { text, blocks };
}

/** Their lines stay, empty, so that the others keep their numbers. */
const withoutComments = (markdown: string): string =>
  markdown.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replaceAll(/[^\r\n]/g, ''));
