import { createPrivateKey } from 'node:crypto';

export interface KeyFile {
  /** The permission bits, as in `stat`. */
  readonly mode: number;
  readonly text: string;
}

/** A key as environments carry it: with `\n` for line ends, or in base64. */
export function normalisedKey(text: string): string {
  const unescaped = text.trim().replaceAll(String.raw`\n`, '\n');
  if (unescaped.startsWith('-----BEGIN')) return `${unescaped}\n`;
  const decoded = Buffer.from(unescaped, 'base64').toString('utf8').trim();
  return decoded.startsWith('-----BEGIN') ? `${decoded}\n` : unescaped;
}

/** Why a text is no key GitHub would take, or null. */
export function keyFault(key: string): string | null {
  try {
    const { asymmetricKeyType: kind } = createPrivateKey(key);
    return kind === 'rsa' ? null : `holds a key of kind ${kind}; GitHub Apps sign with RSA`;
  } catch {
    return 'holds no private key in PEM form (-----BEGIN RSA PRIVATE KEY-----): download it again from the page of the GitHub App';
  }
}
