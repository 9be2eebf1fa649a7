import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyDocuments, policySource } from '../../../src/composition.ts';
import type { PolicySet } from '../../../src/domain/policy/rules.ts';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

type Given = Extract<TimedEvent, { type: 'verdict.given' }>;

/** Decides every recorded verdict again, from what the history alone says. */
function decideAgain(history: readonly TimedEvent[]) {
  let inForce: PolicySet | null = null;
  return history.flatMap((event) => {
    if (event.type === 'policy.adopted') {
      const files = event.data.files.map(({ path, text }) => [path, text] as const);
      const loaded = policySource.load(new Map(files));
      inForce = loaded.ok ? loaded.value : null;
    }
    if (event.type !== 'verdict.given') return [];
    const request = policyDocuments.request('facts', JSON.stringify(event.data.facts));
    if (inForce === null || !request.ok) throw new Error(JSON.stringify({ event, request }));
    const { effect, satisfied, approvers, rules } = evaluate(inForce, request.value);
    return [{ event, again: { effect, satisfied, approvers, rules } }];
  });
}

describe('what policy said', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  const verdicts = async (item: string): Promise<readonly Given[]> =>
    (await world.history()).filter(
      (event): event is Given => event.type === 'verdict.given' && event.item === item,
    );
  const told = (all: readonly Given[]) =>
    all.map(({ data }) => `${data.action} ${data.effect} ${data.satisfied}`);

  it('is recorded of each proposal, of a gate when it is asked and when it opens, and at the merge', async () => {
    const { id, pull, number } = await world.contributed('Recorded');
    await world.comment('reader', number, 'A long story that nobody has to keep.');
    await world.comment('maintainer', pull, 'Nice, but that is no approval.');
    await world.review('reader', pull, 'COMMENT');
    await world.settled();
    const waiting = await verdicts(id);
    expect(told(waiting)).toEqual([
      'issue.label allow true',
      'plan.adopt require_human false',
      'plan.adopt require_human true',
      'pull_request.open allow true',
      'review.publish allow true',
      'pull_request.merge require_human false',
    ]);
    expect(JSON.stringify(waiting)).not.toContain('long story');

    await world.review('maintainer', pull, 'APPROVE');
    await world.ended(id);
    const merging = (await verdicts(id)).slice(waiting.length);
    expect(told(merging)).toEqual([
      'pull_request.merge require_human true',
      'pull_request.merge require_human true',
    ]);
    expect(merging.at(-1)?.data.approvers).toMatchObject([{ login: 'maintainer', by: 'review' }]);
  });

  it('is recorded before the approval that it counts', async () => {
    const types = (await world.history()).map(({ type, item }) => `${type} ${item}`);
    const given = types.findIndex((one) => one.startsWith('approval.given'));
    expect(types[given - 1]).toMatch(/^(verdict.given|gate.updated)/);
  });

  it('changes with the evidence and with the policies, each time once', async () => {
    const { id, pull, head } = await world.contributed('Changed its mind');
    await world.review('maintainer', pull, 'REQUEST_CHANGES');
    const next = await world.until('another head', ({ items }) => {
      const item = items[id];
      return item?.stage === 'merge' && item.pull_request?.head !== head && item;
    });
    await world.until('the gate', ({ items }) => items[id]?.authority === 'waiting_for_human');
    const before = (await verdicts(id)).length;
    const window = `{ actions: [pull_request.merge], days: [${aDayAway()}], hours: "09:00-17:00", timezone: UTC }`;
    const denying = `${policies}windows: [${window}]
`;
    await world.push('owner', 'main', 'policies/default.yml', denying);
    await world.until('a denial', ({ items }) => items[id]?.note?.includes('window'));
    await world.settled();
    const more = (await verdicts(id)).slice(before);
    expect(told(more)).toEqual(['pull_request.merge deny false']);
    expect(more[0]?.data.reason).toContain('window');
    expect(next.pull_request?.head).not.toBe(head);
    await world.push('owner', 'main', 'policies/default.yml', policies);
    await world.until('it to be asked again', ({ items }) => items[id]?.note === null);
  });

  it('can be decided again from the history alone, and is the same', async () => {
    const again = decideAgain(await world.history());
    expect(again.length).toBeGreaterThan(10);
    for (const { event, again: verdict } of again) expect(event.data).toMatchObject(verdict);
  });
});

/** A weekday that is neither today nor beside it, wherever the clock stands. */
const aDayAway = (): string => {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  return days[(new Date().getUTCDay() + 3) % 7] ?? 'mon';
};
