import { findSecrets } from '../../domain/secrets/find.ts';

const censor = '[redacted]';
/** Shorter ones would blank out words that are none. */
const shortest = 8;

/**
 * Takes known secrets out of a line, in every form a header, an address or a dump gives them, and tokens that nobody knew before
 * (an installation's are made while we run) by their issuer's form.
 */
export function createRedactor(secrets: readonly string[]): (line: string) => string {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf))]
    // The longest first: what holds another is gone before its part is looked for.
    .toSorted((a, b) => b.length - a.length);
  return (line) => {
    let plain = line;
    for (const form of forms) if (plain.includes(form)) plain = plain.replaceAll(form, censor);
    return withoutTokens(plain);
  };
}

function withoutTokens(line: string): string {
  let plain = line;
  for (const { start, end, confidence } of findSecrets(line).toReversed())
    if (confidence === 'high') plain = plain.slice(0, start) + censor + plain.slice(end);
  return plain;
}

/** As it is, inside JSON, in an address, in hexadecimal, in base64. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((before) => inBase64(bytes, before)),
  ].filter((form) => form.length >= shortest);
}

/** Base64 of a longer text that holds it after `before` bytes more than a multiple of three: the part that the secret alone decides. */
function inBase64(bytes: Buffer, before: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const ownStart = Math.ceil((before * 8) / 6);
  const ownEnd = Math.floor(((before + bytes.length) * 8) / 6);
  const own = encoded.slice(ownStart, ownEnd);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
