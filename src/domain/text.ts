/**
 * Untrusted text, on its way into a model (fenced) and out to GitHub (neutralised). Nothing here judges what a text means:
 * it takes away what would make text act.
 */

/**
 * Control and format characters (bidi, zero width, tags, soft hyphen …) but tab, line end and one emoji selector behind what may
 * be an emoji: a row of selectors can spell a text.
 */
const hidden =
  /(?!\t|\n|(?<=[\p{Emoji}\p{S}])\uFE0F)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

export interface PlainText {
  readonly text: string;
  /** How many hidden characters were taken out. */
  readonly hidden: number;
}

export function stripHidden(text: string): PlainText {
  let count = 0;
  const plain = text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(hidden, () => {
    count += 1;
    return '';
  });
  return { text: plain, hidden: count };
}

/** A line as a terminal may show it: characters that would act, or hide, stand as their numbers. */
export const visible = (line: string): string =>
  line.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** Cuts at a character boundary and says how much is missing. */
export function cap(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = Math.max(0, characters);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end)}\n[cut: ${text.length - end} more characters]`;
}

export interface FencedText {
  readonly text: string;
  /** What was unusual, for the trace and the reviewer; '' entries never. */
  readonly flags: readonly string[];
}

/**
 * Puts untrusted text between marks that its author could not know, so that it cannot end its own fence.
 * `nonce` is fresh for each run.
 */
export function fence(
  label: string,
  untrusted: string,
  nonce: string,
  characters: number,
): FencedText {
  const plain = stripHidden(untrusted);
  const guessed = nonce !== '' && plain.text.includes(nonce);
  const body = cap(guessed ? plain.text.replaceAll(nonce, '[removed]') : plain.text, characters);
  const flags = [
    ...(plain.hidden > 0 ? [`${label}: ${plain.hidden} hidden characters removed`] : []),
    ...(guessed ? [`${label}: contained this run's fence mark`] : []),
    ...(plain.text.length > characters
      ? [`${label}: cut at ${characters} of ${plain.text.length} characters`]
      : []),
  ];
  // A label may name a path or a check, which others named.
  const name = stripHidden(nonce === '' ? label : label.replaceAll(nonce, '[removed]'))
    .text.replace(/["<>\s]+/g, ' ')
    .slice(0, 200);
  return { text: `<data-${nonce} of="${name}">\n${body}\n</data-${nonce}>`, flags };
}

const zeroWidthSpace = '\u200B';

/**
 * Markdown that renders as text: no comment, image, link, tag, mention, reference, closing keyword or command of another
 * bot survives as such, and what comes after it is not drawn into its code block.
 *
 * Each construct is broken by one zero-width space after the character that would begin it. That needs no knowledge of where
 * code spans begin and end, on which a parser of our own and GitHub's could be made to disagree. Entities are broken as well,
 * since GitHub looks for mentions after decoding them.
 */
export function neutralise(markdown: string, characters = 10_000): string {
  const plain = stripHidden(markdown)
    .text.replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .trim();
  return closed(cap(plain, characters))
    .replace(/&(?=[#a-z])/gi, `&${zeroWidthSpace}`)
    .replace(/<(?=[a-z/!?])/gi, `<${zeroWidthSpace}`)
    .replace(/!(?=\[)/g, `!${zeroWidthSpace}`)
    .replace(/\](?=[([:])/g, `]${zeroWidthSpace}`)
    .replace(/:(?=\/\/)/g, `:${zeroWidthSpace}`)
    .replace(/\bwww(?=\.)/gi, (www) => `${www}${zeroWidthSpace}`)
    .replace(/@(?=[\p{L}\p{N}_-])/gu, `@${zeroWidthSpace}`)
    .replace(/#(?=\d)/g, `#${zeroWidthSpace}`)
    .replace(/\bgh-(?=\d)/gi, (prefix) => `${prefix}${zeroWidthSpace}`)
    .replace(/^([ \t>*+-]*|[ \t]*\d+[.)][ \t]+)\/(?=[a-z])/gim, `$1/${zeroWidthSpace}`);
}

/** With the code block it leaves open closed: else all that we say after it would be read as its code. */
function closed(markdown: string): string {
  let open: string | null = null;
  for (const line of markdown.split('\n')) {
    const [, mark = ''] = /^[\s>*+\d.)-]*(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark === '') continue;
    if (open === null) open = mark;
    else if (mark.startsWith(open)) open = null;
  }
  return open === null ? markdown : `${markdown}\n${open}`;
}

/** The same for a title or a table cell: one line, no pipe. */
export function neutraliseLine(text: string, characters = 200): string {
  return neutralise(text.replace(/\s+/g, ' '), characters)
    .replace(/\s+/g, ' ')
    .replace(/(?<!\\)\|/g, '\\|');
}
