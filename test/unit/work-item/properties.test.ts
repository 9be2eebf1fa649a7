import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventActor } from '../../../src/domain/ledger/envelope.ts';
import type { Command } from '../../../src/domain/work-item/command.ts';
import { decide, system } from '../../../src/domain/work-item/decide.ts';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { evolve, evolveBy } from '../../../src/domain/work-item/evolve.ts';
import { owning } from '../../../src/domain/work-item/growth.ts';
import {
  agentNames,
  authorities,
  initialState,
  type GovernanceState,
} from '../../../src/domain/work-item/state.ts';
import { commandsFor } from '../../support/machine-walk.ts';
import {
  approval,
  at,
  contributed,
  cycle,
  issue,
  maintainer,
  mergeAsked,
  mergeResumed,
  owner,
  planAsked,
  pull,
  pullRequest,
  roadmapAsked,
} from '../../support/machine.ts';

interface Step {
  readonly command: Command;
  readonly actor: EventActor;
}

/** What is not about the one item of the walk: other items, the switch, the agents, effects of all kinds. */
const others: readonly Command[] = [
  ...[1, 2].map((number): Command => ({
    kind: 'open_item',
    item_kind: 'issue',
    number,
    title: `Issue ${number}`,
    author: null,
    pull_request: null,
  })),
  {
    kind: 'open_item',
    item_kind: 'pull_request',
    number: 7,
    title: 'Change',
    author: null,
    pull_request: pullRequest('a'),
  },
  { kind: 'open_item', item_kind: 'cycle', number: 1, title: '', author: null, pull_request: null },
  { kind: 'configure_cycle', every: 1 },
  { kind: 'configure_cycle', every: 5 },
  ...agentNames.flatMap((agent): Command[] => [
    { kind: 'disable_agent', agent, reason: 'bad' },
    { kind: 'enable_agent', agent, reason: 'good' },
  ]),
  { kind: 'effect_done', key: 'merge/a', receipt: { slot: 's', digest: 'd' } },
  { kind: 'effect_refused', key: 'merge/a', code: 'x', reason: 'y' },
  { kind: 'effect_retried', key: 'merge/a', reason: 'y', retry_at: at },
  { kind: 'effect_uncertain', key: 'merge/b', reason: 'y' },
];

/** Picks the nth of all commands there are for a state: most are refused there, and that is part of the test. */
function stepAt(state: GovernanceState, nth: number): Step {
  const known = ['issue-1', 'issue-2', 'pull-7', 'cycle-1'];
  const all: readonly Step[] = [
    ...known.flatMap((id) => commandsFor(state, id, true)),
    ...others.flatMap((command) => [
      { command, actor: owner },
      { command, actor: system },
    ]),
    ...known.map((item) => ({
      actor: owner,
      command: {
        kind: 'record_merge' as const,
        item,
        merge: {
          pull_request: state.items[item]?.pull_request?.number ?? 7,
          head: 'a',
          sha: 's',
          by: 'human' as const,
          outcome: item === 'cycle-1' ? ('published' as const) : ('merged' as const),
        },
      },
    })),
  ];
  return all[nth % all.length] ?? { command: { kind: 'halt', reason: 'x' }, actor: owner };
}

interface Told {
  readonly state: GovernanceState;
  readonly events: readonly TimedEvent[];
}

/** Begins where there is something to lose: an item waiting for its merge, another on its plan. */
const scenes = [issue, pull, cycle, planAsked, contributed, mergeAsked, mergeResumed, roadmapAsked];

function tell(scene: number, picks: readonly number[]): Told & { readonly start: GovernanceState } {
  const start = scenes[scene % scenes.length]?.().state ?? initialState;
  let state = start;
  const events: TimedEvent[] = [];
  for (const pick of picks) {
    const { command, actor } = stepAt(state, pick);
    const decision = decide(state, command, { actor, at });
    if (!decision.ok) continue;
    events.push(...decision.value.events.map((event) => ({ ...event, at })));
    state = decision.value.state;
  }
  return { start, state, events };
}

const tellings = fc.record({
  scene: fc.nat(scenes.length - 1),
  picks: fc.array(fc.nat(5_000), { minLength: 5, maxLength: 60 }),
});

const check = (holds: (told: ReturnType<typeof tell>) => void) =>
  fc.assert(
    fc.property(tellings, ({ scene, picks }) => {
      holds(tell(scene, picks));
    }),
    { numRuns: 60, seed: 20_261_121 },
  );

describe('whatever is commanded', () => {
  it('the history replayed is the state decided on', () => {
    check(({ start, events, state }) => expect(events.reduce(evolve, start)).toEqual(state));
  });

  it('a fold that owns its state comes to the same, and a fold that does not leaves what it began with alone', () => {
    check(({ start, events, state }) => {
      const before = structuredClone(start);
      const owned = events.reduce(
        (own, event) => evolveBy(owning, own, event),
        structuredClone(start),
      );
      expect(owned).toEqual(state);
      expect(start).toEqual(before);
    });
  });

  it('a merge by Assent names a human who approved that very head, with nothing since to end it', () => {
    check(({ start, events }) => {
      let state = start;
      for (const event of events) {
        if (event.type === 'item.merged' && event.data.by === 'assent') {
          const item = state.items[event.item ?? ''];
          expect(item?.pull_request?.head).toBe(event.data.head);
          expect(
            item?.approvals.some(
              ({ digest, gate }) => digest === event.data.head && gate !== 'plan.adopt',
            ),
          ).toBe(true);
        }
        state = evolve(state, event);
      }
    });
  });

  it('no approval of a contribution outlives a push', () => {
    check(({ start, events }) => {
      let state = start;
      events.forEach((event, index) => {
        state = evolve(state, event);
        const decided = events[index + 1]?.type !== 'approval.ended';
        if (event.type !== 'head.moved' || !decided) return;
        const approvals = state.items[event.item ?? '']?.approvals ?? [];
        expect(approvals.filter(({ gate }) => gate !== 'plan.adopt')).toEqual([]);
      });
    });
  });

  it('nothing happens to what has ended, but its receipts, its counting and its opening again', () => {
    const after = new Set(['item.created', 'merge.counted', 'cycle.closed']);
    check(({ start, events }) => {
      let state = start;
      for (const event of events) {
        const ended = event.item !== null && state.items[event.item] === undefined;
        if (ended && !event.type.startsWith('effect.')) expect(after).toContain(event.type);
        state = evolve(state, event);
      }
    });
  });

  it('each pull request is counted in one cycle, once', () => {
    check(({ events }) => {
      const counted = events.flatMap((event) =>
        event.type === 'merge.counted' ? [event.data.merge.pull_request] : [],
      );
      expect(new Set(counted).size).toBe(counted.length);
    });
  });
});

describe('in every authority', () => {
  const base = mergeAsked();
  const everyCommand = [
    ...commandsFor(base.state, base.id, true),
    ...others.map((command) => ({ command, actor: maintainer })),
    {
      command: { kind: 'propose', item: base.id, proposal: proposal('none') } as const,
      actor: system,
    },
    {
      command: { kind: 'retitle', item: base.id, title: 'New' } as const,
      actor: maintainer,
    },
    {
      command: { kind: 'block', item: base.id, reason: 'closed' } as const,
      actor: system,
    },
    {
      command: { kind: 'notify', item: base.id, to: 'ann', text: 'no' } as const,
      actor: system,
    },
  ];

  it.each(authorities)(
    '%s: each command gives events, or a refusal with a code and words',
    (authority) => {
      const item = { ...base.item, authority, approvals: [approval('pull_request.merge', 'a')] };
      const state = { ...base.state, items: { [base.id]: item } };
      for (const { command, actor } of everyCommand) {
        const decision = decide(state, command, { actor, at });
        if (decision.ok) expect(decision.value.events, command.kind).not.toHaveLength(0);
        else {
          expect(decision.refusal.code, command.kind).toMatch(/^[a-z_]+(\.[a-z_]+)?$/);
          expect(decision.refusal.message.length, command.kind).toBeGreaterThan(10);
        }
      }
    },
  );

  function proposal(run: string) {
    return {
      agent: 'reviewer' as const,
      run,
      action: 'review.publish',
      digest: 'd',
      content: null,
      usage: { input_tokens: 0, output_tokens: 0, usd: null, model: null },
    };
  }
});
