import { describe, expect, it } from 'vitest';
import type { EventActor } from '../../../src/domain/ledger/envelope.ts';
import { system } from '../../../src/domain/work-item/decide.ts';
import {
  approval,
  assessed,
  contributed,
  cycle,
  gate,
  issue,
  maintainer,
  mergeApproved,
  mergeAsked,
  mergeOf,
  mergeResumed,
  owner,
  plan,
  planAsked,
  planned,
  pull,
  pullRequest,
  reviewed,
  roadmapAsked,
  type Tale,
} from '../../support/machine.ts';

const merge = 'pull_request.merge' as const;
const onMerge = (digest: string) => [approval(merge, digest)];
const agent: EventActor = { kind: 'agent', id: null, login: 'reviewer' };

interface Rule {
  readonly rule: string;
  readonly given: () => Tale;
  readonly when: Parameters<Tale['try']>[0];
  readonly by?: EventActor;
  /** The events, or the code of the refusal. */
  readonly gives: string;
}

function holds(rules: readonly Rule[]): void {
  it.each(rules)('$rule', ({ given, when, by = system, gives }) => {
    expect(given().outcome(when, by)).toBe(gives);
  });
}

describe('an approval', () => {
  holds([
    {
      rule: 'on the head opens the gate',
      given: mergeAsked,
      when: assessed(merge, 'a', onMerge('a')),
      gives: 'approval.given, gate.approved',
    },
    {
      rule: 'on another head than the pull request has is refused, whatever the gate says',
      given: mergeAsked,
      when: assessed(merge, 'b', onMerge('b')),
      gives: 'digest.stale',
    },
    {
      rule: 'on the head counts for nothing at a gate that asks about another',
      given: mergeAsked,
      when: { ...assessed(merge, 'a', onMerge('b')) },
      gives: 'digest.stale',
    },
    {
      rule: 'of the plan is none of the merge',
      given: mergeAsked,
      when: assessed(merge, 'a', [approval('plan.adopt', 'p', 'label', owner)]),
      gives: 'digest.stale',
    },
    {
      rule: 'that is short of the quorum is recorded, and the gate stays shut',
      given: mergeAsked,
      when: assessed(merge, 'a', onMerge('a'), false),
      gives: 'approval.given',
    },
    {
      rule: 'is needed by name: "sufficient" alone opens nothing',
      given: mergeAsked,
      when: assessed(merge, 'a', [], true),
      gives: 'evidence.missing',
    },
    {
      rule: 'that is gone ends, and shuts the gate it had opened',
      given: mergeApproved,
      when: assessed(merge, 'a', []),
      gives: 'approval.ended, gate.reopened',
    },
    {
      rule: 'that is gone ends also when the merge was about to happen',
      given: mergeResumed,
      when: assessed(merge, 'a', []),
      gives: 'approval.ended, gate.reopened',
    },
    {
      rule: 'that still stands is nothing new',
      given: mergeApproved,
      when: assessed(merge, 'a', onMerge('a')),
      gives: 'unchanged',
    },
    {
      rule: 'is nobody’s to give once the gate has opened, even if another reason stands beside it',
      given: mergeApproved,
      when: {
        ...assessed(merge, 'a', onMerge('a')),
        gate: {
          ...gate(merge, 'a'),
          ignored: [{ evidence: 'label by triager', reason: 'triage' }],
        },
      },
      gives: 'unchanged',
    },
  ]);
});

it('a gate read back from the history, its keys in another order, is nothing new', () => {
  const tale = mergeAsked();
  const { waiting_for, ...rest } = gate(merge, 'a');
  const [first] = waiting_for.map(({ from, have, count, step }) => ({ from, have, count, step }));
  const again = { ...rest, waiting_for: first === undefined ? [] : [first] };
  expect(tale.outcome({ ...assessed(merge, 'a', []), gate: again })).toBe('unchanged');
});

describe('a push', () => {
  const push = { kind: 'move_head', after: 'b', reason: 'writer pushed' } as const;
  holds([
    {
      rule: 'ends the approval in force and wants a new review',
      given: mergeApproved,
      when: push,
      gives: 'head.moved, approval.ended, stage.returned',
    },
    {
      rule: 'does so when the merge was about to happen',
      given: mergeResumed,
      when: push,
      gives: 'head.moved, approval.ended, stage.returned',
    },
    {
      rule: 'does so when the merge had failed for good',
      given: () =>
        mergeResumed().do({ kind: 'fail_run', code: 'x', reason: 'blocked', retry_at: null }),
      when: push,
      gives: 'head.moved, approval.ended, stage.returned',
    },
    {
      rule: 'does so when a dead merge was retried and waits to begin',
      given: () =>
        mergeResumed()
          .do({ kind: 'fail_run', code: 'x', reason: 'blocked', retry_at: null })
          .do({ kind: 'retry', reason: 'again' }, maintainer),
      when: push,
      gives: 'head.moved, approval.ended, stage.returned',
    },
    {
      rule: 'ends an override as well',
      given: () =>
        mergeAsked().do(
          { kind: 'override', approval: approval(merge, 'a', 'override'), justification: 'urgent' },
          maintainer,
        ),
      when: push,
      gives: 'head.moved, approval.ended, stage.returned',
    },
    {
      rule: 'during the contribution only moves the head',
      given: () => mergeAsked().do({ kind: 'request_changes', review: 3, head: 'a' }, maintainer),
      when: push,
      gives: 'head.moved',
    },
    {
      rule: 'that brings what is there already is nothing new',
      given: mergeApproved,
      when: { ...push, after: 'a' },
      gives: 'unchanged',
    },
    {
      rule: 'on an approved roadmap asks for the approval again',
      given: () =>
        roadmapAsked().do(assessed('roadmap.publish', 'a', [approval('roadmap.publish', 'a')])),
      when: push,
      gives: 'head.moved, approval.ended, gate.reopened',
    },
    {
      rule: 'on an overridden roadmap asks for the approval again',
      given: () =>
        roadmapAsked().do(
          {
            kind: 'override',
            approval: approval('roadmap.publish', 'a', 'override'),
            justification: 'urgent',
          },
          maintainer,
        ),
      when: push,
      gives: 'head.moved, approval.ended, gate.reopened',
    },
  ]);

  it('lets the roadmap be asked about anew on its new head', () => {
    const tale = roadmapAsked().do(push);
    tale.do(assessed('roadmap.publish', 'b', [approval('roadmap.publish', 'b')]));
    expect(tale.item).toMatchObject({ authority: 'approved', gate: { digest: 'b' } });
  });

  it('leaves the adopted plan adopted', () => {
    const tale = mergeApproved().do(push);
    expect(tale.item.approvals.map(({ gate: of }) => of)).toEqual(['plan.adopt']);
  });
});

describe('a merge', () => {
  const byAssent = { kind: 'record_merge', merge: mergeOf('a') } as const;
  const byHand = { kind: 'record_merge', merge: mergeOf('a', 'human') } as const;
  const intend = {
    kind: 'intend',
    key: 'merge/7/a',
    effect: 'pull_request.merge',
    payload: { pull_request: 7, head: 'a' },
  } as const;
  holds([
    {
      rule: 'follows an approval in force, and is counted',
      given: mergeResumed,
      when: byAssent,
      gives: 'merge.counted, item.merged',
    },
    {
      rule: 'does not follow a gate that waits',
      given: mergeAsked,
      when: byAssent,
      gives: 'evidence.missing',
    },
    {
      rule: 'does not follow a gate that is approved and not looked at again',
      given: mergeApproved,
      when: byAssent,
      gives: 'evidence.missing',
    },
    {
      rule: 'of another head than the approved one is refused',
      given: mergeResumed,
      when: { kind: 'record_merge', merge: mergeOf('b') },
      gives: 'evidence.missing',
    },
    {
      rule: 'of another pull request with the same head is refused',
      given: mergeResumed,
      when: { kind: 'record_merge', merge: { ...mergeOf('a'), pull_request: 8 } },
      gives: 'evidence.missing',
    },
    {
      rule: 'is not even meant before its approval',
      given: mergeAsked,
      when: intend,
      gives: 'evidence.missing',
    },
    {
      rule: 'is meant once approved',
      given: mergeResumed,
      when: intend,
      gives: 'effect.intended',
    },
    {
      rule: 'is meant once',
      given: () => mergeResumed().do(intend),
      when: intend,
      gives: 'effect.intended',
    },
    {
      rule: 'by hand is recorded wherever the item is',
      given: () =>
        mergeAsked().do(
          { kind: 'return_to', stage: 'triage', reason: 'a plan was asked for' },
          maintainer,
        ),
      when: byHand,
      by: owner,
      gives: 'merge.counted, item.merged',
    },
    {
      rule: 'by hand takes a hand',
      given: mergeResumed,
      when: byHand,
      gives: 'actor.not_human',
    },
    {
      rule: 'by hand of a pull request that is not the item’s is refused',
      given: mergeResumed,
      when: { kind: 'record_merge', merge: { ...mergeOf('a', 'human'), pull_request: 8 } },
      by: owner,
      gives: 'pull_request.other',
    },
    {
      rule: 'is counted once, whoever tells of it again',
      given: () => {
        const state = mergeResumed().do(byAssent).state;
        const again = pull();
        again.state = { ...again.state, counted: state.counted };
        return again;
      },
      when: byHand,
      by: owner,
      gives: 'merge.counted_twice',
    },
    {
      rule: 'ends the item: it is not opened again',
      given: () => mergeResumed().do(byAssent),
      when: {
        kind: 'open_item',
        item_kind: 'issue',
        number: 1,
        title: 'late',
        author: null,
        pull_request: null,
      },
      gives: 'item.finished',
    },
    {
      rule: 'ends the last stage; nothing else does',
      given: mergeResumed,
      when: { kind: 'complete_stage' },
      gives: 'stage.out_of_order',
    },
    {
      rule: 'ends an issue as merged, never as published',
      given: mergeResumed,
      when: { kind: 'record_merge', merge: { ...mergeOf('a'), outcome: 'published' } },
      gives: 'outcome.wrong',
    },
  ]);
});

describe('a cycle', () => {
  /** `count` merges by hand on top of the state, each of a pull request of its own. */
  function mergedByHand(tale: Tale, from: number, count: number): Tale {
    for (let number = from; number < from + count; number += 1) {
      const item = `pull-${number}`;
      tale.do({
        kind: 'open_item',
        item_kind: 'pull_request',
        number,
        title: `Change ${number}`,
        author: null,
        pull_request: { ...pullRequest(`head-${number}`, number), ours: false },
      });
      tale.do(
        {
          kind: 'record_merge',
          item,
          merge: { ...mergeOf(`head-${number}`, 'human'), pull_request: number },
        },
        owner,
      );
    }
    return tale;
  }

  it('is closed by its fifth merge, which opens the governor’s item', () => {
    const four = mergedByHand(issue(), 11, 4);
    expect(four.state.items['cycle-1']).toBeUndefined();
    const five = mergedByHand(four, 15, 1);
    expect(five.state.items['cycle-1']).toMatchObject({ stage: 'roadmap', authority: 'created' });
    expect(five.state.cycle).toMatchObject({ number: 2, merges: [] });
    expect(five.state.closed_cycles['cycle-1']?.merges.map((m) => m.pull_request)).toEqual([
      11, 12, 13, 14, 15,
    ]);
  });

  it('counts a sixth merge into the next one while its own item is open', () => {
    const { state } = mergedByHand(issue(), 11, 6);
    expect(state.cycle).toMatchObject({ number: 2, merges: [{ pull_request: 16 }] });
    expect(state.closed_cycles['cycle-1']?.merges).toHaveLength(5);
  });

  it('is not closed by the merge of its own roadmap', () => {
    const tale = roadmapAsked();
    tale
      .do(assessed('roadmap.publish', 'a', [approval('roadmap.publish', 'a')]))
      .do({ kind: 'resume' })
      .do({ kind: 'record_merge', merge: { ...mergeOf('a', 'assent', 'cycle'), pull_request: 8 } });
    expect(tale.state.finished['cycle-1']).toMatchObject({ outcome: 'published' });
    expect(tale.state.cycle).toMatchObject({ number: 2, merges: [] });
  });

  holds([
    {
      rule: 'is never opened by hand',
      given: issue,
      when: {
        kind: 'open_item',
        item_kind: 'cycle',
        number: 1,
        title: 'Now',
        author: null,
        pull_request: null,
      },
      gives: 'cycle.open',
    },
    {
      rule: 'is not published without a human on the head',
      given: roadmapAsked,
      when: {
        kind: 'record_merge',
        merge: { ...mergeOf('a', 'assent', 'cycle'), pull_request: 8 },
      },
      gives: 'evidence.missing',
    },
    {
      rule: 'begins with the roadmap',
      given: cycle,
      when: { kind: 'start_run', agent: 'governor' },
      gives: 'run.started',
    },
  ]);
});

describe('a no', () => {
  holds([
    {
      rule: 'ends the item',
      given: mergeAsked,
      when: { kind: 'reject', reason: 'not this' },
      by: maintainer,
      gives: 'gate.rejected, item.terminated',
    },
    {
      rule: 'is a human’s',
      given: mergeAsked,
      when: { kind: 'reject', reason: 'not this' },
      by: agent,
      gives: 'actor.not_human',
    },
    {
      rule: 'of "change this" is a human’s',
      given: mergeAsked,
      when: { kind: 'request_changes', review: 3, head: 'a' },
      by: agent,
      gives: 'actor.not_human',
    },
    {
      rule: 'of "change this" ends the approvals and sends the contribution back',
      given: () => mergeAsked().do(assessed(merge, 'a', onMerge('a'), false)),
      when: { kind: 'request_changes', review: 3, head: 'a' },
      by: owner,
      gives: 'changes.requested, approval.ended, stage.returned',
    },
    {
      rule: 'to somebody’s pull request leaves them to it: there is no contribution of ours',
      given: () => mergeAsked(reviewed(pull())),
      when: { kind: 'request_changes', review: 3, head: 'a' },
      by: owner,
      gives: 'stage.out_of_order',
    },
    {
      rule: 'is not overridden without a reason',
      given: mergeAsked,
      when: {
        kind: 'override',
        approval: approval(merge, 'a', 'override'),
        justification: ' ',
      },
      by: maintainer,
      gives: 'override.unjustified',
    },
    {
      rule: 'is not overridden by an agent',
      given: mergeAsked,
      when: {
        kind: 'override',
        approval: approval(merge, 'a', 'override'),
        justification: 'I think so',
      },
      by: agent,
      gives: 'actor.not_human',
    },
    {
      rule: 'is not overridden in the name of another',
      given: mergeAsked,
      when: {
        kind: 'override',
        approval: approval(merge, 'a', 'override', owner),
        justification: 'urgent',
      },
      by: maintainer,
      gives: 'actor.not_human',
    },
  ]);
});

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
