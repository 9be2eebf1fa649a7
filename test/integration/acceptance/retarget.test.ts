import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../application/world.ts';

describe('a pull request that is led to another branch', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('needs a new approval: what was approved for one branch is another change on the next', async () => {
    await world.branch('writer', 'dev');
    const pull = await world.pull('writer', 'feature');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.label('writer', pull, 'assent:hold');
    await world.until('the hold', ({ items }) => items[id]?.held);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { base: 'dev' });
    await world.review('maintainer', pull, 'APPROVE');
    await world.label('maintainer', pull, 'assent:approve');
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { base: 'main' });
    await world.unlabel('writer', pull, 'assent:hold');
    const item = await world.until(
      'both to count for nothing',
      ({ items }) => (items[id]?.gate?.ignored.length ?? 0) >= 2 && items[id],
    );
    expect(item).toMatchObject({ authority: 'waiting_for_human', stage: 'merge' });
    await world.settled();
    expect((await world.item(id))?.approvals).toEqual([]);

    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });
});
