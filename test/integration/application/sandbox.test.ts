import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS } from '../../../src/application/repository.ts';
import { noSandbox } from '../../../src/composition.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import { World } from './world.ts';

const config = `version: 1
agents:
  contributor:
    steps: [{ name: test, run: 'true' }]
`;
const reason = 'No sandbox on this machine.';

/** SECURITY.md: no sandbox, no step. Items that need one wait with that reason; the rest goes on. */
describe('on a machine without a sandbox', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ sandbox: noSandbox(reason) });
  });
  afterAll(() => world.end());

  it('a contribution waits with that reason, said once, and no attempt at it is begun; with one it goes on', async () => {
    const { id, number } = await world.planned('Needs a sandbox');
    await world.label('maintainer', number, 'assent:approve');
    await world.until('it says so', ({ items }) => items[id]?.note === reason && items[id]);
    await expect.poll(() => world.comment1(number), { timeout: 8_000 }).toContain(reason);
    await world.settled();
    const told = (await world.history()).filter(({ item }) => item === id);
    expect(told.filter(({ type }) => type === 'item.blocked')).toHaveLength(1);
    expect(told.filter(({ type }) => type === 'run.failed')).toEqual([]);

    await world.machines.at(-1)?.stop();
    await world.machine();
    const item = await world.waits(id, 'merge');
    expect(item).toMatchObject({ attempts: 0, note: null });
    expect(item.pull_request).not.toBeNull();
  });
});

describe('on a machine without a sandbox, agents that are programs', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin({
      config: `version: 1
agents:
  triager: { uses: process, command: [/bin/false], tools: [] }
  reviewer: { uses: process, command: [/bin/false], tools: [] }
`,
    });
    await world.machine({ sandbox: noSandbox(reason) });
  });
  afterAll(() => world.end());

  it('wait with that reason, and no attempt at their work is begun', async () => {
    const triaged = `issue-${await world.issue('Needs a triager')}`;
    const reviewed = `pull-${await world.pull('writer', 'by-hand')}`;
    for (const id of [triaged, reviewed]) {
      await world.until(`${id} says so`, ({ items }) => items[id]?.note === reason);
    }
    await world.settled();
    const told = (await world.history()).filter(
      ({ item }) => item === triaged || item === reviewed,
    );
    expect(told.filter(({ type }) => /^run[.]/.test(type))).toEqual([]);
    expect(told.filter(({ type }) => type === 'item.blocked')).toHaveLength(2);
    expect(await world.item(triaged)).toMatchObject({ authority: 'created', attempts: 0 });
  });
});

describe('on a machine that loses its sandbox', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin({ config });
    const lost: Sandbox = {
      ...noSandbox(reason),
      capability: () => ({ kind: 'bubblewrap', reason: 'It was there.' }),
    };
    await world.machine({ sandbox: lost, timing: { blocked_ms: 10 } });
  });
  afterAll(() => world.end());

  it('a contribution is tried again for as long as it takes: nothing the item does can wear that out', async () => {
    const { id, number } = await world.planned('Loses its sandbox');
    await world.label('maintainer', number, 'assent:approve');
    const item = await world.until(
      'more looks than a failing run has attempts',
      ({ items }) => (items[id]?.attempts ?? 0) > MAX_ATTEMPTS && items[id],
    );
    expect(item).toMatchObject({ note: reason, stage: 'contribution' });
    expect(item.authority).not.toBe('dead');
  });

  it("a person's pull request is reviewed and merged", async () => {
    const pull = await world.pull('writer', 'by-hand');
    await world.waits(`pull-${pull}`, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
  });
});
