import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { World } from './world.ts';

/** One body that a handler stumbles over, whatever the reason, is one body. */
describe('a delivery that cannot be taken', () => {
  let world: World;
  let stumbling = true;
  const stumble = (repository: Repository): Repository => ({
    ...repository,
    host: {
      ...repository.host,
      pullRequestWithEvidence: async (number) => {
        if (stumbling) throw new TypeError('a fault of ours');
        return repository.host.pullRequestWithEvidence(number);
      },
    },
  });

  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around: stumble });
  });
  afterAll(() => world.end());

  it('holds up nothing that comes after it, and is taken once it can be', async () => {
    const pull = await world.pull('writer', 'odd');
    await world.planned('Something else');
    expect(await world.item(`pull-${pull}`)).toBeUndefined();
    const stuck = await world.machines[0]?.composed.engine.inbox.counts();
    expect(stuck?.waiting).toBeGreaterThan(0);
    stumbling = false;
    world.tick(300);
    await world.issue('Wakes it up');
    await world.waits(`pull-${pull}`, 'merge');
    await world.settled();
    const rest = await world.machines[0]?.composed.engine.inbox.counts();
    expect(rest).toMatchObject({ waiting: 0, outcomes: { failed: 0 } });
  });
});
