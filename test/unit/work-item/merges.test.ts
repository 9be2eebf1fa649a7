import { describe, expect, it } from 'vitest';
import { holds } from '../../support/machine-rules.ts';
import {
  approval,
  assessed,
  cycle,
  issue,
  maintainer,
  mergeApproved,
  mergeAsked,
  mergeOf,
  mergeResumed,
  owner,
  pull,
  pullRequest,
  roadmapAsked,
  type Tale,
} from '../../support/machine.ts';

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
