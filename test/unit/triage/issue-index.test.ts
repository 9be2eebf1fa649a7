import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIssueIndex, type KnownIssue } from '../../../src/domain/triage/issue-index.ts';
import { MAX_WORDS, wordsOf } from '../../../src/domain/triage/words.ts';

const known = (number: number, title: string, body = '', labels: string[] = []): KnownIssue => ({
  number,
  title,
  body,
  labels,
});
const all = { limit: 10, least: 0.01 };

describe('the words of a text', () => {
  it.for([
    ['without stop words and endings', 'The widgets are squeaking', ['widget', 'squeak']],
    ['a name and its parts', 'readCsv fails', ['readcsv', 'read', 'csv', 'fail']],
    [
      'without addresses, pictures, hashes and tags',
      '<b>lid</b> https://x.example/lid ![lid](y) 0123abcdef',
      ['lid'],
    ],
    ['without what a template says to its author', '<!-- Tell us your version --> lid', ['lid']],
    ['in other scripts', '窓 окно', ['окно']],
  ] as const)('%s', ([, text, words]) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are bounded, whatever was pasted', () => {
    expect(wordsOf('lid jar '.repeat(100_000)).length).toBe(MAX_WORDS);
    expect(wordsOf('<!--'.repeat(50_000))).toEqual([]);
  });
});

describe('issues that read alike', () => {
  const csv = known(
    1,
    'Commas inside quotes split the cell',
    'parseCsv splits quoted fields at commas: "London, UK"',
  );
  const markdown = known(2, 'Print Markdown tables', 'A function renderMarkdown.');
  const asked = {
    title: 'Quoted CSV fields are split at commas',
    body: 'parseCsv splits "London, UK" into two cells.',
  };

  it('the same text is fully similar, another is not at all', () => {
    const index = createIssueIndex([markdown, known(3, asked.title, asked.body)]);
    expect(index.similar(asked, all)).toEqual([{ number: 3, similarity: 1 }]);
  });

  it('the same matter in other words is found, and most alike comes first', () => {
    const index = createIssueIndex([markdown, known(9, 'Fields'), csv]);
    expect(index.similar(asked, all).map(({ number }) => number)).toEqual([1, 9]);
  });

  it.for([
    ['an issue without words is like nothing', { title: '', body: '' }, {}, []],
    ['a later issue is no original', asked, { before: 1 }, []],
    ['an issue is not compared with itself', asked, { except: 1 }, []],
    ['less alike than asked for is left out', asked, { least: 0.99 }, []],
  ] as const)('%s', ([, subject, options, found]) => {
    expect(createIssueIndex([csv]).similar(subject, { ...all, ...options })).toEqual(found);
  });

  it('an edited issue is found by what it says now', () => {
    const index = createIssueIndex([csv]);
    index.put(known(1, 'Print Markdown tables'));
    expect(index.similar(asked, all)).toEqual([]);
    expect(index.similar({ title: 'Markdown', body: '' }, all)).toMatchObject([{ number: 1 }]);
    expect(index.size).toBe(1);
  });

  it('a thousand edits leave the answers of an index that never saw the old texts', () => {
    const edited = createIssueIndex([markdown]);
    for (let time = 0; time < 2_500; time += 1) edited.put(known(1, `Lid ${time % 7} jar`));
    edited.put(csv);
    expect(edited.similar(asked, all)).toEqual(
      createIssueIndex([markdown, csv]).similar(asked, all),
    );
  });

  it('law: similarity is between 0 and 1, whatever was written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { maxLength: 6 }),
        text,
        text,
        (others, title, body) => {
          const index = createIssueIndex(others.map(([t, b], at) => known(at + 1, t, b)));
          for (const { similarity } of index.similar({ title, body }, all)) {
            expect(similarity).toBeGreaterThanOrEqual(0);
            expect(similarity).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
