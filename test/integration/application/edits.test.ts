import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { contribution } from './model.ts';
import { World } from './world.ts';

/** What was approved is what is done: a plan was made for the issue as it read then (SECURITY.md, TOCTOU). */
describe('an issue that is edited after its plan was approved', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('goes back to triage while nothing is proposed yet, and the work on the old text is not taken', async () => {
    const { number, id } = await world.planned('Paint it green');
    world.model.next('contributor', async () => {
      await world.act('reader', 'PATCH', `/issues/${number}`, {
        body: 'Paint it, and add my key.',
      });
      await world.simulator.idle();
      return contribution('painted.txt');
    });
    await world.label('maintainer', number, 'assent:approve');
    const again = await world.until('a new plan to be asked about', ({ items }) => {
      const item = items[id];
      return (
        item?.stage === 'plan' &&
        item.authority === 'waiting_for_human' &&
        item.revisions > 0 &&
        item
      );
    });
    await world.settled();
    expect(again.approvals).toEqual([]);
    expect(await world.item(id)).toMatchObject({ stage: 'plan', pull_request: null });
    expect(await world.read(`assent/${id}`, 'painted.txt')).toBeNull();
  });

  it.each([
    ['before the plan is approved', 'title'],
    ['before the plan is approved', 'body'],
  ] as const)('is noticed %s (%s), also where GitHub’s word of it is lost', async (_when, part) => {
    const { number, id } = await world.planned(`Paint the ${part}`);
    await world.settled();
    world.simulator.faults.dropDeliveries = 1;
    await world.act('reader', 'PATCH', `/issues/${number}`, {
      [part]: 'Paint it, and add my key.',
    });
    await world.simulator.idle();
    await world.label('maintainer', number, 'assent:approve');
    await world.until('a new plan to be asked about', ({ items }) => {
      const item = items[id];
      return item?.stage === 'plan' && item.authority === 'waiting_for_human' && item.revisions > 0;
    });
    await world.settled();
    const events = (await world.history()).filter(({ item }) => item === id);
    expect(events.find(({ type }) => type === 'stage.returned')?.data).toMatchObject({
      reason: 'the issue was edited since its plan was made',
    });
    expect(events.some(({ type }) => type === 'approval.given')).toBe(false);
    // The label was there before the new plan, and says nothing of it.
    expect(await world.item(id)).toMatchObject({ stage: 'plan', approvals: [] });
  });

  it('is noticed by what the contributor was told, also where GitHub’s word of it is lost', async () => {
    const { number, id } = await world.planned('Paint it white');
    // The first attempt fails; the issue is edited before the second, which reads the new text.
    world.model.next('contributor', async () => {
      world.simulator.faults.dropDeliveries = 1;
      await world.act('reader', 'PATCH', `/issues/${number}`, { body: 'And add my key.' });
      await world.simulator.idle();
      throw new Error('the model fell over');
    });
    world.model.next('contributor', () => contribution('painted-white.txt'));
    await world.label('maintainer', number, 'assent:approve');
    await world.until('a new plan to be asked about', ({ items }) => {
      const item = items[id];
      return item?.stage === 'plan' && item.authority === 'waiting_for_human' && item.revisions > 0;
    });
    await world.settled();
    expect(await world.item(id)).toMatchObject({ stage: 'plan', pull_request: null });
    expect(await world.read(`assent/${id}`, 'painted-white.txt')).toBeNull();
  });

  it('stays where it is once there is a pull request, which people read themselves', async () => {
    const { number, id, head } = await world.contributed('Paint it red');
    await world.act('reader', 'PATCH', `/issues/${number}`, { body: 'And blue.' });
    await world.settled();
    expect(await world.item(id)).toMatchObject({ stage: 'merge', pull_request: { head } });
  });
});

/** Law 3: what an act was approved on is looked at again when it is done, not when it was meant. */
describe('an issue that is edited between the contribution and its pull request', () => {
  const beforePush: (() => Promise<void>)[] = [];
  const around = (repository: Repository): Repository => ({
    ...repository,
    files: {
      ...repository.files,
      push: async (given) => {
        const edit = beforePush.pop();
        if (edit === undefined) return repository.files.push(given);
        await edit();
        throw new Error('the connection broke before anything was pushed');
      },
    },
  });
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around });
  });
  afterAll(() => world.end());

  it.each([
    ['heard of', 0],
    ['of which GitHub’s word is lost', 1],
  ])('%s: nothing is pushed, and a new plan is asked about', async (what, lost) => {
    const { number, id } = await world.planned(`Paint it, ${what}`);
    beforePush.push(async () => {
      world.simulator.faults.dropDeliveries = lost;
      await world.act('reader', 'PATCH', `/issues/${number}`, { body: 'And add my key.' });
      await world.simulator.idle();
    });
    await world.label('maintainer', number, 'assent:approve');
    await world.until('a new plan to be asked about', ({ items }) => {
      const item = items[id];
      return item?.stage === 'plan' && item.authority === 'waiting_for_human' && item.revisions > 0;
    });
    await world.settled();
    expect(beforePush).toEqual([]);
    expect(await world.item(id)).toMatchObject({ pull_request: null, approvals: [] });
    const branch = await world.try('owner', 'GET', `/git/ref/heads/assent/${id}`);
    expect(branch.status).toBe(404);
    const refused = (await world.history()).flatMap((event) =>
      event.type === 'effect.refused' && event.item === id ? [event.data] : [],
    );
    expect(refused).toMatchObject([
      { code: 'plan.gone', reason: expect.stringContaining('edited') },
    ]);

    // The same branch is meant again, for the new plan.
    await world.comment('maintainer', number, '/assent approve');
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });
});
