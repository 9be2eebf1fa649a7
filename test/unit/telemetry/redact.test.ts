import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/telemetry/log.ts';
import { createRedactor } from '../../../src/adapters/telemetry/redact.ts';
import { filledSamples } from '../../support/secret-samples.ts';

const secret = 'a/b+ü "quoted"\nand a second line';
const redacted = createRedactor([secret]);

describe('a known secret is taken out of a line', () => {
  it.for([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in an address', `https://x.org/?token=${encodeURIComponent(secret)}&y=1`],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in hexadecimal, in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
  ] as const)('%s', ([, line]) => {
    const plain = redacted(`before ${line} after`);
    expect(plain).toMatch(/^before .*\[redacted\].* after$/s);
    expect(plain).not.toContain('quoted');
    expect(plain).not.toContain(Buffer.from('quoted').toString('hex'));
  });

  it('in base64, whatever stands before and after it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom<BufferEncoding[]>('base64', 'base64url'),
        (before, after, form) => {
          const plain = redacted(Buffer.from(before + secret + after).toString(form));
          // What its neighbours share a character with may stay: a byte at each end.
          const left = Buffer.from(plain.replace('[redacted]', ''), form).toString('latin1');
          expect(plain).toContain('[redacted]');
          expect(left).not.toContain('quoted');
        },
      ),
    );
  });

  it('and a short one is left, since it would blank out words', () => {
    expect(createRedactor(['abc'])('abc of abc')).toBe('abc of abc');
  });
});

describe('a line of the log', () => {
  const lines: string[] = [];
  const log = createLog('info', ['s3cret-of-the-webhook'], { write: (line) => lines.push(line) });

  it('holds neither a known secret nor a token made since, in a message, an object or an error', () => {
    const [token = ''] = filledSamples('github-app-token', 5);
    log.info(
      { url: `https://x-access-token:${token}@github.com/a/b` },
      'key s3cret-of-the-webhook',
    );
    log.error({ err: new Error(`push with ${token} failed`) }, 'failed');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(/s3cret|ghs_/);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'key [redacted]', url: 'https://x-access-token:[redacted]@github.com/a/b' },
      { msg: 'failed' },
    ]);
  });
});
