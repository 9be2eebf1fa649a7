/** Shannon's, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const kindOf = (character: string): number => {
  if (character >= 'a' && character <= 'z') return 0;
  if (character >= 'A' && character <= 'Z') return 1;
  return character >= '0' && character <= '9' ? 2 : 3;
};

/** How often the kind of character (lower, upper, digit, other) changes from one to the next: 0 to 1. Words change rarely. */
function restlessness(text: string): number {
  let changes = 0;
  for (let at = 1; at < text.length; at += 1)
    if (kindOf(text[at] ?? '') !== kindOf(text[at - 1] ?? '')) changes += 1;
  return text.length < 2 ? 0 : changes / (text.length - 1);
}

const minimumLength = 16;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);

/**
 * Whether a machine made it. Entropy alone takes a long identifier for a key: words are told by how rarely their characters
 * change their kind, and by holding no digit.
 */
export function looksRandom(text: string): boolean {
  if (text.length < minimumLength || !/[0-9]/.test(text) || !/[A-Za-z]/.test(text)) return false;
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 20 && entropy(text) >= 3;
  // What joins words changes the kind twice and tells nothing.
  return entropy(text) >= 3.4 && restlessness(text.replace(/[_-]/g, '')) >= 0.24;
}
