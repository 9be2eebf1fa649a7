/** How sure a shape alone can make us: `high` has a prefix nobody else uses, `medium` a telling place, `low` is worth a look. */
export type Confidence = 'high' | 'medium' | 'low';

/** One shape a secret has. Every quantifier is bounded, so that reading a text takes time in proportion to its length. */
export interface SecretFormat {
  /** Stable, kebab case. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** One of these stands in every text that holds such a secret: the cheap look before the pattern. */
  readonly keywords: readonly string[];
  /** Where they stand: in the secret itself, which is one long word, or anywhere in the text. */
  readonly keywordsIn: 'word' | 'text';
  /** Global. Group 1 is the secret, or the whole match without one. */
  readonly pattern: RegExp;
  readonly confidence: Confidence;
  /** What the shape cannot say: true keeps the match. Placeholders are gone before it is asked. */
  readonly accept?: (secret: string) => boolean;
}

interface FormatOptions {
  readonly confidence?: Confidence;
  readonly accept?: (secret: string) => boolean;
  readonly keywordsIn?: SecretFormat['keywordsIn'];
  /** The body has no length of its own: whatever follows, what was matched is the secret. */
  readonly open?: true;
}

/** Not inside a word; but `%3D` and the like end what stands before, as in encoded text. */
const start = '(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))';
const end = '(?![A-Za-z0-9])';

const escaped = (literal: string): string => literal.replace(/[.$+^*?()[\]{}|\\/]/g, '\\$&');

/** A secret that begins with one of these words; `body` is the rest, as the source of a pattern. */
export function prefixed(
  id: string,
  title: string,
  prefixes: readonly string[],
  body: string,
  options: FormatOptions = {},
): SecretFormat {
  const words = prefixes.map(escaped).join('|');
  const tail = options.open === true ? '' : end;
  const pattern = new RegExp(`${start}(?:${words})${body}${tail}`, 'g');
  return shaped(id, title, prefixes, pattern, { keywordsIn: 'word', ...options });
}

/** A secret that takes a pattern of its own to say. */
export function shaped(
  id: string,
  title: string,
  keywords: readonly string[],
  pattern: RegExp,
  { confidence = 'high', accept, keywordsIn = 'text' }: FormatOptions = {},
): SecretFormat {
  const format = { id, title, keywords, keywordsIn, pattern, confidence };
  return accept === undefined ? format : { ...format, accept };
}
