import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/work-item/decide.ts';
import { issue, type Tale } from '../../support/machine.ts';

const usage = { input_tokens: 100, output_tokens: 20, usd: 0.5, model: 'm' } as const;
const begun = (): Tale => issue().do({ kind: 'start_run', agent: 'triager' });

/** As its report has it, whatever became of the run. */
function spend({ state }: Pick<Tale, 'state'>, run: string) {
  const command = { kind: 'record_spending', spent: { run, agent: 'triager', usage } } as const;
  const actor = { kind: 'system', id: null, login: 'assent' } as const;
  return decide(state, command, { actor, at: '2026-11-20T10:00:00.000Z' });
}

function counted(tale: Pick<Tale, 'state'>, run: string) {
  const decision = spend(tale, run);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision.value;
}

const later = '2026-11-21T11:00:00.000Z';
const failed = {
  kind: 'fail_run',
  code: 'malformed_answer',
  reason: 'prose',
  retry_at: later,
} as const;

describe('what a run cost that led to nothing', () => {
  it.each([
    ['while it is in progress', begun],
    ['when it has failed', () => begun().do(failed)],
    [
      'when the model went away in the middle of it',
      () => begun().do({ kind: 'model_unavailable', reason: '503', retry_at: later }),
    ],
    [
      'when its stage began anew meanwhile',
      () => begun().do({ kind: 'return_to', stage: 'triage', reason: 'edited' }),
    ],
  ] as const)('counts for its agent and its item: %s', (_, tell) => {
    const tale = tell();
    const { state } = counted(tale, 'issue-1/triage/0/0');
    expect(state.usage).toMatchObject({ tokens: { triager: 120 }, usd: { triager: 0.5 } });
    expect(state.items['issue-1']?.tokens).toBe(120);
  });

  it('counts for its agent when its item has ended', () => {
    const closed = begun().do({ kind: 'terminate', outcome: 'closed', reason: 'closed' });
    const { state, events } = counted(closed, 'issue-1/triage/0/0');
    expect(state.usage.tokens).toEqual({ triager: 120 });
    expect(events).toMatchObject([{ type: 'run.spent', item: null }]);
  });

  it('counts once, however often its report is read', () => {
    const once = counted(begun(), 'issue-1/triage/0/0');
    const again = spend(once, 'issue-1/triage/0/0');
    expect(again).toMatchObject({ ok: false, refusal: { code: 'run.reported' } });
  });

  it.each([
    ['that was never begun', begun, 'issue-1/triage/0/7'],
    [
      'that its proposal has told already',
      () =>
        begun().do({
          kind: 'propose',
          proposal: {
            agent: 'triager',
            run: 'issue-1/triage/0/0',
            action: 'issue.label',
            digest: 'd',
            content: {},
            usage,
          },
        }),
      'issue-1/triage/0/0',
    ],
  ] as const)('is not taken of a run %s', (_, tell, run) => {
    expect(spend(tell(), run)).toMatchObject({ ok: false, refusal: { code: 'run.reported' } });
  });

  it('counts anew where the same run begins anew', () => {
    const away = begun().do({ kind: 'model_unavailable', reason: '503', retry_at: later });
    const { state } = counted(away, 'issue-1/triage/0/0');
    const actor = { kind: 'system', id: null, login: 'assent' } as const;
    const again = decide(
      state,
      { kind: 'start_run', item: 'issue-1', agent: 'triager' },
      { actor, at: later },
    );
    if (!again.ok) throw new Error(again.refusal.message);
    const twice = counted(again.value, 'issue-1/triage/0/0');
    expect(twice.state.usage.tokens).toEqual({ triager: 240 });
  });
});
