/**
 * An issue's text as words to compare by. What carries no meaning of its own is taken out first: the template's comments,
 * pictures, addresses and hashes.
 */

const stopWords = new Set(
  (
    'a an and any are as at be been but by can could do does for from get had has have how i if in into is it its just me my no ' +
    'not of on or our out please see should so some that the their them then there they this to us was we were what when which ' +
    'while who why will with would you your'
  ).split(' '),
);

/** Enough for any report; a pasted log must not cost a second. */
export const MAX_WORDS = 400;
const MAX_CHARACTERS = 20_000;
const MAX_WORD = 40;

const noise = [
  /<!--[\s\S]*?(?:-->|$)/g,
  /!\[[^\]\n]*\]\([^)\n]*\)/g,
  /<img\b[^>]*>/gi,
  /\bhttps?:\/\/\S+/gi,
  /\b[0-9a-f]{7,64}\b/gi,
  /<\/?[a-z][^>\n]*>/gi,
] as const;

/** In order of the text, with repetitions; at most `MAX_WORDS`. */
export function wordsOf(text: string): readonly string[] {
  let plain = text.slice(0, MAX_CHARACTERS);
  for (const pattern of noise) plain = plain.replace(pattern, ' ');
  const words: string[] = [];
  for (const [found] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const part of parts(found)) {
      if (words.length === MAX_WORDS) return words;
      words.push(part);
    }
  }
  return words;
}

/** A name such as `readCsv` is itself and its parts: people write it either way. */
function parts(found: string): readonly string[] {
  const pieces = found.split(/(?<=\p{Ll})(?=\p{Lu})/u);
  const whole = pieces.length > 1 ? [found, ...pieces] : pieces;
  return whole.map((piece) => piece.toLowerCase()).flatMap((word) => stemmed(word) ?? []);
}

function stemmed(word: string): string | null {
  if (word.length < 2 || word.length > MAX_WORD || stopWords.has(word) || /^\d{5,}$/.test(word)) {
    return null;
  }
  if (word.length <= 4) return word;
  return word.replace(/(?:ies|ing|ed|es|s)$/, '');
}
