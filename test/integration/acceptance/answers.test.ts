import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../application/world.ts';

describe('what Assent answers to a command', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('nothing, where the approval is counted already', async () => {
    const { id, number } = await world.planned('Counted already');
    const hooks = world.machines[0]?.url ?? '';
    world.simulator.setWebhook(null);
    await world.comment('maintainer', number, '/assent approve');
    world.simulator.setWebhook(`${hooks}/api/github/webhooks`);
    // Whatever makes it look, the evidence is read whole: the first command counts before anybody tells of it.
    await world.label('triager', number, 'assent:approve');
    await world.until('the approval', ({ items }) => items[id]?.approvals.length === 1);
    await world.comment('maintainer', number, '/assent approve');
    await world.settled();
    expect((await world.item(id))?.notices).toEqual([]);
  });

  it('to a retry of what did not fail, in words of the item', async () => {
    const { id, number } = await world.planned('Nothing failed');
    await world.comment('maintainer', number, '/assent retry');
    const item = await world.until(
      'the answer',
      ({ items }) => (items[id]?.notices.length ?? 0) > 0 && items[id],
    );
    expect(item.notices[0]?.text).toBe('there is nothing to retry: the plan waits for a human');
  });
});
