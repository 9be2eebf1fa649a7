import { describe, expect, it } from 'vitest';
import { agent, holds, merge, onMerge } from '../../support/machine-rules.ts';
import {
  approval,
  assessed,
  gate,
  issue,
  maintainer,
  mergeApproved,
  mergeAsked,
  mergeResumed,
  owner,
  pull,
  reviewed,
  roadmapAsked,
} from '../../support/machine.ts';

describe('an approval', () => {
  holds([
    {
      rule: 'on the head opens the gate',
      given: mergeAsked,
      when: assessed(merge, 'a', onMerge('a')),
      gives: 'gate.updated, approval.given, gate.approved',
    },
    {
      rule: 'opens no gate that still waits for another, whoever calls it enough',
      given: mergeAsked,
      when: { ...assessed(merge, 'a', onMerge('a')), gate: gate(merge, 'a') },
      gives: 'evidence.insufficient',
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
      gives: 'approval.ended, gate.reopened, gate.updated',
    },
    {
      rule: 'that is gone ends also when the merge was about to happen',
      given: mergeResumed,
      when: assessed(merge, 'a', []),
      gives: 'approval.ended, gate.reopened, gate.updated',
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

describe('a question that nobody answers', () => {
  const expire = { kind: 'expire', reason: 'not answered in time' } as const;
  holds([
    {
      rule: 'lapses, and ends its item',
      given: mergeAsked,
      when: expire,
      gives: 'gate.expired, item.terminated',
    },
    {
      rule: 'does not lapse once it was answered',
      given: mergeApproved,
      when: expire,
      gives: 'transition.illegal',
    },
    { rule: 'does not lapse before it is asked', given: issue, when: expire, gives: 'gate.none' },
  ]);

  it('about the roadmap may be asked again, with the merges it was about', () => {
    const asked = roadmapAsked();
    const merges = asked.state.closed_cycles[asked.id]?.merges;
    const ended = asked.do(expire);
    expect(ended.state.finished[asked.id]?.outcome).toBe('expired');
    const again = ended.do({
      kind: 'open_item',
      item_kind: 'cycle',
      number: 1,
      title: 'Governance cycle 1',
      author: null,
      pull_request: null,
    });
    expect(again.item.stage).toBe('roadmap');
    expect(again.state.closed_cycles[asked.id]?.merges).toEqual(merges);
  });
});
