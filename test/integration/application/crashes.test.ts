import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { PowerCut, type Act } from './kill.ts';
import { contribution } from './model.ts';
import { fieldOf, list, World } from './world.ts';

/** Law 7: every act is done once, wherever the power goes. The machine that takes over has another disk. */
describe('the power goes between the act and its receipt', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  /** The one that took over in the story before has done its part: beside this one it would write a ledger of two. */
  async function cutAt(act: Act, after: number) {
    for (const machine of world.machines) await machine.stop();
    const power = new PowerCut(act, after);
    await world.machine({ around: power.around, mortal: true });
    return power;
  }

  /** What people see of an item at the end: each of it once. */
  async function once(number: number, pull: number, branch: string): Promise<void> {
    await world.settled();
    await world.comment1(number);
    const pulls = list(await world.act('owner', 'GET', '/pulls?state=all&per_page=100'));
    expect(pulls.filter((one) => fieldOf(fieldOf(one, 'head'), 'ref') === branch)).toHaveLength(1);
    const reviews = list(await world.act('owner', 'GET', `/pulls/${pull}/reviews`));
    expect(
      reviews.filter((one) => fieldOf(fieldOf(one, 'user'), 'login') === 'assent[bot]'),
    ).toHaveLength(1);
    const head = String(
      fieldOf(fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'head'), 'sha'),
    );
    const runs = list(
      fieldOf(await world.act('owner', 'GET', `/commits/${head}/check-runs`), 'check_runs'),
    );
    expect(runs.filter((run) => fieldOf(run, 'name') === 'assent')).toHaveLength(1);
    const counted = (await world.history()).filter(
      (event) => event.type === 'merge.counted' && event.data.merge.pull_request === pull,
    );
    expect(counted).toHaveLength(1);
  }

  it.each<readonly [what: string, act: Act, after: number]>([
    ['the first comment', 'upsertComment', 0],
    ['the branch of the contribution', 'push', 0],
    ['the pull request', 'openPullRequest', 0],
    ['leaving draft', 'markReady', 0],
    ['the review', 'publishReview', 0],
    ['the check run', 'reportCheck', 0],
    ['the merge', 'merge', 0],
    ['the branch that is cleaned up', 'deleteBranch', 0],
    ['the commit of the ledger itself', 'append', 3],
  ])('%s', async (what, act, after) => {
    const power = await cutAt(act, after);
    const story = (async () => {
      const { number, id, pull, branch } = await world.contributed(`Cut at ${what}`);
      await world.review('maintainer', pull, 'APPROVE');
      await world.ended(id);
      return { number, pull, branch };
    })();
    await power.struck;
    const survivor = await world.machine();
    const { number, pull, branch } = await story;
    await once(number, pull, branch);
    const gone = await world.try('owner', 'GET', `/git/ref/heads/${branch}`);
    expect(gone.status).toBe(404);
    // Left running it would look at the next story after a minute, as one machine too many.
    await survivor.stop();
  });
});

/** The contributor's second round: the same branch, the same pull request, told of once. */
describe('the power goes in another round', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  it.each<readonly [what: string, act: Act, after: number]>([
    ['before what is asked for is known', 'failures', 0],
    ['at its push', 'push', 1],
    ['at its description', 'describePullRequest', 0],
  ])('%s', async (what, act, after) => {
    const power = new PowerCut(act, after);
    await world.machine({ around: power.around, mortal: true });
    const { id, pull, head, branch } = await world.contributed(`Again, cut ${what}`);
    world.model.next('contributor', contribution(`${act}.txt`, 'louder\n'));
    await world.comment('writer', pull, '/assent retry louder');
    await power.struck;
    const survivor = await world.machine();
    const item = await world.until('it to wait again', ({ items }) => {
      const found = items[id];
      const moved = found?.pull_request?.head !== head;
      return found?.authority === 'waiting_for_human' && moved && found;
    });
    expect(item).toMatchObject({ round: 1, pull_request: { number: pull } });
    await world.settled();
    const pulls = list(await world.act('owner', 'GET', '/pulls?state=all&per_page=100'));
    const ours = pulls.filter((one) => fieldOf(fieldOf(one, 'head'), 'ref') === branch);
    expect(ours).toHaveLength(1);
    expect(String(fieldOf(ours[0], 'body')).split('How it came about')).toHaveLength(2);
    await survivor.stop();
  });
});

describe('an act of which nobody can tell', () => {
  let world: World;
  let broken = true;
  const brokenMerge = (repository: Repository): Repository => ({
    ...repository,
    host: new Proxy(repository.host, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'merge' || !broken) return value;
        return () => Promise.reject(new Error('no answer from GitHub'));
      },
    }),
  });

  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around: brokenMerge });
  });
  afterAll(() => world.end());

  it('is left alone, told to a human, and done when a human asks', async () => {
    const { id, pull, number, head } = await world.contributed('Silent GitHub');
    await world.review('maintainer', pull, 'APPROVE');
    const intent = await world.until('the merge to be uncertain', ({ intents }) => {
      const found = intents[`merge/${pull}/${head}`];
      return found?.uncertain === true && found;
    });
    expect(intent.attempts).toBe(5);
    await world.settled();
    expect(await world.comment1(number)).toContain('nobody can tell');
    broken = false;
    await world.comment('reader', number, '/assent retry');
    await world.until('the reader to be refused', ({ items }) =>
      items[id]?.notices.some(({ text }) => text.includes('takes write permission')),
    );
    expect((await world.state()).intents[intent.key]?.uncertain).toBe(true);
    await world.comment('writer', number, '/assent retry I looked: it is not merged');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });
});
