import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, World } from '../application/world.ts';

const segment = '.ai_metadata/history/000001.jsonl';
const branch = 'assent/ledger';

describe('a history that somebody edited', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('stops everything there, says so to whoever runs it, and is gone on from once it is put back', async () => {
    const { id, number } = await world.planned('Edited');
    await world.settled();
    const ref = await world.act('owner', 'GET', `/git/ref/heads/${branch}`);
    const text = (await world.read(branch, segment)) ?? '';
    await world.push('owner', branch, segment, text.replace('"login":"reader"', '"login":"owner"'));
    await world.label('maintainer', number, 'assent:approve');

    await expect
      .poll(async () => (await world.machines[0]?.service.shown())?.[0]?.faults.join('\n'), {
        timeout: 5_000,
      })
      .toMatch(/^assent\/ledger: .*000001\.jsonl/s);
    expect(world.log.join('\n')).toMatch(/error nothing goes on there .*acme\/widgets/);

    const sha = fieldOf(fieldOf(ref, 'object'), 'sha');
    await world.act('owner', 'PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
    await world.waits(id, 'merge');
    expect((await world.machines[0]?.service.shown())?.[0]?.faults).toEqual([]);
  });
});
