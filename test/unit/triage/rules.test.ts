import { describe, expect, it } from 'vitest';
import { triageByRules } from '../../../src/domain/triage/by-rules.ts';
import { createIssueIndex, type KnownIssue } from '../../../src/domain/triage/issue-index.ts';
import { typeByWords } from '../../../src/domain/triage/issue-type.ts';
import { kindOf, knownLabels } from '../../../src/domain/triage/label-kinds.ts';
import { guessLabels, proposedLabels } from '../../../src/domain/triage/labels.ts';
import { missingInformation } from '../../../src/domain/triage/missing.ts';

const nothing = { type: [], priority: [], area: [] };

describe('what a label says', () => {
  it.for([
    ['bug', 'type', 'bug'],
    ['kind/bug', 'type', 'bug'],
    ['type: enhancement', 'type', 'feature'],
    ['C-docs', 'type', 'documentation'],
    ['priority: high', 'priority', null],
    ['P1', 'priority', null],
    ['size/XL', 'size', null],
    ['Effort Medium', 'size', null],
    ['area: ledger', 'area', null],
    ['IO CSV', 'area', null],
  ] as const)('%s is of the kind %s', ([label, kind, type]) => {
    expect(kindOf(label)).toEqual({ name: label, kind, type });
  });

  it.for([
    'assent:approve',
    'duplicate',
    '*duplicate',
    "won't fix",
    'good first issue',
    'help wanted',
    'needs more info',
    'lifecycle/rotten',
    'status: in progress',
    'Closing Candidate',
  ])('%s is what people decide, and is never proposed', (label) => {
    expect(kindOf(label)).toBeNull();
    expect(knownLabels([label], nothing)).toEqual([]);
  });

  it('where the configuration names labels of a kind, those are the kind, and only as far as they exist', () => {
    const labels = knownLabels(['bug', 'defect', 'area: core'], {
      ...nothing,
      type: ['Defect', 'chore'],
    });
    expect(labels.map(({ name }) => name)).toEqual(['defect', 'area: core']);
  });
});

const past = (): KnownIssue[] =>
  Array.from({ length: 12 }, (_, at) => {
    const isParser = at % 2 === 0;
    return {
      number: at + 1,
      title: isParser
        ? `Parser fails on quoted commas ${at}`
        : `Add a dark theme to the page ${at}`,
      body: isParser ? 'It throws on a quoted comma.' : 'A dark theme would be kind to the eyes.',
      labels: isParser ? ['bug', 'area: parser', 'duplicate'] : ['enhancement'],
    };
  });
const labels = knownLabels(
  ['bug', 'enhancement', 'area: parser', 'area: page', 'priority: high', 'duplicate'],
  nothing,
);
const report = { number: 50, title: 'Parser crashes on a comma in quotes', body: 'It throws.' };

describe('labels are learnt from the issues there are', () => {
  it('what issues like it carry is proposed, with those that say so', () => {
    const guesses = proposedLabels(guessLabels(createIssueIndex(past()), report, labels));
    expect(guesses.map(({ label }) => label).toSorted()).toEqual(['area: parser', 'bug']);
    expect(guesses[0]?.like).toHaveLength(3);
  });

  it.for([
    ['there is no past', [], report],
    ['two examples are no rule', past().slice(0, 4), report],
    ['nothing like it was there', past(), { number: 50, title: 'Zebra', body: '' }],
    ['nobody labelled them', past().map((one) => ({ ...one, labels: [] })), report],
  ] as const)('and nothing where %s', ([, issues, subject]) => {
    expect(proposedLabels(guessLabels(createIssueIndex(issues), subject, labels))).toEqual([]);
  });

  it('an issue says nothing of itself', () => {
    const index = createIssueIndex([
      ...past(),
      { ...report, title: 'Zebra', body: 'Zebra', labels: ['area: page'] },
    ]);
    const guesses = guessLabels(index, { ...report, title: 'Zebra', body: 'Zebra' }, labels);
    expect(guesses).toEqual([]);
  });
});

describe('a title that says what it is', () => {
  it.for([
    ['BUG: lid is loose', 'bug'],
    ['[Feature request] A bigger lid', 'feature'],
    ['Add a lid', 'feature'],
    ['DOC: typo in lid.md', 'documentation'],
    ['How do I open the lid?', 'question'],
    ['chore: new lids', 'maintenance'],
    ['The lid', null],
  ] as const)('%s: %s', ([title, type]) => {
    expect(typeByWords({ title, body: '' })).toBe(type);
  });
});

describe('questions are asked only where there is nothing to go by', () => {
  const bug = 'The lid falls off';
  it.for([
    ['nothing at all', 'help', '', /What is it about/],
    [
      'a form nobody filled',
      'help',
      '### What happened?\n\n_No response_\n\n- [ ] I searched',
      /What is it about/,
    ],
    ['a bug without a word on how', bug, 'It just falls off.', /How can it be seen/],
    [
      'an empty place for the version',
      bug,
      '### Steps\n\n1. Open the lid\n2. Let go\n\n### Version\n\n_No response_',
      /Which version/,
    ],
  ] as const)('%s', ([, title, body, question]) => {
    expect(missingInformation({ title, body }, 'bug')).toContainEqual(
      expect.stringMatching(question),
    );
  });

  it.for([
    ['a bug with steps', bug, '1. Open it\n2. Let go', 'bug'],
    ['a bug with an example', bug, '```\nlid.open()\n```', 'bug'],
    [
      'a bug told at length',
      bug,
      'When I turn the jar upside down the lid does not hold and all the pickles fall on my kitchen floor.',
      'bug',
    ],
    ['a wish in a sentence', 'A lid that locks would be good', 'Please.', 'feature'],
  ] as const)('not of %s', ([, title, body, type]) => {
    expect(missingInformation({ title, body }, type)).toEqual([]);
  });
});

describe('triage by rules alone', () => {
  const input = { issue: { ...report, labels: [] }, labels, guesses: [], similar: [], asked: [] };

  it('says what it does not know, and makes nothing up', () => {
    expect(triageByRules(input)).toMatchObject({
      by: 'rules',
      type: 'bug',
      labels: [{ label: 'bug', confidence: 0.6, like: [] }],
      unknown: ['area', 'priority'],
      priority: null,
      size: null,
      comment: null,
    });
  });

  it('leaves what people chose', () => {
    const issue = { ...report, labels: ['enhancement'] };
    expect(triageByRules({ ...input, issue })).toMatchObject({ type: 'feature', labels: [] });
  });

  it('asks nothing a second time', () => {
    const issue = { number: 5, title: 'help', body: '', labels: [] };
    const asked = triageByRules({ ...input, issue }).asked;
    expect(asked).toHaveLength(1);
    expect(triageByRules({ ...input, issue, asked }).asked).toEqual(asked);
  });
});
