import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { World } from './world.ts';

const clock = (date: Date): string => date.toISOString().slice(11, 16);

/** What only time stands against goes on when the time comes, though nobody says anything. */
describe('a merge outside its window', () => {
  let world: World;
  beforeAll(async () => {
    const opens = new Date(Date.now() + 3 * 60_000);
    const closes = new Date(opens.getTime() + 10 * 3_600_000);
    const window = `{ actions: [pull_request.merge], hours: "${clock(opens)}-${clock(closes)}", timezone: UTC }`;
    world = await World.begin({ policies: `${policies}windows: [${window}]\n` });
    await world.machine({ timing: { blocked_ms: 4000 } });
  });
  afterAll(() => world.end());

  it('waits with that reason, and is merged once the window opens, without news', async () => {
    const { id, pull } = await world.contributed('Later today');
    await world.review('maintainer', pull, 'APPROVE');
    await world.until('the reason', ({ items }) => items[id]?.note?.includes('window'));
    // The approval has been heard, and denied: from here on there is no news.
    await world.settled();
    expect(await world.item(id)).toMatchObject({ stage: 'merge', authority: 'waiting_for_human' });
    world.tick(4 * 60);
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });
});
