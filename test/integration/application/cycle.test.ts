import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from './world.ts';

describe('every few merges the roadmap is brought up to date', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  const counted = async () =>
    (await world.history()).flatMap((event) =>
      event.type === 'merge.counted' ? [event.data.merge.pull_request] : [],
    );

  const mergeByHand = async (name: string): Promise<number> => {
    const pull = await world.pull('writer', name);
    await world.merge('owner', pull);
    await world.ended(`pull-${pull}`);
    return pull;
  };

  it('four merges open nothing; the fifth opens one item and one pull request, across a restart and redeliveries', async () => {
    const pulls = [];
    for (const name of ['one', 'two', 'three', 'four']) pulls.push(await mergeByHand(name));
    await world.settled();
    expect((await world.state()).items['cycle-1']).toBeUndefined();

    await world.machines.at(-1)?.stop();
    await world.machine();
    // Those there are: each redelivery is itself one more, and the list would have no end.
    const closings = world.simulator.deliveries.filter(
      ({ event, action }) => event === 'pull_request' && action === 'closed',
    );
    for (const { id } of [...closings, ...closings]) await world.simulator.redeliver(id);
    await world.settled();
    expect(await counted()).toEqual(pulls);

    pulls.push(await mergeByHand('five'));
    const { pull_request } = await world.waits('cycle-1', 'merge');
    expect(await counted()).toEqual(pulls);
    const open = await world.act('owner', 'GET', '/pulls?state=open&per_page=100');
    expect(open).toMatchObject([
      { number: pull_request?.number, title: 'docs: roadmap after cycle 1' },
    ]);
    expect(await world.read('main', 'ROADMAP.md')).toContain('- [ ] Widgets hold');
  });

  it('a sixth merge is the next cycle’s, while the first waits', async () => {
    await mergeByHand('six');
    const { cycle, items } = await world.state();
    expect(cycle).toMatchObject({ number: 2, merges: [{ title: 'Add six.txt' }] });
    expect(items['cycle-1']).toMatchObject({ stage: 'merge' });
  });

  it('a push on its pull request is asked about anew, on the new head', async () => {
    const { pull_request, gate } = await world.waits('cycle-1', 'merge');
    const branch = pull_request?.branch ?? '';
    await world.push('writer', branch, 'aside.txt', 'aside\n');
    const moved = await world.until('the new head to be asked about', ({ items }) => {
      const item = items['cycle-1'];
      return item?.gate?.digest !== gate?.digest && item?.authority === 'waiting_for_human' && item;
    });
    expect(moved.gate?.digest).toBe(moved.pull_request?.head);
  });

  it('the roadmap changes with a human’s approval, by one line, and its merge is no work of a cycle', async () => {
    const before = (await world.read('main', 'ROADMAP.md')) ?? '';
    const { pull_request } = await world.waits('cycle-1', 'merge');
    await world.review('maintainer', pull_request?.number ?? 0, 'APPROVE');
    expect(await world.ended('cycle-1')).toMatchObject({ outcome: 'published' });
    await world.settled();
    const after = (await world.read('main', 'ROADMAP.md')) ?? '';
    const differing = after.split('\n').filter((line, at) => line !== before.split('\n')[at]);
    expect(differing).toEqual(['- [x] Widgets hold']);
    expect(await world.read('main', '.ai_metadata/queue.json')).not.toBeNull();
    expect((await world.state()).cycle.merges).toHaveLength(1);
    expect(await counted()).not.toContain(pull_request?.number);
  });

  it('a merge by hand while Assent was away, after a published cycle, is not forgotten', async () => {
    await world.settled();
    await world.machines.at(-1)?.stop();
    world.simulator.setWebhook(null);
    const pull = await world.pull('writer', 'seven');
    await world.merge('owner', pull);
    await world.machine();
    await world.ended(`pull-${pull}`);
    await world.settled();
    expect((await counted()).filter((one) => one === pull)).toHaveLength(1);
  });
});
