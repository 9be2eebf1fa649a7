import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/ledger/canonical-json.ts';
import { afterValue, NOT } from '../../../src/domain/ledger/canonical-scan.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether all of it is known as canonical JSON by its bytes. */
const isKnown = (bytes: Uint8Array): boolean => afterValue(bytes, 0) === bytes.length;

/** Whether it is, by parsing it and writing it anew. */
const isCanonical = (bytes: Uint8Array): boolean => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false;
  }
};

/** Strings are known by their bytes: what is no UTF-8 is found by whoever decodes them. */
const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) !== '';
  } catch {
    return false;
  }
};

/** Whether it holds what is left to writing it anew: a key that is not plain ASCII, an escape of four digits. */
const isRare = (value: unknown): boolean => {
  if (typeof value === 'string') return JSON.stringify(value).includes(String.raw`\u`);
  if (typeof value !== 'object' || value === null) return false;
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return (
    keys.some((key) => !/^[ !#-[\]-~]*$/.test(key)) ||
    Object.values(value).some((one) => isRare(one))
  );
};

describe('canonical JSON, known by its bytes', () => {
  it.each([
    'null',
    'true',
    'false',
    '0',
    '-1',
    '123456789012345',
    '9007199254740991',
    '0.02',
    '-1.5',
    '1e+21',
    '1e-7',
    '5e-324',
    '""',
    '"\\"\\\\\\b\\f\\n\\r\\t/"',
    '"é \u2028 日 😀 \u007f"',
    '[]',
    '{}',
    '[1,[2,{}],"a"]',
    '{"":0," ":1,"!":2,"10":3,"9":4,"a":{"b":[]},"aa":5,"ab":6}',
    `${'['.repeat(64)}${']'.repeat(64)}`,
  ])('is %s', (text) => {
    expect(isCanonical(bytesOf(text))).toBe(true);
    expect(isKnown(bytesOf(text))).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a space', '{"a": 1}'],
    ['a space behind it', '1 '],
    ['two values', '1,2'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['keys out of order further in', '{"a":[{"d":1,"c":2}]}'],
    ['a longer key before its beginning', '{"aa":1,"a":2}'],
    ['a key with a space behind it before the key', '{"a ":1,"a":2}'],
    ['a key given twice', '{"a":1,"a":1}'],
    ['a key given twice, once escaped', '{"a":1,"\\u0061":1}'],
    ['no key', '{1:2}'],
    ['no colon', '{"a" 1}'],
    ['a comma too many', '{"a":1,}'],
    ['a comma too many in a list', '[1,]'],
    ['a comma too few', '[1 2]'],
    ['an end too few', '[[1]'],
    ['another end', '[1}'],
    ['half a word', 'tru'],
    ['a word of no meaning', 'nul1'],
    ['a number written longer', '1.0'],
    ['a number with a zero before it', '01'],
    ['a number of zeros', '00'],
    ['a plus before a number', '+1'],
    ['a number with a point at its end', '1.'],
    ['a number with a point at its start', '.5'],
    ['zero below zero', '-0'],
    ['a minus alone', '-'],
    ['an exponent that need not be', '1e2'],
    ['an exponent without its sign', '1e21'],
    ['a number beyond all doubles', '1e400'],
    ['more digits than a double holds', '9007199254740993'],
    ['more digits than a double needs', '0.30000000000000004441'],
    ['an escape that need not be', '"\\u0041"'],
    ['an escaped slash', '"\\/"'],
    ['an escape of another length', '"\\u000a"'],
    ['an escape in upper case', '"\\u000F"'],
    ['an escaped quote at its end', '"\\"'],
    ['a control character', '"\n"'],
    ['half a surrogate pair', '"\\ud800"'],
    ['a byte order mark', '\uFEFF1'],
  ])('is never %s', (_what, text) => {
    expect(isCanonical(bytesOf(text))).toBe(false);
    expect(isKnown(bytesOf(text))).toBe(false);
  });

  it.each([
    ['a key beyond ASCII, whose order bytes do not tell', '{"é":1}'],
    ['a control character of four digits', '"\\u0001"'],
    ['nesting beyond all that is written', `${'['.repeat(65)}${']'.repeat(65)}`],
  ])('is left to writing it anew with %s', (_what, text) => {
    expect(isCanonical(bytesOf(text))).toBe(true);
    expect(isKnown(bytesOf(text))).toBe(false);
  });

  it('is known wherever it is written, but for what is left to writing it anew', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(isKnown(bytesOf(canonicalJson(plain)))).toBe(!isRare(plain));
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });

  it('is never known in what is written otherwise, whichever byte is another, twice there or gone', () => {
    const text = canonicalJson({
      '!': [true, false, null],
      a: { b: 'x\\"\n😀', 'b ': -0.5, ba: [1e21, 1e-7, 12, 0] },
      aa: [[], {}, ''],
    });
    const bytes = bytesOf(text);
    const others = [...bytesOf(' "\\/0a1-+.eu{}[],:\n'), 0x7f, 0x80, 0xc3, 0xff];
    let known = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      for (const middle of [[], ...others.flatMap((byte) => [[byte], [bytes[at] ?? 0, byte]])]) {
        const changed = Uint8Array.from([...before, ...middle, ...after]);
        if (!isKnown(changed) || !isUtf8(changed)) continue;
        known += 1;
        if (!isCanonical(changed)) expect.fail(new TextDecoder().decode(changed));
      }
    }
    // Another letter in a string, another digit: most of these are canonical as well.
    expect(known).toBeGreaterThan(100);
  });

  it('is not at the place that says so', () => {
    expect(afterValue(bytesOf('1'), NOT)).toBe(NOT);
  });
});
