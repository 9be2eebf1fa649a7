import { RE2JS } from '@bufbuild/re2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includes, shortestText } from '../../../src/adapters/proof/automaton.ts';
import { holding, lengths, matching, type Fold } from '../../../src/adapters/proof/language.ts';
import { Unmodelled } from '../../../src/adapters/proof/unmodelled.ts';

const pieces = [
  'a',
  'b',
  'k',
  '.',
  '/',
  '^',
  '$',
  '|',
  '(',
  ')',
  '(?:',
  '*',
  '+',
  '?',
  '[a-c]',
  '[^a/]',
  String.raw`\.`,
  String.raw`\d`,
  String.raw`\W`,
  '{2}',
  '{1,3}',
  '{2,}',
  'K',
  'é',
];
const pattern = fc
  .tuple(
    fc.constantFrom('', '(?i)', '(?s)'),
    fc.array(fc.constantFrom(...pieces), { maxLength: 7 }),
  )
  .map(([flags, parts]) => `${flags}${parts.join('')}`)
  .filter((source) => {
    try {
      return RE2JS.compile(source) instanceof RE2JS;
    } catch {
      return false;
    }
  });
const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'k', 'K', 'A', '.', '/', '\n', '1', 'é', 'É', 'K', '😀'),
  maxLength: 6,
});
const fold = fc.constantFrom<Fold>('none', 'lower', 'upper');

const changed = (text: string, how: Fold) =>
  how === 'lower'
    ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : how === 'upper'
      ? text.replace(/[a-z]/g, (letter) => letter.toUpperCase())
      : text;

/** Null where the pattern is beyond the model. */
function modelOf(source: string, how: Fold) {
  try {
    return matching(source, how);
  } catch (error) {
    if (error instanceof Unmodelled) return null;
    throw error;
  }
}

describe('a pattern as a language', () => {
  it('holds the texts in which RE2 finds the pattern, their case changed or not', () => {
    let modelled = 0;
    fc.assert(
      fc.property(
        pattern,
        fold,
        fc.array(word, { minLength: 6, maxLength: 6 }),
        (source, how, words) => {
          const language = modelOf(source, how);
          if (language === null) return;
          modelled += 1;
          for (const each of words)
            expect(includes(language, each), `${how} ${source} in ${JSON.stringify(each)}`).toBe(
              RE2JS.compile(source).test(changed(each, how)),
            );
        },
      ),
      { numRuns: 400 },
    );
    expect(modelled).toBeGreaterThan(250);
  });

  it('gives texts of the lengths it says', () => {
    fc.assert(
      fc.property(pattern, word, (source, text) => {
        const language = modelOf(source, 'none');
        if (language === null || !includes(language, text)) return;
        const [least, most] = lengths(language.pattern);
        expect(Array.from(text).length).toBeGreaterThanOrEqual(least);
        expect(Array.from(text).length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '(^|/)name$',
    String.raw`^(policies|\.github)/`,
    '(?i)readme',
    'a|^b|c$',
    '^$',
    String.raw`\.(md|txt)$`,
  ])('%s is modelled', (source) => {
    expect(modelOf(source, 'lower')).not.toBeNull();
  });

  it.each([String.raw`\bword`, String.raw`\p{L}`, '[[:alpha:]]', '(^a)*', '(?m)^a', '(?i)é'])(
    '%s is not, and says so',
    (source) => {
      expect(() => matching(source, 'none')).toThrow(Unmodelled);
    },
  );
});

describe('a text that is wanted', () => {
  it('is in and out of the languages it has to be', () => {
    const side = fc.record({ source: pattern, how: fold, within: fc.boolean() });
    fc.assert(
      fc.property(fc.array(side, { maxLength: 3 }), (wanted) => {
        const sides = wanted.flatMap(({ source, how, within }) => {
          const language = modelOf(source, how);
          return language === null ? [] : [{ language, within }];
        });
        const text = shortestText({ sides, length: null }, new Set());
        if (text == null) return;
        for (const { language, within } of sides) expect(includes(language, text)).toBe(within);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, readonly [string, boolean][], number | null, string | null]>([
    [
      'begins as it must, and ends so',
      [
        ['^docs/', true],
        [String.raw`\.md$`, true],
      ],
      null,
      'docs/.md',
    ],
    ['is as long as it must', [['^a', true]], 4, 'axxx'],
    [
      'is not to be had where two beginnings are asked for',
      [
        ['^a/', true],
        ['^b/', true],
      ],
      null,
      null,
    ],
    [
      'nor where one includes the other',
      [
        ['^src/', true],
        ['^s', false],
      ],
      null,
      null,
    ],
    ['nor at a length its pattern has not', [['^a{2,3}$', true]], 5, null],
  ])('%s', (_rule, sides, length, expected) => {
    const wanted = sides.map(([source, within]) => ({
      language: matching(source, 'none'),
      within,
    }));
    expect(shortestText({ sides: wanted, length }, new Set())).toBe(expected);
  });

  it('is another one where that is taken', () => {
    const sides = [{ language: matching('^[ab]$', 'none'), within: true }];
    expect(shortestText({ sides, length: null }, new Set())).toBe('a');
    expect(shortestText({ sides, length: null }, new Set(['a']))).toBe('b');
    expect(shortestText({ sides, length: null }, new Set(['a', 'b']))).toBeNull();
    expect(includes(holding('is', 'A', 'lower'), 'a')).toBe(false);
  });
});
