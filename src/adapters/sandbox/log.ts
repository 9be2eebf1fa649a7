import { stripVTControlCharacters } from 'node:util';

const unit = '(?:ms|s|sec|secs|seconds?|m|min|minutes?|µs|us|ns)';
const amount = String.raw`\d+(?:[.,]\d+)?`;

/**
 * What differs between two runs of the same step and says nothing. Durations only where they are one for certain: "timed out after
 * 5000ms" is what somebody needs to know.
 */
const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?/g, '<time>'],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})? \d{4}\b/g,
    '<time>',
  ],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?\b/g, '<time>'],
  [/\b(duration_ms:?) \d+(?:\.\d+)?/g, '$1 0'],
  [new RegExp(String.raw`\(${amount} ?(${unit})\)`, 'g'), '(0$1)'],
  [new RegExp(String.raw`\[${amount} ?(${unit})\]`, 'g'), '[0$1]'],
  [
    new RegExp(
      String.raw`^(\s*(?:duration|elapsed|time|total time|real|user|sys)\b:?\s+)${amount} ?${unit}(?:[ \t]?${amount} ?${unit})*`,
      'gim',
    ),
    '$10s',
  ],
  [
    new RegExp(
      String.raw`\b((?:done|finished|built|compiled|completed|ran|added|removed|changed|passed|ready|transformed|took)\b[^\n]{0,80}?(?: in)? )${amount} ?(${unit})\b`,
      'gi',
    ),
    '$10$2',
  ],
  // As POSIX has `time -p` say it.
  [/^(real|user|sys) \d+\.\d+$/gm, '$1 0'],
  // Beside the name of a test that passed, as most runners print it.
  [new RegExp(String.raw`^(\s*[✓✔√][^\n]*? )${amount} ?(${unit})$`, 'gm'), '$10$2'],
  [/\((node|deno|bun):\d+\)/g, '($1:<pid>)'],
  [/\b(pid|process)([ :=#]{1,2})\d+\b/gi, '$1$2<pid>'],
  // From those that the system gives away; others were chosen, and say something.
  [
    /\b(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|port):?( ?)(?:3[2-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b/gi,
    '$1:$2<port>',
  ],
  // As mkdtemp (six), mktemp (ten) and Python (eight) make them.
  [
    /\/tmp\/(?:[\w.-]*[-_.][A-Za-z0-9]{6}|[\w.-]*\.[A-Za-z0-9]{10}|tmp\w{8})(?![\w.-])/g,
    '/tmp/<temp>',
  ],
  [/\btmp\.[A-Za-z0-9]{10}\b/g, '<temp>'],
  [/\b0x[0-9a-f]{8,16}\b/gi, '<address>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/gi, '<uuid>'],
];

/** Makes two runs of the same step read the same, so that logs compare and tapes replay. Cuts in the middle: faults stand at the end. */
export function normaliseLog(
  raw: string,
  options: { readonly paths: Readonly<Record<string, string>>; readonly cap: number },
): { readonly text: string; readonly truncated: boolean } {
  let text = stripVTControlCharacters(raw).replace(/\r\n?/g, '\n');
  for (const [path, name] of Object.entries(options.paths)) {
    text = text.replace(wholePath(path), () => name);
  }
  for (const [pattern, replacement] of rules) text = text.replace(pattern, replacement);
  text = text.trimEnd();
  if (text.length <= options.cap) return { text, truncated: false };
  const half = Math.floor(options.cap / 2);
  const missing = text.length - 2 * half;
  return {
    text: `${text.slice(0, half)}\n[cut: ${missing} characters]\n${text.slice(-half)}`,
    truncated: true,
  };
}

/** Not where it is the beginning of another name: `/workspace` is no part of `/workspaces`. */
const wholePath = (path: string): RegExp =>
  new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w-])`, 'g');
