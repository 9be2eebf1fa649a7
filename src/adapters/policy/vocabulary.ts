import { nearest } from '../../domain/nearest.ts';

/** The known word that an unknown one is most likely a slip of; null for known words and for ones of their own. */
export function misspelt(word: string, known: readonly string[]): string | null {
  if (known.includes(word)) return null;
  const near = nearest(word, known);
  // `reviewer-2` is a second reviewer, not a slip.
  if (near !== null && word.startsWith(near) && /^[-_\d]/.test(word.slice(near.length)))
    return null;
  // `nearest` is generous, for people read its advice; here it refuses a file, so the slip must be a small one.
  return near !== null && Math.abs(near.length - word.length) <= 2 && sharesMost(word, near)
    ? near
    : null;
}

function sharesMost(word: string, near: string): boolean {
  let start = 0;
  while (start < word.length && word[start] === near[start]) start += 1;
  let end = 0;
  while (
    end < word.length - start &&
    end < near.length - start &&
    word.at(-1 - end) === near.at(-1 - end)
  )
    end += 1;
  return Math.max(word.length, near.length) - start - end <= 2;
}
