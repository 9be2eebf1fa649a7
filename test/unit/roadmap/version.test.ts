import { describe, expect, it } from 'vitest';
import { breaksIn, type MergedChange } from '../../../src/domain/changelog/classify.ts';
import { compareVersions, nextVersion, parseVersion } from '../../../src/domain/roadmap/version.ts';

const change = (
  title: string,
  labels: readonly string[] = [],
  more: Partial<Pick<MergedChange, 'subjects' | 'breaks'>> = {},
): MergedChange => ({ number: 1, title, labels, subjects: [], breaks: [], ...more });

const next = (current: string, ...changes: ReturnType<typeof change>[]) => {
  const result = nextVersion(current, changes);
  return result.ok ? result.value.to : result.refusal.code;
};

describe('the next version', () => {
  it.each([
    ['a fix is a patch', '1.2.3', [change('fix: keep the BOM')], '1.2.4'],
    ['a feature is a minor', '1.2.3', [change('feat(cli): add roadmap')], '1.3.0'],
    ['a ! is a major', '1.2.3', [change('feat!: drop Node 18')], '2.0.0'],
    ['a footer is a major', '1.2.3', [change('fix: x', [], { breaks: ['z'] })], '2.0.0'],
    ['a commit breaks', '1.2.3', [change('Merge it', [], { subjects: ['fix!: x'] })], '2.0.0'],
    [
      'commits speak where title and labels are silent',
      '1.2.3',
      [change('Add a page', [], { subjects: ['docs: a', 'feat: b', 'fix: c'] })],
      '1.3.0',
    ],
    [
      'the title speaks before the commits',
      '1.2.3',
      [change('fix: x', [], { subjects: ['feat: x'] })],
      '1.2.4',
    ],
    ['a label breaks where the title does not', '1.2.3', [change('fix: x', ['breaking'])], '2.0.0'],
    [
      'a label speaks where the title is plain',
      '1.2.3',
      [change('Add a page', ['type: feature'])],
      '1.3.0',
    ],
    ['a label outranks the title', '1.2.3', [change('feat: x', ['bug'])], '1.2.4'],
    ['also upwards', '1.2.3', [change('chore: x', ['enhancement'])], '1.3.0'],
    ['a label takes no break back', '1.2.3', [change('feat!: x', ['bug'])], '2.0.0'],
    ['that docs came along takes nothing', '1.2.3', [change('feat: x', ['docs'])], '1.3.0'],
    [
      'of several labels the largest counts',
      '1.2.3',
      [change('x', ['bug', 'enhancement'])],
      '1.3.0',
    ],
    [
      'the largest change counts',
      '1.2.3',
      [change('docs: a'), change('feat: b'), change('fix: c')],
      '1.3.0',
    ],
    [
      'docs and chores alone release nothing',
      '1.2.3',
      [change('docs: a'), change('chore(deps): b')],
      '1.2.3',
    ],
    ['a change nobody classed is a patch', '1.2.3', [change('Tidy up')], '1.2.4'],
    ['nothing merged, nothing released', '1.2.3', [], '1.2.3'],
    ['below 1.0.0 a break is a minor', '0.4.2', [change('feat!: x')], '0.5.0'],
    ['below 1.0.0 a feature is a minor', '0.4.2', [change('feat: x')], '0.5.0'],
    ['below 1.0.0 a fix is a patch', '0.4.2', [change('fix: x')], '0.4.3'],
    ['a v stays', 'v1.2.3', [change('fix: x')], 'v1.2.4'],
    ['two numbers grow a third', '1.2', [change('fix: x')], '1.2.1'],
    ['a word that only looks like a type is none', '1.2.3', [change('feature: x')], '1.3.0'],
    ['what comes after a pre-release people say', '2.0.0-rc.1', [change('fix: x')], 'prerelease'],
    ['what is no version is refused', 'soon', [change('fix: x')], 'not_a_version'],
  ] as const)('%s', (_, current, changes, expected) => {
    expect(next(current, ...changes)).toBe(expected);
  });

  it.each([
    ['the title', change('fix: x'), 'the title says fix'],
    ['nobody', change('Tidy'), 'neither a label nor its title nor a commit says what it is'],
    ['a label against it', change('feat: x', ['bug']), "label bug outranks the title's feat"],
    ['a label with it', change('fix: x', ['bug']), 'label bug'],
    ['a commit', change('Tidy', [], { subjects: ['feat: x'] }), 'a commit says feat'],
    [
      'a break and a label',
      change('feat!: x', ['bug']),
      'the title says !, which label bug does not take back',
    ],
  ] as const)('says why: %s', (_, one, because) => {
    expect(nextVersion('1.0.0', [one])).toMatchObject({ value: { decided_by: [{ because }] } });
  });

  it('below 1.0.0 names the break that gave a minor, and no feature', () => {
    const changes = [change('feat: y'), { ...change('feat!: x'), number: 2 }];
    expect(nextVersion('0.4.2', changes)).toMatchObject({
      value: { to: '0.5.0', decided_by: [{ number: 2 }] },
    });
  });

  it('labels that the repository names are the only ones', () => {
    const labels = { breaking: ['api'], feature: ['kind/new'], fix: [] };
    const to = (...given: readonly string[]) => {
      const result = nextVersion('1.2.3', [change('fix: x', given)], labels);
      return result.ok ? result.value.to : null;
    };
    expect([to('API'), to('kind/new'), to('enhancement')]).toEqual(['2.0.0', '1.3.0', '1.2.4']);
  });

  it('a declared break is a line of its own', () => {
    const body =
      'It says "BREAKING CHANGE: no" here.\n\nBREAKING CHANGE: the flag\nBREAKING-CHANGE: x';
    expect(breaksIn(body)).toEqual(['the flag', 'x']);
  });
});

describe('the order of versions', () => {
  const inOrder = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-beta',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '1.10.0',
    '2.0.0',
  ];
  const pairs = inOrder.slice(1).map((later, index) => [inOrder[index] ?? '', later] as const);

  it.each(pairs)('%s is older than %s', (older, newer) => {
    const [a, b] = [parseVersion(older), parseVersion(newer)];
    if (a === null || b === null) throw new Error('not a version');
    expect(Math.sign(compareVersions(a, b))).toBe(-1);
    expect(Math.sign(compareVersions(b, a))).toBe(1);
    expect(compareVersions(a, a)).toBe(0);
  });
});
