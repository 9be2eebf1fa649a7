import { stripVTControlCharacters } from 'node:util';

/** Makes two runs of the same step read the same, so that logs compare and tapes replay. Cuts in the middle: faults stand at the end. */
export function normaliseLog(
  raw: string,
  options: { readonly paths: Readonly<Record<string, string>>; readonly cap: number },
): { readonly text: string; readonly truncated: boolean } {
  let text = stripVTControlCharacters(raw).replace(/\r\n?/g, '\n');
  for (const [path, name] of Object.entries(options.paths)) text = text.replaceAll(path, name);
  text = text
    .replace(/\b(duration_ms:?) \d+(?:\.\d+)?/g, '$1 0')
    .replace(/\(\d+(?:\.\d+)?(m?s)\)/g, '(0$1)')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>')
    .trimEnd();
  if (text.length <= options.cap) return { text, truncated: false };
  const half = Math.floor(options.cap / 2);
  const missing = text.length - 2 * half;
  return {
    text: `${text.slice(0, half)}\n[cut: ${missing} characters]\n${text.slice(-half)}`,
    truncated: true,
  };
}
