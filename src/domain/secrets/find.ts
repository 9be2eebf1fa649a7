import { cloudFormats } from './formats/clouds.ts';
import { codeFormats } from './formats/code.ts';
import { keyFormats } from './formats/keys.ts';
import { modelFormats } from './formats/models.ts';
import { serviceFormats } from './formats/services.ts';
import type { Confidence, SecretFormat } from './format.ts';
import type { Match } from './found.ts';
import { namedSecrets } from './named.ts';
import { isPlaceholder } from './placeholder.ts';
import { privateKeys } from './private-key.ts';
import { credentialsInUrls } from './urls.ts';

/** Every format with a shape of its own. Of two that claim the same text the earlier one names it. */
export const secretFormats: readonly SecretFormat[] = [
  ...codeFormats,
  ...modelFormats,
  ...cloudFormats,
  ...serviceFormats,
  ...keyFormats,
];

/** A secret in a text: where, of what kind, how sure; never the secret itself. */
export interface FoundSecret {
  /** Stable, kebab case: `github-token`. */
  readonly rule: string;
  /** For people: `GitHub token`. */
  readonly title: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Its public prefix and its length: `ghp_… (40 characters)`. */
  readonly excerpt: string;
  readonly confidence: Confidence;
  /** Where it stands, in UTF-16 units from the text's start; for whoever blanks it out. */
  readonly start: number;
  readonly end: number;
}

/**
 * Secrets in a text, in its order, each place once. Finds shapes, not truth: whether one is in force only its issuer knows. Time
 * grows with the length of the text and nothing else; bounding that is the caller's.
 */
export function findSecrets(text: string): readonly FoundSecret[] {
  const plain = unescaped(text);
  return located(
    text,
    apart([
      ...privateKeys(text),
      ...formatted(plain),
      ...credentialsInUrls(plain),
      ...namedSecrets(plain),
    ]),
  );
}

/** The titles of what a text holds, each once, without what is merely worth a look. */
export function secretsIn(text: string): readonly string[] {
  const sure = findSecrets(text).filter(({ confidence }) => confidence !== 'low');
  return [...new Set(sure.map(({ title }) => title))];
}

/** The text with each secret in it blanked out. */
export function withoutSecrets(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { title, start, end } of findSecrets(text)) {
    parts.push(text.slice(at, start), `[${title} removed]`);
    at = end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(at);
}

/**
 * Text inside a string, as if it stood by itself: line ends and tabs in place of letters that would seem to begin a word, and quotes
 * as quotes. Every place stays where it is.
 */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text
        .replace(/\\[nrt]/g, ' \n')
        .replace(/\\(["'])(?=\w)/g, ' $1')
        .replace(/\\(["'])/g, '$1 ')
    : text;

/** What could be a secret at all: some three of a hundred characters of source text, in which to look for two hundred prefixes. */
const longWord = /(?<![\w.~:$+/-])(?=[A-Za-z.~:$+/]{0,300}[0-9_-])[\w.~:$+/-]{20,}/g;

function formatted(text: string): readonly Match[] {
  const found: Match[] = [];
  const places = { text, word: text.match(longWord)?.join('\n') ?? '' };
  for (const format of secretFormats) {
    const place = places[format.keywordsIn];
    if (!format.keywords.some((keyword) => place.includes(keyword))) continue;
    for (const match of text.matchAll(format.pattern)) {
      const secret = match[1] ?? match[0];
      if (isPlaceholder(secret) || format.accept?.(secret) === false) continue;
      const start = match.index + match[0].lastIndexOf(secret);
      found.push({
        format,
        start,
        end: start + secret.length,
        confidence: format.confidence,
        shown: format.keywords.find((keyword) => secret.startsWith(keyword)) ?? '',
      });
    }
  }
  return found;
}

/** Of matches that overlap, the one that the more telling rule found: those come first. */
function apart(matches: readonly Match[]): readonly Match[] {
  const ranked = matches.map((match, rank) => ({ match, rank }));
  ranked.sort((a, b) => a.match.start - b.match.start || a.rank - b.rank);
  const kept: (typeof ranked)[number][] = [];
  for (const next of ranked) {
    const last = kept.at(-1);
    if (last === undefined || next.match.start >= last.match.end) kept.push(next);
    else if (next.rank < last.rank) kept[kept.length - 1] = next;
  }
  return kept.map(({ match }) => match);
}

function located(text: string, matches: readonly Match[]): readonly FoundSecret[] {
  let line = 1;
  let lineStart = 0;
  return matches.map(({ format, start, end, confidence, shown }) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < start;) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return {
      rule: format.id,
      title: format.title,
      line,
      column: start - lineStart + 1,
      excerpt: `${shown}… (${end - start} characters)`,
      confidence,
      start,
      end,
    };
  });
}
