/** A slash command as somebody wrote it: the verb in lower case, and what followed on its line. */
export interface CommandLine {
  readonly verb: string;
  readonly rest: string;
}

/**
 * The `/assent …` lines of a comment, in order. A command starts its line; code, quotes and HTML comments are no place for
 * one, because whoever quotes or shows an approval does not give it. Where Markdown is doubtful (an unclosed fence, a line
 * that lazily continues a quote) there is no command: asking again is cheap, an approval nobody meant is not.
 */
export function commandsIn(body: string): readonly CommandLine[] {
  return visibleLines(body).flatMap((line) => {
    const match = /^\/assent[ \t]+([A-Za-z_-]+)(?:[ \t]+(.*))?$/.exec(line);
    return match ? [{ verb: (match[1] ?? '').toLowerCase(), rest: (match[2] ?? '').trim() }] : [];
  });
}

/** Lines that stand outside fences, quotes, HTML and code spans. */
function visibleLines(body: string): readonly string[] {
  const lines = withoutHtmlComments(body).split(/\r\n|\r|\n/);
  const visible: string[] = [];
  let paragraph: string[] = [];
  let fence: string | null = null;
  let html: string | null = null;
  let quoted = false;

  const endParagraph = () => {
    visible.push(...outsideCodeSpans(paragraph));
    paragraph = [];
  };
  for (const line of lines) {
    if (fence !== null) {
      if (closesFence(line, fence)) fence = null;
      continue;
    }
    if (html !== null) {
      if (line.toLowerCase().includes(`</${html}`)) html = null;
      continue;
    }
    fence = opensFence(line);
    html = opensHtmlCode(line);
    const blank = line.trim() === '';
    quoted = /^(?:\s|[-*+] |\d+[.)] )*>/.test(line) || (quoted && !blank);
    if (fence !== null || html !== null || blank || quoted) endParagraph();
    else paragraph.push(line);
  }
  endParagraph();
  return visible;
}

const withoutHtmlComments = (body: string) => body.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '<!---->');

/** The fence a line opens, at any indentation: inside a list a fence stands further in. */
function opensFence(line: string): string | null {
  return /^(?:\s|[-*+] |\d+[.)] )*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1] ?? null;
}

function closesFence(line: string, fence: string): boolean {
  const run = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return run !== undefined && run[0] === fence[0] && run.length >= fence.length;
}

/** The element in which a line leaves us, if it opens one whose content is shown as code or not at all. */
function opensHtmlCode(line: string): string | null {
  const open = /<(pre|code|script|style|textarea|blockquote|template)\b/i.exec(line);
  const name = open?.[1]?.toLowerCase();
  return name !== undefined && !line.toLowerCase().slice(open?.index).includes(`</${name}`)
    ? name
    : null;
}

/** Drops the lines of a paragraph that begin inside a code span running over a line break. */
function outsideCodeSpans(paragraph: readonly string[]): readonly string[] {
  const text = paragraph.join('\n');
  const spans = [...text.matchAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let start = 0;
  return paragraph.filter((line) => {
    const at = start;
    start += line.length + 1;
    return !spans.some((span) => span.start < at && at < span.end);
  });
}
