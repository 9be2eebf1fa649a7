import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PowerCut, type Act } from './kill.ts';
import { Queue } from './queue.ts';
import { fieldOf, World } from './world.ts';

const mergedBy = async (world: World, number: number): Promise<unknown> =>
  fieldOf(await world.act('owner', 'GET', `/pulls/${number}`), 'merged');

const counted = async (world: World, number: number) =>
  (await world.history()).flatMap((event) =>
    event.type === 'merge.counted' && event.data.merge.pull_request === number
      ? [event.data.merge]
      : [],
  );

describe('a branch with a merge queue', () => {
  let world: World;
  let queue: Queue;
  beforeAll(async () => {
    world = await World.begin();
    queue = new Queue(world);
    await queue.open();
    await world.machine();
  });
  afterAll(() => world.end());

  it('merges what was approved, when the evidence held for the group too; recorded as ours, counted once', async () => {
    const { number, id, head } = await queue.pull('through');
    await world.review('maintainer', number, 'APPROVE');
    const group = await queue.group(number);
    await world.settled();
    expect(await world.comment1(number)).toContain('in the merge queue');
    expect(await queue.said(group)).toMatchObject([{ conclusion: 'success' }]);
    expect((await queue.said(group))[0]?.summary).toContain(`#${number} at ${head.slice(0, 12)}`);
    expect(await mergedBy(world, number)).toBe(false);
    await queue.ci(group);
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    await world.settled();
    expect(await counted(world, number)).toMatchObject([
      { sha: group, approvals: ['maintainer by review'] },
    ]);
    const merged = (await world.history()).find(
      (event) => event.item === id && event.type === 'item.merged',
    );
    expect(merged?.data).toMatchObject({ by: 'assent', head });
  });

  it('hears of a group twice and in the wrong order, and says the same once', async () => {
    const { number, id } = await queue.pull('noisy');
    world.simulator.faults.duplicateDeliveries = 20;
    world.simulator.faults.reorderDeliveries = 4;
    await world.review('maintainer', number, 'APPROVE');
    const group = await queue.group(number);
    await world.settled();
    await queue.ci(group);
    await world.ended(id);
    await world.settled();
    world.simulator.faults.reset();
    expect(await queue.said(group)).toMatchObject([{ conclusion: 'success' }]);
    expect(await counted(world, number)).toHaveLength(1);
  });

  it.each<
    readonly [what: string, end: (pull: { number: number; review: number }) => Promise<unknown>]
  >([
    [
      'a review that is dismissed',
      ({ number, review }) =>
        world.act('owner', 'PUT', `/pulls/${number}/reviews/${review}/dismissals`, {
          message: 'No.',
        }),
    ],
    ['a push', () => world.push('writer', 'ends-by-a-push', 'more.txt', 'sneaked in\n')],
  ])('%s takes it out of the queue: nothing unapproved is merged there', async (what, end) => {
    const { number, id } = await queue.pull(`ends-by-${what.replaceAll(' ', '-')}`);
    const review = await world.review('maintainer', number, 'APPROVE');
    const group = await queue.group(number);
    await world.settled();
    await end({ number, review });
    await world.until('it to be out of the queue', ({ intents }) =>
      Object.values(intents).every(({ payload }) => payload['pull_request'] !== number),
    );
    await world.settled();
    expect((await queue.groups()).has(number)).toBe(false);
    await queue.ci(group);
    await world.settled();
    expect(await mergedBy(world, number)).toBe(false);
    expect(await world.waits(id, 'merge')).toMatchObject({ approvals: [] });
    await world.act('writer', 'PATCH', `/pulls/${number}`, { state: 'closed' });
    await world.ended(id);
  });

  it('a halt reaches what stands in the queue; it is put back when work goes on', async () => {
    const { number, id } = await queue.pull('halted');
    await world.review('maintainer', number, 'APPROVE');
    await queue.group(number);
    await world.settled();
    await world.comment('writer', number, '/assent halt');
    await world.until(
      'it to be out',
      ({ intents, control }) =>
        control.halted !== null &&
        Object.values(intents).every(({ waiting }) => waiting === undefined),
    );
    expect((await queue.groups()).has(number)).toBe(false);
    // Put back by hand meanwhile: asked about the group, Assent does not say yes.
    const node = String(fieldOf(await world.act('owner', 'GET', `/pulls/${number}`), 'node_id'));
    await queue.enqueue('writer', node);
    const group = (await queue.groups()).get(number) ?? '';
    await queue.ci(group);
    await world.settled();
    expect(await queue.said(group)).toMatchObject([
      { conclusion: 'failure', title: 'Assent is halted' },
    ]);
    expect(await mergedBy(world, number)).toBe(false);
    await world.comment('maintainer', number, '/assent resume');
    await queue.ci(await queue.group(number));
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('what its CI puts out waits for a person, who can have it tried again', async () => {
    const { number, id } = await queue.pull('red-there');
    await world.review('maintainer', number, 'APPROVE');
    await queue.ci(await queue.group(number), 'failure');
    const dead = await world.until('the end of it', ({ items }) => {
      const item = items[id];
      return item?.authority === 'dead' && item;
    });
    expect(dead.note).toContain('CI_FAILURE');
    await world.settled();
    expect((await queue.groups()).has(number)).toBe(false);
    await world.comment('writer', number, '/assent retry');
    await queue.ci(await queue.group(number));
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('what a person puts there unapproved gets no yes; merged all the same, it is theirs', async () => {
    await queue.protect(['ci']);
    const { number, id, node } = await queue.pull('by-hand');
    await queue.enqueue('writer', node);
    await world.settled();
    const group = (await queue.groups()).get(number) ?? '';
    expect(await queue.said(group)).toMatchObject([
      { conclusion: 'failure', title: `Not approved: #${number}` },
    ]);
    await queue.ci(group);
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    await world.settled();
    expect(await counted(world, number)).toMatchObject([{ approvals: ['writer merged by hand'] }]);
    await queue.protect(['assent', 'ci']);
  });
});

describe('the power goes while a merge stands in the queue', () => {
  let world: World;
  let queue: Queue;
  beforeAll(async () => {
    world = await World.begin();
    queue = new Queue(world);
    await queue.open();
  });
  afterAll(() => world.end());

  it.each<readonly [what: string, act: Act]>([
    ['as it is put in', 'enqueue'],
    ['as its group is answered', 'mergeGroup'],
  ])('%s: it is merged once, as ours', async (what, act) => {
    const power = new PowerCut(act, 0);
    await world.machine({ around: power.around, mortal: true });
    const { number, id } = await queue.pull(what.replaceAll(' ', '-'));
    await world.review('maintainer', number, 'APPROVE');
    await power.struck;
    // The webhook about the group went to the machine that died, with its inbox.
    await world.machine();
    await queue.ci(await queue.group(number));
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    await world.settled();
    expect(await counted(world, number)).toMatchObject([{ approvals: ['maintainer by review'] }]);
  });

  it('and it is merged while Assent is away: as ours all the same', async () => {
    const machine = await world.machine();
    const { number, id } = await queue.pull('away');
    await world.review('maintainer', number, 'APPROVE');
    const group = await queue.group(number);
    await world.settled();
    world.simulator.setWebhook(null);
    await machine.stop();
    await queue.ci(group);
    expect(await mergedBy(world, number)).toBe(true);
    await world.machine();
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    expect(await counted(world, number)).toMatchObject([{ approvals: ['maintainer by review'] }]);
  });
});
