import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/application/batch.ts';
import type { Command } from '../../../src/domain/work-item/command.ts';
import { at, planAsked, assessed, approval, type Tale } from '../../support/machine.ts';

let ids = 0;
const context = { now: () => at, newId: () => `id-${(ids += 1)}` };
const typesOf = (batch: Batch, { state }: Tale) => batch.drafts(state).map(({ type }) => type);

const working = (): Tale =>
  planAsked()
    .do(assessed('plan.adopt', 'p', [approval('plan.adopt', 'p', 'label')], true))
    .do({ kind: 'resume' })
    .do({ kind: 'complete_stage' })
    .do({ kind: 'start_run', agent: 'contributor' });

const reviewing = (): Tale =>
  working().do({ kind: 'complete_stage' }).do({ kind: 'start_run', agent: 'reviewer' });

/** What one machine means to write while another writes first. */
function meant(given: Tale, ...commands: readonly Command[]): Batch {
  const batch = new Batch(given.state, context);
  for (const command of commands) expect(batch.give(command)).toMatchObject({ ok: true });
  return batch;
}

describe('what is decided again on a ledger that has moved', () => {
  it.each([
    ['the end of a stage', { kind: 'complete_stage', item: 'issue-1' }],
    [
      'a failure',
      { kind: 'fail_run', item: 'issue-1', code: 'gate', reason: 'no', retry_at: null },
    ],
    ['an outage', { kind: 'model_unavailable', item: 'issue-1', reason: '503', retry_at: at }],
  ] as const)('is not %s of the work that has taken its place', (_, command) => {
    const batch = meant(working(), command);
    expect(typesOf(batch, reviewing())).toEqual([]);
  });

  it('is what was meant where the work is still the same', () => {
    const batch = meant(working(), { kind: 'complete_stage', item: 'issue-1' });
    const moved = working().do({ kind: 'notify', to: 'reader', text: 'noted' });
    expect(typesOf(batch, moved)).toEqual(['stage.completed', 'stage.entered']);
  });

  it('follows what comes before it in the same batch', () => {
    const batch = meant(
      working(),
      { kind: 'complete_stage', item: 'issue-1' },
      { kind: 'start_run', item: 'issue-1', agent: 'reviewer' },
    );
    expect(typesOf(batch, working())).toEqual(['stage.completed', 'stage.entered', 'run.started']);
  });

  it('is a person’s word all the same', () => {
    const batch = meant(working(), { kind: 'hold', item: 'issue-1', reason: 'wait' });
    expect(typesOf(batch, reviewing())).toEqual(['item.held']);
  });
});
