import { describe, expect, it } from 'vitest';
import { presentItem } from '../../../src/domain/presentation.ts';
import type { TriageNotes, TriageReport } from '../../../src/domain/triage/report.ts';
import type { Item } from '../../../src/domain/work-item/state.ts';
import { issue, planAsked } from '../../support/machine.ts';

const report: TriageReport = {
  by: 'rules',
  type: 'bug',
  priority: null,
  size: null,
  labels: [{ label: 'area: lid', confidence: 0.83, like: [3, 5] }],
  similar: [{ number: 3, title: 'Lids @fall off', similarity: 0.47, reason: null }],
  unknown: ['priority'],
  comment: null,
  asked: [],
  without_meaning: null,
};
const notes: TriageNotes = { report, flags: [], asked_at: null, reminded_at: null };
const shown = (item: Item, more: Partial<TriageNotes> = {}): string =>
  presentItem(item, null, null, null, { ...notes, ...more }).body;

const running = () => issue().do({ kind: 'start_run', agent: 'triager' });
const sorted = () =>
  running().do({
    kind: 'model_unavailable',
    reason: 'no model is configured: set SOME_KEY',
    retry_at: '2026-11-21T11:00:00.000Z',
  }).item;
const asked = () => running().do({ kind: 'request_information', missing: ['Which lid?'] }).item;

describe('what triage found, as people read it', () => {
  it('by rules: what, by what, what is not known, and that nobody has to act', () => {
    expect(shown(sorted())).toBe(
      [
        '**Sorted; a plan waits for a model**',
        '**Triage** → Plan → Contribution → Review → Merge',
        'Sorted by rules and by likeness to earlier issues alone: no model is configured.',
        'bug',
        'Labels, and how sure: `area: lid` (0.83, as on [3](../issues/3), [5](../issues/5))',
        'Not known: priority. Nothing in the past of this repository tells it well enough.',
        'Reads like\n\n- [3](../issues/3) Lids @\u200Bfall off (0.47)',
        'Nobody has to do anything. Who maintains this may correct the labels: what stands on issues is what is learnt from.',
        '<sub>Assent: agents propose, humans assent, the repository remembers. `/assent help` lists the commands.</sub>',
      ].join('\n\n'),
    );
  });

  it.for([
    ['a model that is down is waited for as ever', sorted, { report: null }, 'waits for the model'],
    [
      'what an agent read is flagged',
      sorted,
      { flags: ['body: 2 hidden characters removed'] },
      '⚠️ About the text that was read: body: 2 hidden characters removed.',
    ],
    [
      'a reminder names who was asked',
      asked,
      { reminded_at: '2026-11-21T11:00:00Z' },
      'still waits for an answer.',
    ],
    [
      'a label cannot leave its code span',
      sorted,
      { report: { ...report, labels: [{ label: '`@ann', confidence: 1, like: [] }] } },
      '` @ann` (1)',
    ],
    [
      'the words of a model act on nothing',
      () => planAsked().item,
      { report: { ...report, by: 'model' as const, comment: 'Closes #1 ![x](https://x.example)' } },
      'Closes #\u200B1 !\u200B[',
    ],
  ] as const)('%s', ([, item, more, text]) => {
    expect(shown(item(), more)).toContain(text);
  });

  it('nothing of it stands in the way once somebody works on it', () => {
    const item: Item = { ...planAsked().item, stage: 'contribution', authority: 'running' };
    expect(shown(item)).not.toContain('Reads like');
  });

  it('nobody is named who is no person', () => {
    const item: Item = { ...asked(), author: { id: 1, login: 'x](y)', type: 'User' } };
    expect(shown(item, { reminded_at: '2026-11-21T11:00:00Z' })).not.toMatch(/@\w/);
  });
});
