import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { World } from './world.ts';

describe('policies that cannot be read', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('stop what waits, with file, place and remedy; mended, it goes on with what was approved meanwhile', async () => {
    const { id, number } = await world.planned('Broken rules');
    const broken = policies.replace('effect: allow', 'effect: perhaps');
    await world.push('owner', 'main', 'policies/default.yml', broken);
    const blocked = await world.until('the fault', ({ items }) => {
      const item = items[id];
      return item?.note?.includes('policies/default.yml') === true && item;
    });
    expect(blocked).toMatchObject({ authority: 'waiting_for_human', stage: 'plan' });
    expect(blocked.note).toMatch(
      /policies\/default\.yml:\d+:\d+.*perhaps.*mended|mended.*policies\/default\.yml:\d+:\d+.*perhaps/s,
    );
    await world.settled();
    expect(await world.comment1(number)).toContain('policies/default.yml');

    await world.label('maintainer', number, 'assent:approve');
    const late = await world.issue('Filed under broken rules');
    await world.settled();
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
    expect(await world.item(`issue-${late}`)).toMatchObject({ authority: 'created' });

    await world.push('owner', 'main', 'policies/default.yml', policies);
    expect((await world.waits(id, 'merge')).note).toBeNull();
    expect((await world.waits(`issue-${late}`, 'plan')).note).toBeNull();
  });

  it('so does a configuration that cannot be read, which names the key that was meant', async () => {
    const { id } = await world.planned('Broken configuration');
    await world.push('owner', 'main', '.github/assent.yml', 'version: 1\nagnets: {}\n');
    const blocked = await world.until('the fault', ({ items }) => {
      const item = items[id];
      return item?.note?.includes('.github/assent.yml') === true && item;
    });
    expect(blocked.note).toMatch(/agnets.*agents/s);
    await world.push('owner', 'main', '.github/assent.yml', 'version: 1\n');
    await world.until('it to be gone', ({ items }) => items[id]?.note === null);
  });

  it('a stricter policy is a new question to what waits: an approval that was enough is not', async () => {
    const { id, pull } = await world.contributed('Stricter');
    const twice = policies.replace(
      'id: code, from: { roles: [maintainer] }, count: 1',
      'id: code, from: { roles: [maintainer] }, count: 2',
    );
    await world.push('owner', 'main', 'policies/default.yml', twice);
    await world.until(
      'two to be asked for',
      ({ items }) => items[id]?.gate?.waiting_for[0]?.count === 2,
    );
    await world.review('maintainer', pull, 'APPROVE');
    await world.until('one of two', ({ items }) => items[id]?.gate?.waiting_for[0]?.have === 1);
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
    await world.review('owner', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });
});

describe('the policies that decisions were made under', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('stand in the history before the first of them, and again, whole, once they change', async () => {
    await world.planned('Under the first');
    const stricter = `${policies}# stricter\n`;
    await world.push('owner', 'main', 'policies/default.yml', stricter);
    await world.push('owner', 'main', 'policies/more.test.yml', 'version: 1\ncases: []\n');
    await world.planned('Under the second');

    const history = await world.history();
    expect(history[0]?.type).toBe('policy.adopted');
    const adopted = history.filter((event) => event.type === 'policy.adopted');
    expect(adopted.map(({ data }) => data.files)).toEqual([
      [{ path: 'policies/default.yml', text: policies }],
      [{ path: 'policies/default.yml', text: stricter }],
    ]);
    let inForce: string | null = null;
    for (const event of history) {
      if (event.type === 'policy.adopted') inForce = event.data.digest;
      expect(event).toMatchObject({ policy: inForce });
    }
  });

  it('are not told of anew by a process that starts on the same', async () => {
    const [first] = world.machines;
    await first?.stop();
    await world.machine();
    await world.planned('After a start');
    const history = await world.history();
    expect(history.filter(({ type }) => type === 'policy.adopted')).toHaveLength(2);
  });
});

describe('two Assents on one ledger', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  // Not "do nothing twice": that takes the shared queue, which gives a repository to one worker at a time. These two have a
  // queue each, as nobody should run them, and may both look for a comment before either has written it.
  it('lose nothing of each other’s, count nothing twice, and leave a history that holds', async () => {
    const one = await world.machine();
    const two = await world.machine();
    // Each hears every other issue, as behind a balancer, and both work the same repository at once.
    const numbers: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      const { url } = count % 2 === 0 ? one : two;
      world.simulator.setWebhook(`${url}/api/github/webhooks`);
      numbers.push(await world.issue(`Issue ${count}`));
    }
    for (const number of numbers) await world.waits(`issue-${number}`, 'plan');
    world.simulator.setWebhook(`${one.url}/api/github/webhooks`);
    await world.label('maintainer', numbers[0] ?? 0, 'assent:approve');
    const { pull_request } = await world.waits(`issue-${numbers[0]}`, 'merge');
    world.simulator.setWebhook(`${two.url}/api/github/webhooks`);
    await world.review('maintainer', pull_request?.number ?? 0, 'APPROVE');
    await world.ended(`issue-${numbers[0]}`);
    await world.settled(one);
    await world.settled(two);

    for (const number of numbers) {
      const ours = (await world.comments(number)).filter(({ login }) => login === 'assent[bot]');
      expect(ours).not.toEqual([]);
    }
    const history = await world.history();
    const created = history.filter(({ type }) => type === 'item.created');
    expect(created).toHaveLength(numbers.length);
    expect(new Set(created.map(({ item }) => item))).toEqual(
      new Set(numbers.map((number) => `issue-${number}`)),
    );
    expect(history.filter(({ type }) => type === 'merge.counted')).toHaveLength(1);
    expect(await world.findings()).toEqual([]);
  });

  it('what is halted by one is halted for the other', async () => {
    const [one, two] = world.machines;
    const number = await world.issue('Halt both');
    await world.waits(`issue-${number}`, 'plan');
    world.simulator.setWebhook(`${one?.url}/api/github/webhooks`);
    await world.comment('writer', number, '/assent halt');
    await world.until('the halt', ({ control }) => control.halted);
    world.simulator.setWebhook(`${two?.url}/api/github/webhooks`);
    await world.label('maintainer', number, 'assent:approve');
    await world.settled(two);
    expect(await world.item(`issue-${number}`)).toMatchObject({ stage: 'plan' });
    await world.comment('maintainer', number, '/assent resume');
    expect((await world.waits(`issue-${number}`, 'merge')).pull_request).not.toBeNull();
  });
});
