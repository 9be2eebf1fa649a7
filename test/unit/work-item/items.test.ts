import { describe, expect, it } from 'vitest';
import { holds, merge } from '../../support/machine-rules.ts';
import {
  approval,
  assessed,
  contributed,
  gate,
  issue,
  maintainer,
  owner,
  plan,
  planAsked,
  planned,
  pullRequest,
  type Tale,
} from '../../support/machine.ts';

describe('a plan', () => {
  it('made anew ends what was approved of the old one', () => {
    const tale = planAsked().do(
      assessed('plan.adopt', 'p', [approval('plan.adopt', 'p', 'label')], false),
    );
    expect(tale.outcome({ kind: 'return_to', stage: 'triage', reason: 'edited' })).toBe(
      'approval.ended, stage.returned',
    );
  });

  holds([
    {
      rule: 'is asked about by its own digest',
      given: () => planned('p').do({ kind: 'start_run', agent: null }),
      when: { kind: 'open_gate', gate: gate('plan.adopt', 'q') },
      gives: 'digest.stale',
    },
    {
      rule: 'may be let through by policy, since it reaches no branch',
      given: () => planned().do({ kind: 'start_run', agent: null }),
      when: { kind: 'complete_stage' },
      gives: 'stage.completed, stage.entered',
    },
    {
      rule: 'is never what a merge is asked about',
      given: () => planned().do({ kind: 'start_run', agent: null }),
      when: { kind: 'open_gate', gate: gate(merge, 'p') },
      gives: 'digest.stale',
    },
  ]);
});

describe('a run', () => {
  const proposal = (run: string) =>
    ({
      kind: 'propose',
      proposal: {
        agent: 'triager',
        run,
        action: 'issue.label',
        digest: 'd',
        content: {},
        usage: { input_tokens: 1, output_tokens: 1, usd: null, model: null },
      },
    }) as const;
  const halted = () => issue().do({ kind: 'halt', reason: 'stop' }, owner);
  holds([
    {
      rule: 'is one at a time',
      given: () => issue().do({ kind: 'start_run', agent: 'triager' }),
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'transition.illegal',
    },
    {
      rule: 'that is not the one in progress proposes nothing',
      given: () => issue().do({ kind: 'start_run', agent: 'triager' }),
      when: proposal('issue-1/triage/9/9'),
      gives: 'run.stale',
    },
    {
      rule: 'does not begin while halted',
      given: halted,
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'control.halted',
    },
    {
      rule: 'does not begin while the item is held',
      given: () => issue().do({ kind: 'hold', reason: 'later' }, maintainer),
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'item.held',
    },
    {
      rule: 'does not begin for an agent that is off',
      given: () => issue().do({ kind: 'disable_agent', agent: 'triager', reason: 'bad' }, owner),
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'agent.disabled',
    },
    {
      rule: 'that failed for good is begun by nothing but a retry',
      given: () =>
        issue()
          .do({ kind: 'start_run', agent: 'triager' })
          .do({ kind: 'fail_run', code: 'x', reason: 'y', retry_at: null }),
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'transition.illegal',
    },
    {
      rule: 'that had no model begins again without an attempt spent',
      given: () =>
        issue()
          .do({ kind: 'start_run', agent: 'triager' })
          .do({ kind: 'model_unavailable', reason: '503', retry_at: '2026-11-21T10:01:00.000Z' }),
      when: { kind: 'start_run', agent: 'triager' },
      gives: 'run.started',
    },
  ]);

  it('has another name for another attempt, another round and another head', () => {
    const name = (tale: Tale) => tale.item.run;
    const first = issue().do({ kind: 'start_run', agent: 'triager' });
    const second = issue()
      .do({ kind: 'start_run', agent: 'triager' })
      .do({ kind: 'fail_run', code: 'x', reason: 'y', retry_at: '2026-11-21T10:01:00.000Z' })
      .do({ kind: 'start_run', agent: 'triager' });
    const review = contributed().do({ kind: 'start_run', agent: 'reviewer' });
    const after = contributed()
      .do({ kind: 'start_run', agent: 'reviewer' })
      .do({ kind: 'move_head', after: 'b', reason: 'pushed' })
      .do({ kind: 'start_run', agent: 'reviewer' });
    expect(new Set([first, second, review, after].map(name)).size).toBe(4);
  });
});

describe('an item', () => {
  holds([
    {
      rule: 'that was closed may be opened again, as on GitHub',
      given: () => issue().do({ kind: 'terminate', outcome: 'closed', reason: 'closed' }, owner),
      when: {
        kind: 'open_item',
        item_kind: 'issue',
        number: 1,
        title: 'Still broken',
        author: null,
        pull_request: null,
      },
      gives: 'item.created',
    },
    {
      rule: 'keeps its one pull request',
      given: contributed,
      when: { kind: 'link_pull_request', pull_request: pullRequest('a', 8) },
      gives: 'pull_request.linked',
    },
    {
      rule: 'is not sent forward by a way back',
      given: planned,
      when: { kind: 'return_to', stage: 'merge', reason: 'skip' },
      gives: 'stage.out_of_order',
    },
    {
      rule: 'that ended takes no command',
      given: () => issue().do({ kind: 'terminate', outcome: 'closed', reason: 'closed' }, owner),
      when: { kind: 'publish_plan', plan: plan('p') },
      gives: 'item.not_open',
    },
  ]);

  it('that was opened again is not among the finished', () => {
    const tale = issue().do({ kind: 'terminate', outcome: 'closed', reason: 'closed' }, owner);
    tale.do({
      kind: 'open_item',
      item_kind: 'issue',
      number: 1,
      title: 'Still broken',
      author: null,
      pull_request: null,
    });
    expect(tale.state.finished).toEqual({});
  });
});

describe('a pull request that is meant and not yet opened', () => {
  const meant = () =>
    planAsked()
      .do(assessed('plan.adopt', 'p', [approval('plan.adopt', 'p', 'label')]))
      .do({ kind: 'resume' })
      .do({ kind: 'complete_stage' })
      .do({ kind: 'start_run', agent: 'contributor' })
      .do({
        kind: 'intend',
        key: 'pull_request/assent/issue-1',
        effect: 'pull_request.open',
        payload: {},
      });
  const edited = { kind: 'return_to', stage: 'triage', reason: 'edited' } as const;

  it('is dropped with the plan it answers, and says why', () => {
    expect(meant().outcome(edited)).toBe('approval.ended, effect.refused, stage.returned');
    expect(meant().do(edited).state.intents).toEqual({});
  });

  it('stays for people to look at where nobody can tell whether it was opened', () => {
    const uncertain = meant().do({
      kind: 'effect_uncertain',
      key: 'pull_request/assent/issue-1',
      reason: 'no answer',
    });
    expect(uncertain.outcome(edited)).toBe('approval.ended, stage.returned');
  });
});

describe('an effect', () => {
  const intended = () =>
    issue().do({
      kind: 'intend',
      key: 'labels/1/d',
      effect: 'labels.change',
      payload: { number: 1, add: ['bug'], remove: [] },
    });
  holds([
    {
      rule: 'that is done is outstanding no more',
      given: () => intended().do({ kind: 'effect_done', key: 'labels/1/d', receipt: {} }),
      when: { kind: 'effect_done', key: 'labels/1/d', receipt: {} },
      gives: 'effect.unknown',
    },
    {
      rule: 'nobody meant has no receipt',
      given: issue,
      when: { kind: 'effect_done', key: 'labels/1/d', receipt: {} },
      gives: 'effect.unknown',
    },
    {
      rule: 'is told of even when its item has ended',
      given: () => intended().do({ kind: 'terminate', outcome: 'closed', reason: 'closed' }, owner),
      when: { kind: 'effect_done', key: 'labels/1/d', receipt: {} },
      gives: 'effect.done',
    },
  ]);

  it('that nobody can tell of stays, and is marked', () => {
    const { state } = intended().do({
      kind: 'effect_uncertain',
      key: 'labels/1/d',
      reason: 'no answer',
    });
    expect(state.intents['labels/1/d']).toMatchObject({ uncertain: true, not_before: null });
  });
});
