import { describe, expect, it } from 'vitest';
import { findMilestone, roadmapChanges } from '../../../src/domain/roadmap/milestone.ts';
import { read, textOf } from './documents.ts';

const roadmap = read(`# Roadmap

## Milestone 1: Core (Done)

- [x] Start

## Milestone 2 — Scale (Planned)

- [ ] Shards
- [ ] Shards

### 2.1 Queue (Planned)

- [ ] Workers

## Milestone 20 (Planned)

- [ ] Moon

## Beyond

- [ ] Mars
`);

describe('a milestone of GitHub is found in the roadmap', () => {
  it.each([
    ['Milestone 2 — Scale', 6],
    ['milestone 2', 6],
    ['Milestone 2: everything that scales', 6],
    ['M2', 6],
    ['M 20', 15],
    ['beyond', 19],
    ['✅ Beyond', 19],
  ])('%s', (name, line) => {
    expect(findMilestone(roadmap, name)?.line).toBe(line + 1);
  });

  it.each([['Milestone 3'], ['Mile'], ['2'], [''], ['Milestone']])('but not "%s"', (name) => {
    expect(findMilestone(roadmap, name)).toBeNull();
  });

  it('nor one of two that read alike', () => {
    const twice = read('# R\n\n## Phase 1 (Done)\n\n- a\n\n## Phase 1 (Planned)\n\n- b\n');
    expect(findMilestone(twice, 'Phase 1')).toBeNull();
  });

  it.each([
    ['seed-5.md', 'Milestone 3', 'in_progress'],
    ['seed-5.md', 'M4', 'planned'],
    ['seed-1.md', 'Phase 5', 'in_progress'],
  ])('in %s: %s is %s', (name, title, status) => {
    expect(findMilestone(read(textOf(name)), title)?.status).toBe(status);
  });
});

describe('what a pull request does to the rows of a roadmap', () => {
  const changed = (edit: (text: string) => string) =>
    roadmapChanges(roadmap, read(edit(roadmap.text))).map(
      ({ title, rows_added, rows_removed, opened }) =>
        `${title} +${rows_added} −${rows_removed}${opened ? ' opened' : ''}`,
    );

  it.each<readonly [string, (text: string) => string, readonly string[]]>([
    ['nothing where it ticks a row', (text) => text.replace('[ ] Workers', '[x] Workers'), []],
    [
      'a gate opened by its rows, where its heading says nothing',
      (text) => text.replace('[ ] Mars', '[x] Mars'),
      ['Beyond +0 −0 opened'],
    ],
    [
      'a row more',
      (text) => text.replace('- [ ] Moon', '- [ ] Moon\n- [ ] Io'),
      ['Milestone 20 +1 −0'],
    ],
    ['another name for a row', (text) => text.replace('Moon', 'Io'), ['Milestone 20 +1 −1']],
    [
      'one of two rows that read alike taken',
      (text) => text.replace('- [ ] Shards\n', ''),
      ['Milestone 2 — Scale +0 −1'],
    ],
    [
      'a row of a part is a row of the whole',
      (text) => text.replace('- [ ] Workers', '- [ ] Workers\n- [ ] Leases'),
      ['Milestone 2 — Scale +1 −0', '2.1 Queue +1 −0'],
    ],
    [
      'a gate opened',
      (text) => text.replace('Scale (Planned)', 'Scale (In Progress)'),
      ['Milestone 2 — Scale +0 −0 opened'],
    ],
    [
      'another name for a milestone',
      (text) => text.replace('## Beyond', '## Never'),
      ['Beyond +0 −1', 'Never +1 −0'],
    ],
    [
      'everything taken',
      () => '',
      [
        'Milestone 1: Core +0 −1',
        'Milestone 2 — Scale +0 −3',
        '2.1 Queue +0 −1',
        'Milestone 20 +0 −1',
        'Beyond +0 −1',
      ],
    ],
  ])('%s', (_, edit, expected) => {
    expect(changed(edit)).toEqual(expected);
  });
});
