import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fieldOf, World } from './world.ts';

/** Law 5, and what happens on GitHub while nobody listens. Each machine that starts has an empty disk and an empty memory. */
describe('while Assent is away', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  beforeEach(async () => {
    await world.machine();
  });

  /** As if the machine were gone: GitHub finds nobody under its address, and keeps a log of what it could not deliver. */
  async function leave(): Promise<void> {
    await world.settled();
    await world.machines.at(-1)?.stop();
  }

  /** Without even that log: only a comparison with GitHub can tell what happened. */
  async function leaveUnheard(): Promise<void> {
    await leave();
    world.simulator.setWebhook(null);
  }

  const counted = async (pull: number) =>
    (await world.history()).filter(
      (event) => event.type === 'merge.counted' && event.data.merge.pull_request === pull,
    ).length;

  it('nothing is lost with the disk: an item goes on where the history left it', async () => {
    const { id, number } = await world.planned('Lost disk');
    await leave();
    const before = (await world.history()).length;
    await world.machine();
    await world.settled();
    expect((await world.history()).slice(before)).toEqual([]);
    await world.label('maintainer', number, 'assent:approve');
    const { pull_request } = await world.waits(id, 'merge');
    await leave();
    await world.machine();
    await world.review('maintainer', pull_request?.number ?? 0, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('nor with the database: its folder may be deleted while it is stopped', async () => {
    await leave();
    const folder = await mkdtemp(join(tmpdir(), 'assent-durable-'));
    await world.machine({ durable: true, folder });
    const { id, number } = await world.planned('Deleted database');
    await leave();
    await rm(folder, { recursive: true });
    await world.machine({ durable: true, folder });
    await world.label('maintainer', number, 'assent:approve');
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('an approval is found on return', async () => {
    const { id, number } = await world.planned('Approved meanwhile');
    await leaveUnheard();
    await world.label('maintainer', number, 'assent:approve');
    await world.machine();
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('an approval with a push after it is not', async () => {
    const { id, pull, head, branch } = await world.contributed('Pushed meanwhile');
    await leaveUnheard();
    await world.review('maintainer', pull, 'APPROVE');
    await world.push('writer', branch, 'later.txt', 'later\n');
    await world.machine();
    await world.until('the new head', ({ items }) => items[id]?.pull_request?.head !== head);
    const item = await world.waits(id, 'merge');
    await world.settled();
    expect(item.approvals.map(({ gate }) => gate)).toEqual(['plan.adopt']);
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
  });

  it('a merge by hand is counted once, as the hand’s', async () => {
    const { id, pull } = await world.contributed('Merged meanwhile');
    await leaveUnheard();
    await world.merge('owner', pull);
    await world.machine();
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    await leave();
    await world.machine();
    await world.settled();
    expect(await counted(pull)).toBe(1);
    const merged = (await world.history()).findLast(({ type }) => type === 'item.merged');
    expect(merged).toMatchObject({
      actor: { kind: 'human', login: 'owner' },
      data: { by: 'human' },
    });
  });

  it('a merge of a pull request nobody told of is counted too, late redelivery and all', async () => {
    await leaveUnheard();
    const pull = await world.pull('writer', 'unseen');
    await world.merge('owner', pull);
    await world.machine();
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
    for (const { id, event, action } of world.simulator.deliveries.slice(-40)) {
      if (event === 'pull_request' && action === 'closed') await world.simulator.redeliver(id);
    }
    await world.settled();
    expect(await counted(pull)).toBe(1);
  });

  it('an issue that was filed is answered: its delivery is asked for again', async () => {
    await leave();
    const number = await world.issue('Unheard');
    await world.machine();
    expect((await world.waits(`issue-${number}`, 'plan')).plan).not.toBeNull();
  });

  it('an issue that was closed is over', async () => {
    const { id, number } = await world.planned('Closed meanwhile');
    await leaveUnheard();
    await world.act('reader', 'PATCH', `/issues/${number}`, { state: 'closed' });
    await world.machine();
    expect(await world.ended(id)).toMatchObject({ outcome: 'closed' });
  });

  it('what waits for its time waits on, and goes on', async () => {
    world.model.next('triager', { kind: 'unavailable', reason: 'away', retry_after_seconds: 2 });
    const number = await world.issue('Slow model');
    const id = `issue-${number}`;
    await world.until('the outage', ({ items }) => items[id]?.authority === 'model_unavailable');
    await leave();
    await world.machine();
    expect((await world.waits(id, 'plan')).attempts).toBe(0);
  });
});

describe('a pull request', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('merged by an App is over, and counts for nothing', async () => {
    const pull = await world.pull('writer', 'by-app');
    await world.waits(`pull-${pull}`, 'merge');
    world.tick();
    const merged = await fetch(`${world.simulator.url}/repos/acme/widgets/pulls/${pull}/merge`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${world.simulator.otherApp.token}`,
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(merged.status).toBe(200);
    expect(await world.ended(`pull-${pull}`)).toMatchObject({
      outcome: 'closed',
      reason: expect.stringContaining('no person'),
    });
    expect((await world.state()).counted[String(pull)]).toBeUndefined();
  });

  it('closed and opened again is governed again, and counted when it merges', async () => {
    const pull = await world.pull('writer', 'twice');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
    await world.settled();
    const opened = world.simulator.deliveries.find(
      ({ event, action, request }) =>
        event === 'pull_request' &&
        action === 'opened' &&
        fieldOf(JSON.parse(request.body), 'number') === pull,
    );
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'open' });
    await world.simulator.redeliver(opened?.id ?? 0);
    await world.waits(id, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    expect((await world.state()).counted[String(pull)]).toBe(1);
  });

  it('merged by hand while its approved merge was under way is the hand’s', async () => {
    const { id, pull, number } = await world.contributed('Race');
    await world.comment('maintainer', number, '/assent hold');
    await world.until('the hold', ({ items }) => items[id]?.held);
    await world.merge('owner', pull);
    await world.ended(id);
    const merged = (await world.history()).findLast(({ type }) => type === 'item.merged');
    expect(merged).toMatchObject({ data: { by: 'human', pull_request: pull } });
  });
});
