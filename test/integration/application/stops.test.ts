import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, away, contribution } from './model.ts';
import type { Repository } from '../../../src/application/repository.ts';
import { World } from './world.ts';

describe('law 8: a model that is away is waited for', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('at the triage: nothing is proposed, nothing is spent, and it goes on by itself', async () => {
    world.model.next('triager', away);
    const number = await world.issue('No model for the triage');
    const id = `issue-${number}`;
    const waiting = await world.until('the outage', ({ items }) => {
      const item = items[id];
      return item?.authority === 'model_unavailable' && item;
    });
    expect(waiting).toMatchObject({ attempts: 0, plan: null, proposal: null });
    expect((await world.waits(id, 'plan')).attempts).toBe(0);
    expect((await world.state()).cycle.tally.model_outages).toBe(1);
  });

  it('in the midst of a contribution: no half a branch, no pull request', async () => {
    const { id, number } = await world.planned('No model for the contribution');
    world.model.next('contributor', away);
    await world.label('maintainer', number, 'assent:approve');
    const waiting = await world.until('the outage', ({ items }) => {
      const item = items[id];
      return item?.authority === 'model_unavailable' && item;
    });
    expect(waiting).toMatchObject({ stage: 'contribution', pull_request: null });
    const { status } = await world.try('owner', 'GET', `/git/ref/heads/assent/${id}`);
    expect(status).toBe(404);
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('an answer that is none costs an attempt; three are the end, and only a writer goes on', async () => {
    const nonsense = answer('I would rather not.');
    world.model.next('triager', ...Array.from({ length: 9 }, () => nonsense));
    const number = await world.issue('Talkative model');
    const id = `issue-${number}`;
    await world.until('the end of it', ({ items }) => items[id]?.authority === 'dead');
    await world.settled();
    expect(await world.comment1(number)).toContain('/assent retry');
    await world.comment('reader', number, '/assent retry');
    await world.until('the reader to be refused', ({ items }) => items[id]?.notices.length === 1);
    expect(await world.item(id)).toMatchObject({ authority: 'dead' });
    await world.comment('writer', number, '/assent retry');
    expect((await world.waits(id, 'plan')).attempts).toBe(0);
  });
});

describe('law 9: an act that is meant already', () => {
  let world: World;
  let merges = 0;
  const failsOnce = (repository: Repository): Repository => ({
    ...repository,
    host: new Proxy(repository.host, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'merge' || typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          merges += 1;
          if (merges > 1) return Reflect.apply(value, target, [...args]);
          // Between this attempt and the next one somebody stops everything.
          await world.comment('writer', number, '/assent halt');
          await world.simulator.idle();
          throw new Error('no answer from GitHub');
        };
      },
    }),
  });
  let number = 0;

  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around: failsOnce });
  });
  afterAll(() => world.end());

  it('is not tried again once halted, and is once resumed', async () => {
    const { id, pull, number: issue } = await world.contributed('Halted between attempts');
    number = issue;
    await world.review('maintainer', pull, 'APPROVE');
    await world.until('the halt', ({ control }) => control.halted);
    await world.settled();
    // Long past the time of its next attempt, and somebody says something.
    world.tick(60);
    await world.comment('reader', number, 'Is it merged?');
    await world.settled();
    expect(merges).toBe(1);
    await world.comment('maintainer', number, '/assent resume');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    expect(merges).toBe(2);
  });
});

describe('law 9: one act stops everything', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  const halted = () => world.until('the halt', ({ control }) => control.halted);
  const resumed = () => world.until('the resumption', ({ control }) => control.halted === null);

  it('a halt stops what is under way before it is done; it takes maintain to go on', async () => {
    const { id, number } = await world.planned('Halted at work');
    world.model.next('contributor', async ({ subject }) => {
      await world.comment('writer', number, '/assent halt something smells');
      await halted();
      return contribution(`${subject}.txt`);
    });
    await world.label('maintainer', number, 'assent:approve');
    await halted();
    await world.settled();
    expect(await world.try('owner', 'GET', `/git/ref/heads/assent/${id}`)).toMatchObject({
      status: 404,
    });
    expect((await world.item(id))?.pull_request).toBeNull();

    await world.comment('writer', number, '/assent resume');
    await world.until('the refusal', ({ items }) =>
      items[id]?.notices.some(({ text }) => text.includes('takes maintain permission')),
    );
    expect((await world.state()).control.halted).not.toBeNull();
    await world.comment('maintainer', number, '/assent resume');
    await resumed();
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('an approval given while halted counts once it goes on, not before', async () => {
    const { id, pull, number } = await world.contributed('Approved while halted');
    await world.comment('writer', number, '/assent halt');
    await halted();
    await world.review('maintainer', pull, 'APPROVE');
    await world.settled();
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human', stage: 'merge' });
    await world.comment('maintainer', number, '/assent resume');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('work that had not begun when it was halted begins when it goes on', async () => {
    const first = await world.issue('Just to halt on');
    await world.waits(`issue-${first}`, 'plan');
    await world.comment('writer', first, '/assent halt');
    await halted();
    const number = await world.issue('Filed while halted');
    await world.settled();
    expect(await world.item(`issue-${number}`)).toMatchObject({ authority: 'created' });
    await world.comment('maintainer', first, '/assent resume');
    expect((await world.waits(`issue-${number}`, 'plan')).plan).not.toBeNull();
  });

  it('a hold that comes while an agent works stops what it brought', async () => {
    const { id, number } = await world.planned('Held at work');
    world.model.next('contributor', async ({ subject }) => {
      await world.label('triager', number, 'assent:hold');
      await world.until('the hold', ({ items }) => items[id]?.held);
      return contribution(`${subject}.txt`);
    });
    await world.label('maintainer', number, 'assent:approve');
    await world.until('the act to be meant', ({ intents }) => intents[`pull_request/assent/${id}`]);
    await world.settled();
    const { status } = await world.try('owner', 'GET', `/git/ref/heads/assent/${id}`);
    expect(status).toBe(404);
    await world.unlabel('triager', number, 'assent:hold');
    await world.comment('writer', number, '/assent unhold');
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('a hold stops one item and leaves the others be', async () => {
    const { id, pull, number } = await world.contributed('Held');
    await world.label('triager', number, 'assent:hold');
    await world.until('the hold', ({ items }) => items[id]?.held);
    await world.review('maintainer', pull, 'APPROVE');
    const other = await world.issue('Not held');
    await world.waits(`issue-${other}`, 'plan');
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
    expect(await world.comment1(number)).toContain('On hold, by triager');
    await world.comment('writer', number, '/assent unhold');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('a held item past its time wakes nobody', async () => {
    world.model.next('triager', away);
    const number = await world.issue('Held and due');
    const id = `issue-${number}`;
    await world.until('the outage', ({ items }) => items[id]?.authority === 'model_unavailable');
    await world.label('triager', number, 'assent:hold');
    await world.until('the hold', ({ items }) => items[id]?.held);
    await world.settled();
    world.tick(30);
    await world.comment('reader', number, 'Anything new?');
    await world.settled();
    const { composed } = world.machines[0] ?? {};
    expect(await composed?.engine.jobs.counts('repository')).toMatchObject({ active: 0 });
    const asked = world.simulator.counters.requests;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(world.simulator.counters.requests).toBe(asked);
  });

  it('an agent that is switched off does nothing, and what needs it waits', async () => {
    const { number: other } = await world.planned('To talk on');
    await world.comment('writer', other, '/assent disable triager');
    await world.until('it to be off', ({ control }) => control.disabled_agents.includes('triager'));
    const number = await world.issue('Nobody triages');
    await world.until('the item', ({ items }) => items[`issue-${number}`]?.note);
    const asked = world.model.asked.length;
    await world.settled();
    expect(world.model.asked.length).toBe(asked);
    await world.comment('maintainer', other, '/assent enable triager');
    expect((await world.waits(`issue-${number}`, 'plan')).plan).not.toBeNull();
  });
});
