/**
 * Text that was UTF-8 and was read as a Windows code page, then saved: `✅` became `âœ…`. Three of five public roadmaps we
 * began with carry it. We never repair it unasked (a repaired line is a changed line); we read it and write more of the same.
 */
export type TextEncoding = 'utf-8' | 'windows-1252' | 'windows-1254';

/** 0x80 to 0x9F of Windows-1252; the five bytes it leaves open stay control characters. */
const upperControls = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/** Where Windows-1254 (Turkish) differs from Windows-1252. */
const turkish: ReadonlyMap<number, string> = new Map([
  [0xd0, 'Ğ'],
  [0xdd, 'İ'],
  [0xde, 'Ş'],
  [0xf0, 'ğ'],
  [0xfd, 'ı'],
  [0xfe, 'ş'],
  [0x8e, '\u008E'],
  [0x9e, '\u009E'],
]);

/** What the text looks like after its UTF-8 bytes were read in that encoding. */
export function asRead(text: string, encoding: TextEncoding): string {
  if (encoding === 'utf-8') return text;
  return utf8Bytes(text)
    .map((byte) => characterOf(byte, encoding))
    .join('');
}

function characterOf(byte: number, encoding: TextEncoding): string {
  const special = encoding === 'windows-1254' ? turkish.get(byte) : undefined;
  if (special !== undefined) return special;
  if (byte >= 0x80 && byte <= 0x9f) return upperControls.charAt(byte - 0x80);
  return String.fromCodePoint(byte);
}

function utf8Bytes(text: string): number[] {
  const escaped = encodeURIComponent(text);
  return [...escaped.matchAll(/%([0-9A-F]{2})|([^%])/g)].map(([, hex, plain]) =>
    hex === undefined ? (plain ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
  );
}
