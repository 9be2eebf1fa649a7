import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventActor } from '../../../src/domain/ledger/envelope.ts';
import type { Command } from '../../../src/domain/work-item/command.ts';
import { decide, system } from '../../../src/domain/work-item/decide.ts';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { evolve } from '../../../src/domain/work-item/evolve.ts';
import { initialState, type GovernanceState } from '../../../src/domain/work-item/state.ts';
import { commandsFor } from '../../support/machine-walk.ts';
import { approval, at, gate, maintainer, mergeAsked, owner } from '../../support/machine.ts';

/** Two items that know nothing of each other, each on its way: a pull request waiting for its merge, an issue in triage. */
function twoItems(): GovernanceState {
  const waiting = mergeAsked().state;
  const opened = decide(
    waiting,
    {
      kind: 'open_item',
      item_kind: 'issue',
      number: 2,
      title: 'Another',
      author: null,
      pull_request: null,
    },
    { actor: owner, at },
  );
  if (!opened.ok) throw new Error(opened.refusal.message);
  return opened.value.state;
}

interface Step {
  readonly command: Command;
  readonly actor: EventActor;
}

const eventsOf = (state: GovernanceState, { command, actor }: Step): readonly TimedEvent[] => {
  const decision = decide(state, command, { actor, at });
  return decision.ok ? decision.value.events.map((event) => ({ ...event, at })) : [];
};

/** A walk of `steps` decided for one item alone. */
function journey(
  state: GovernanceState,
  id: string,
  picks: readonly number[],
): readonly TimedEvent[] {
  const events: TimedEvent[] = [];
  let now = state;
  for (const pick of picks) {
    const all = commandsFor(now, id, false);
    const step = all[pick % Math.max(1, all.length)];
    if (step === undefined) break;
    const decided = eventsOf(now, step);
    events.push(...decided);
    now = decided.reduce(evolve, now);
  }
  return events;
}

/** What is counted for the repository as a whole has an order: a merge has its place in a cycle. */
const hasAnOrder = ({ type }: TimedEvent): boolean =>
  type === 'merge.counted' || type === 'cycle.closed' || type === 'gate.overridden';

const merged = (
  left: readonly TimedEvent[],
  right: readonly TimedEvent[],
  leftFirst: readonly boolean[],
): readonly TimedEvent[] => {
  const rest = { left: [...left], right: [...right] };
  const events: TimedEvent[] = [];
  for (let index = 0; rest.left.length + rest.right.length > 0; index += 1) {
    const side = leftFirst[index % leftFirst.length] === true ? rest.left : rest.right;
    const next = side.shift() ?? rest.left.shift() ?? rest.right.shift();
    if (next !== undefined) events.push(next);
  }
  return events;
};

const picks = fc.array(fc.nat(500), { maxLength: 25 });
const seed = 20_261_121;

describe('events commute', () => {
  it('that are about different items, in whatever order two webhooks arrived', () => {
    const start = twoItems();
    fc.assert(
      fc.property(
        picks,
        picks,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        (one, other, order) => {
          const left = journey(start, 'issue-1', one).filter((event) => !hasAnOrder(event));
          const right = journey(start, 'issue-2', other).filter((event) => !hasAnOrder(event));
          const straight = [...left, ...right].reduce(evolve, start);
          expect(merged(left, right, order).reduce(evolve, start)).toEqual(straight);
        },
      ),
      { numRuns: 100, seed },
    );
  });

  it.each<readonly [string, Step, Step]>([
    [
      'the switch and a step of an item',
      { command: { kind: 'halt', reason: 'stop' }, actor: owner },
      {
        command: { kind: 'terminate', item: 'issue-2', outcome: 'closed', reason: 'x' },
        actor: owner,
      },
    ],
    [
      'two agents turned off',
      { command: { kind: 'disable_agent', agent: 'triager', reason: 'x' }, actor: owner },
      { command: { kind: 'disable_agent', agent: 'reviewer', reason: 'y' }, actor: maintainer },
    ],
    [
      'a hold and a push',
      { command: { kind: 'hold', item: 'issue-1', reason: 'later' }, actor: owner },
      {
        command: { kind: 'move_head', item: 'issue-1', after: 'b', reason: 'pushed' },
        actor: system,
      },
    ],
  ])('%s', (_what, one, other) => {
    const start = twoItems();
    const [left, right] = [eventsOf(start, one), eventsOf(start, other)];
    expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
    expect([...left, ...right].reduce(evolve, start)).toEqual(
      [...right, ...left].reduce(evolve, start),
    );
  });

  it('the receipts of different effects', () => {
    const intended = ['comment/1', 'check/a', 'labels/1'].flatMap((key) =>
      eventsOf(initialState, {
        command: { kind: 'intend', item: 'issue-1', key, effect: 'comment.upsert', payload: {} },
        actor: system,
      }),
    );
    const before = intended.reduce(evolve, initialState);
    const receipts = ['comment/1', 'check/a', 'labels/1'].flatMap((key) =>
      eventsOf(before, {
        command: { kind: 'effect_done', key, receipt: { slot: key, digest: 'd' } },
        actor: system,
      }),
    );
    expect(receipts).toHaveLength(3);
    expect(receipts.toReversed().reduce(evolve, before)).toEqual(receipts.reduce(evolve, before));
  });
});

describe('what is asked of people has no order either', () => {
  const two = [
    approval('pull_request.merge', 'a', 'review', maintainer),
    approval('pull_request.merge', 'a', 'label', owner),
  ];

  it('two approvals give the same gate whoever spoke first', () => {
    const states = [two, two.toReversed()].map((approvals) => {
      const { state } = mergeAsked();
      const decision = decide(
        state,
        {
          kind: 'assess_gate',
          item: 'issue-1',
          gate: gate('pull_request.merge', 'a', false),
          approvals,
          sufficient: true,
          ended_because: 'gone',
        },
        { actor: system, at },
      );
      if (!decision.ok) throw new Error(decision.refusal.message);
      const { authority, approvals: standing } = decision.value.state.items['issue-1'] ?? {};
      return { authority, standing: standing?.toSorted((a, b) => a.id - b.id) };
    });
    expect(states[0]).toEqual(states[1]);
    expect(states[0]?.authority).toBe('approved');
  });
});

describe('events do not commute', () => {
  it('a push and a look at the evidence: the yes before the push is none after it', () => {
    const start = mergeAsked().state;
    const push: Step = {
      command: { kind: 'move_head', item: 'issue-1', after: 'b', reason: 'pushed' },
      actor: system,
    };
    const look: Step = {
      command: {
        kind: 'assess_gate',
        item: 'issue-1',
        gate: gate('pull_request.merge', 'a', false),
        approvals: [approval('pull_request.merge', 'a')],
        sufficient: true,
        ended_because: 'gone',
      },
      actor: system,
    };
    const pushed = eventsOf(start, push).reduce(evolve, start);
    expect(decide(pushed, look.command, { actor: system, at })).toMatchObject({
      ok: false,
      refusal: { code: 'unchanged' },
    });
  });
});
