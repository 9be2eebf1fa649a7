import type { Match } from './found.ts';

const header = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const footer = '-----END ';

const bodyWindow = 1_000;
const longestKey = 20_000;

/** A key's body is this long at least; the shorter one is still shown, as a key cut short is. */
const wholeBody = 40;
const shortBody = 8;

/**
 * Private keys in PEM and OpenPGP form, as they stand in files, in JSON and YAML strings, and in source text line by line. A header
 * alone is what every parser of keys holds, so it counts only where the text ends with it: a line looked at by itself.
 */
export function privateKeys(text: string): readonly Match[] {
  if (!text.includes('PRIVATE KEY')) return [];
  const found: Match[] = [];
  for (const match of text.matchAll(header)) {
    const after = match.index + match[0].length;
    const confidence = bodyConfidence(text.slice(after, after + bodyWindow));
    if (confidence === null) continue;
    found.push({
      format: { id: 'private-key', title: 'Private key' },
      start: match.index,
      end: endOf(text, after),
      confidence,
      shown: '',
    });
  }
  return found;
}

/** The header's line ends, in whatever the key is written in; or the body follows at once. */
const lineEnd = /^["'`]?[ \t]{0,8}[+,\\]?[ \t]{0,8}(?:\\[nr]|\r?\n)|^(?=[A-Za-z0-9+/])/;

function bodyConfidence(following: string): Match['confidence'] | null {
  if (/^[\s"'`]{0,8}$/.test(following)) return 'medium';
  if (!lineEnd.test(following)) return null;
  const plain = following
    .replace(/\\[nrt]/g, '\n')
    .replace(/^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):.{0,200}$/gm, '')
    .replace(/[\s"'`+,\\|>#*]/g, '');
  const body = /^[A-Za-z0-9/=]{0,200}/.exec(plain)?.[0] ?? '';
  if (/^(.)\1*$/.test(body) || /^(?:your|example|key|private)/i.test(body)) return null;
  if (body.length >= wholeBody && /[0-9A-Z]/.test(body)) return 'high';
  return body.length >= shortBody && /^(?:MI|b3Bl|l[IQO])|[0-9]/.test(body.slice(0, wholeBody))
    ? 'medium'
    : null;
}

/** Looked for nearby only: headers without an end would each search the rest of the text. */
function endOf(text: string, after: number): number {
  const near = text.slice(after, after + longestKey);
  const foot = near.indexOf(footer);
  if (foot === -1) return after;
  const close = near.indexOf('-----', foot + footer.length);
  return after + (close === -1 || close - foot > 100 ? foot : close + 5);
}
