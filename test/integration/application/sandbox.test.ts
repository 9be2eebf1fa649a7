import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS } from '../../../src/application/repository.ts';
import { noSandbox } from '../../../src/composition.ts';
import { World } from './world.ts';

/** SECURITY.md: no sandbox, no step. Items that need one wait with that reason; the rest goes on. */
describe('on a machine without a sandbox', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    const sandbox = noSandbox('No sandbox on this machine.');
    await world.machine({ sandbox, timing: { blocked_ms: 10 } });
  });
  afterAll(() => world.end());

  it('a contribution waits with that reason, however often it is looked at', async () => {
    const { id, number } = await world.planned('Needs a sandbox');
    await world.label('maintainer', number, 'assent:approve');
    const item = await world.until(
      'more looks than a failing run has attempts',
      ({ items }) => (items[id]?.attempts ?? 0) > MAX_ATTEMPTS && items[id],
    );
    expect(item).toMatchObject({ note: 'No sandbox on this machine.', stage: 'contribution' });
    expect(item.authority).not.toBe('dead');
    // In between it is tried again, and says so.
    await expect
      .poll(() => world.comment1(number), { timeout: 8_000, interval: 5 })
      .toContain('No sandbox on this machine.');
  });

  it("a person's pull request is reviewed and merged", async () => {
    const pull = await world.pull('writer', 'by-hand');
    await world.waits(`pull-${pull}`, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
  });
});
