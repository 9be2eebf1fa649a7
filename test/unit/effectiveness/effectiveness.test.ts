import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptance,
  EffectivenessFold,
  medianWait,
  totalOf,
} from '../../../src/domain/effectiveness/effectiveness.ts';
import type {
  DomainEvent,
  EventData,
  EventType,
  TimedEvent,
} from '../../../src/domain/work-item/event.ts';
import { versions } from '../../../src/domain/work-item/event.ts';
import type { Gate } from '../../../src/domain/work-item/state.ts';

const actor = { kind: 'system', id: null, login: 'assent' } as const;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute)).toISOString();
function event<T extends EventType>(type: T, item: string | null, data: EventData[T], minute = 0) {
  const made = { type, version: versions[type], item, actor, data } as DomainEvent;
  return { ...made, at: at(minute) } as TimedEvent;
}

const usage = (usd: number | null = 0.5) => ({
  input_tokens: 100,
  output_tokens: 20,
  usd,
  model: 'm',
});
const created = (item: string, kind: 'issue' | 'pull_request' | 'cycle') =>
  event('item.created', item, { kind, number: 1, title: 't', author: null, pull_request: null });
const proposed = (
  item: string,
  agent: 'contributor' | 'triager' | 'governor',
  usd?: number | null,
) =>
  event('agent.proposed', item, {
    agent,
    run: `${item}/r`,
    action:
      agent === 'contributor'
        ? 'pull_request.open'
        : agent === 'triager'
          ? 'issue.label'
          : 'roadmap.publish',
    digest: 'd',
    content: {},
    usage: usage(usd),
  });
const plan = (item: string) =>
  event('plan.published', item, {
    plan: {
      digest: 'd',
      summary: '',
      files: [],
      steps: [],
      risks: [],
      tests: [],
      published_at: at(0),
    },
  });
const gate = (item: string, action: Gate['action'], minute: number) =>
  event(
    'gate.requested',
    item,
    { gate: { action, digest: 'd', since: at(minute), waiting_for: [], ignored: [], rules: [] } },
    minute,
  );
const approved = (item: string, action: Gate['action'], minute: number) =>
  event('gate.approved', item, { action, digest: 'd' }, minute);
const merged = (item: string, outcome: 'merged' | 'published' = 'merged') =>
  event('item.merged', item, { pull_request: 1, head: 'h', sha: 's', by: 'assent', outcome });
const closed = (cycle: number) => event('cycle.closed', null, { cycle, pull_requests: [] });

function periodsOf(events: readonly TimedEvent[]) {
  const fold = new EffectivenessFold();
  for (const one of events) fold.take(one);
  return fold.periods();
}
const after = (...events: readonly TimedEvent[]) => totalOf(periodsOf(events));

describe('what people made of an agent’s work', () => {
  it.each([
    ['one contribution that is merged was accepted at first', 1, [1, 0]],
    ['two contributions before a merge are one, after rework', 2, [0, 1]],
    ['a merge of what the contributor did not make is none of its', 0, [0, 0]],
  ])('%s', (_title, times, expected) => {
    const { contributor } = after(
      created('i', 'issue'),
      ...Array.from({ length: times }, () => proposed('i', 'contributor')),
      merged('i'),
    );
    expect([contributor.accepted_at_first, contributor.accepted_after_rework]).toEqual(expected);
  });

  it('a plan is the triager’s, and a second one is rework', () => {
    const first = after(created('i', 'issue'), plan('i'), approved('i', 'plan.adopt', 1));
    const second = after(
      created('i', 'issue'),
      plan('i'),
      plan('i'),
      approved('i', 'plan.adopt', 1),
    );
    expect([first.triager.accepted_at_first, second.triager.accepted_after_rework]).toEqual([1, 1]);
  });

  it.each([
    ['plan.adopt', 'issue', 'triager'],
    ['pull_request.merge', 'issue', 'contributor'],
    ['roadmap.publish', 'cycle', 'governor'],
  ] as const)('a rejected %s of an %s is the %s’s', (action, kind, agent) => {
    const total = after(created('i', kind), event('gate.rejected', 'i', { action, reason: 'no' }));
    expect(total[agent].rejected).toBe(1);
    expect(Object.values(total).reduce((sum, { rejected }) => sum + rejected, 0)).toBe(1);
  });

  it('a person’s own pull request that is rejected is no agent’s', () => {
    const total = after(
      created('p', 'pull_request'),
      event('gate.rejected', 'p', { action: 'pull_request.merge', reason: 'no' }),
    );
    expect(Object.values(total).every(({ rejected }) => rejected === 0)).toBe(true);
  });

  it('a published roadmap is the governor’s', () => {
    const { governor } = after(
      created('c', 'cycle'),
      proposed('c', 'governor'),
      merged('c', 'published'),
    );
    expect(acceptance(governor)).toBe(1);
  });

  it('of nothing decided no share is told', () => {
    expect(acceptance(after(created('i', 'issue')).contributor)).toBeNull();
  });
});

describe('what it cost', () => {
  it('is the tokens of proposals and of questions, and the price where it is known', () => {
    const asked = event('question.asked', 'i', {
      run: 'r',
      agent: 'contributor',
      question: '?',
      checkpoint: null,
      usage: usage(),
    });
    const { contributor } = after(
      created('i', 'issue'),
      asked,
      proposed('i', 'contributor'),
      proposed('i', 'contributor', null),
    );
    expect(contributor).toMatchObject({ proposals: 2, tokens: 360, usd: 1, unpriced: 1 });
  });

  it('is what led to nothing, too, also where its item has ended', () => {
    const spent = (item: string | null) =>
      event('run.spent', item, { run: 'r', agent: 'contributor', usage: usage() });
    const { contributor } = after(
      created('i', 'issue'),
      proposed('i', 'contributor'),
      spent('i'),
      spent(null),
    );
    expect(contributor).toMatchObject({ proposals: 1, tokens: 360, tokens_in_vain: 240, usd: 1.5 });
  });

  it('in time is from a question to its decision, and what was asked anew counts from then', () => {
    const { triager } = after(
      created('i', 'issue'),
      gate('i', 'plan.adopt', 1),
      event('gate.reopened', 'i', { reason: 'edited' }, 30),
      gate('i', 'plan.adopt', 31),
      approved('i', 'plan.adopt', 33),
    );
    expect(triager.waits).toEqual([120]);
  });

  it('is never less than nothing, when clocks go back', () => {
    const { triager } = after(
      created('i', 'issue'),
      gate('i', 'plan.adopt', 10),
      approved('i', 'plan.adopt', 5),
    );
    expect(triager.waits).toEqual([0]);
  });

  it.each([
    [[], null],
    [[3], 3],
    [[9, 1, 5], 5],
    [[1, 2, 3, 10], 2.5],
  ])('the median of %j is %s', (waits, expected) => {
    expect(medianWait({ waits })).toBe(expected);
  });
});

describe('runs', () => {
  it('are counted for the agent that ran, also where they end badly', () => {
    const run = { run: 'r', reason: '', retry_at: at(1) };
    const { reviewer } = after(
      created('i', 'issue'),
      event('run.started', 'i', { run: 'r', agent: 'reviewer', attempt: 1 }),
      event('run.failed', 'i', { ...run, code: 'gate' }),
      event('model.unavailable', 'i', run),
      event('run.dead', 'i', { run: 'r', reason: '' }),
    );
    expect(reviewer).toMatchObject({ runs: 1, failed: 1, outages: 1, dead: 1 });
  });
});

describe('cycles', () => {
  const anyEvent = fc.oneof(
    fc.constantFrom('i', 'j').map((item) => created(item, 'issue')),
    fc.constantFrom('i', 'j').map((item) => proposed(item, 'contributor')),
    fc.constantFrom('i', 'j').map((item) => plan(item)),
    fc.constantFrom('i', 'j').map((item) => approved(item, 'plan.adopt', 3)),
    fc.constantFrom('i', 'j').map((item) => merged(item)),
    fc.nat(3).map((cycle) => closed(cycle + 1)),
  );

  it('each event counts in one cycle: taken apart by cycles, nothing is lost or doubled', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const apart = totalOf(periodsOf(events));
        const whole = totalOf(periodsOf(events.filter(({ type }) => type !== 'cycle.closed')));
        expect(apart).toEqual(whole);
      }),
    );
  });

  it('no more is accepted than was proposed', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const { contributor } = totalOf(periodsOf(events));
        const accepted = contributor.accepted_at_first + contributor.accepted_after_rework;
        expect(accepted).toBeLessThanOrEqual(contributor.proposals);
      }),
    );
  });

  it('what was told of a cycle does not change with what comes after it', () => {
    const before = periodsOf([created('i', 'issue'), proposed('i', 'contributor'), closed(1)]);
    const [first] = periodsOf([
      created('i', 'issue'),
      proposed('i', 'contributor'),
      closed(1),
      merged('i'),
    ]);
    expect(first).toEqual(before[0]);
  });
});
