import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { fieldOf, World } from './world.ts';

const run = promisify(execFile);

/** What a stranger could wish: that nobody is asked. */
const lax = policies.replace(
  /  - id: merge\n(?: {4}.*\n)+/,
  '  - id: merge\n    actions: [pull_request.merge]\n    effect: allow\n',
);

/** Laws 2 to 4 and 12, for a contributor who has no right at all and a repository of their own. */
describe('a pull request from a stranger’s fork', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
    await world.act('stranger', 'POST', '/forks');
    folder = await mkdtemp(join(tmpdir(), 'assent-fork-'));
    const { simulator } = world;
    const url = simulator.url.replace('//', `//x:${simulator.people.stranger.token}@`);
    await git('clone', '-q', `${url}/stranger/widgets.git`, '.');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await world.end();
  });

  async function git(...args: readonly string[]): Promise<string> {
    const identity = [
      '-c',
      'user.name=Stranger',
      '-c',
      'user.email=106+stranger@users.noreply.github.com',
    ];
    const env = { PATH: process.env['PATH'], HOME: folder, GIT_TERMINAL_PROMPT: '0' };
    return (await run('git', [...identity, ...args], { cwd: folder, env })).stdout.trim();
  }

  /** One more commit on the fork's branch, by git; its sha. */
  async function push(branch: string, path: string, text: string): Promise<string> {
    await git('checkout', '-q', '-B', branch, await startOf(branch));
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await git('add', '--all');
    await git('commit', '-q', '-m', `change ${path}`);
    await git('push', '-q', 'origin', branch);
    return git('rev-parse', 'HEAD');
  }

  const startOf = async (branch: string): Promise<string> =>
    (await git('branch', '--list', branch)) === '' ? 'origin/main' : branch;

  /** Offered, reviewed by the agent, and waiting for a human. */
  async function offered(branch: string, path = `${branch}.txt`, text = 'by a stranger\n') {
    const head = await push(branch, path, text);
    const opened = { title: `Add ${path}`, head: `stranger:${branch}`, base: 'main', body: '' };
    const pull = Number(fieldOf(await world.act('stranger', 'POST', '/pulls', opened), 'number'));
    const item = await world.waits(`pull-${pull}`, 'merge');
    return { pull, id: `pull-${pull}`, head, item };
  }

  const branches = () => git('ls-remote', '--heads', 'origin');

  it('is reviewed, waits for a maintainer, and is merged as approved; its branch is left alone', async () => {
    const { pull, id, head, item } = await offered('welcome');
    expect(item.pull_request).toMatchObject({ number: pull, head });
    expect(world.model.asked).toContainEqual(
      expect.objectContaining({ agent: 'reviewer', subject: id }),
    );
    const before = await branches();
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged', pull_request: pull });
    await world.settled();
    expect(await world.read('main', 'welcome.txt')).toBe('by a stranger\n');
    expect(await branches()).toBe(before);
    expect(await world.comment1(pull)).toContain('Merged');
  });

  it('is not merged with what was pushed after the approval', async () => {
    const { pull, id, head } = await offered('twofaced');
    // Both before Assent hears of either: the review counts on the old head only.
    world.simulator.faults.deliveryDelay = 60_000;
    await world.review('maintainer', pull, 'APPROVE');
    const evil = await push('twofaced', 'evil.txt', 'pushed after the approval\n');
    world.simulator.faults.deliveryDelay = 0;
    const item = await world.until('the new head to be asked about', ({ items }) => {
      const found = items[id];
      return (
        found?.pull_request?.head === evil &&
        found.stage === 'merge' &&
        found.authority === 'waiting_for_human' &&
        found
      );
    });
    await world.settled();
    expect(item.approvals).toEqual([]);
    expect((await world.item(id))?.gate?.ignored[0]?.reason).toContain(head.slice(0, 7));
    expect(await world.read('main', 'evil.txt')).toBeNull();
    await world.act('stranger', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('is not moved by its author: no review, label or command of theirs counts', async () => {
    const { pull, id } = await offered('pushy');
    const review = { event: 'APPROVE', body: 'Mine.' };
    const label = { labels: ['assent:approve'] };
    const tries = [
      await world.try('stranger', 'POST', `/pulls/${pull}/reviews`, review),
      await world.try('stranger', 'POST', `/issues/${pull}/labels`, label),
      await world.try('stranger', 'PUT', `/pulls/${pull}/merge`, {}),
    ];
    expect(tries.map(({ status }) => status)).toEqual([422, 403, 403]);
    await world.comment('stranger', pull, '/assent approve');
    await world.comment('stranger', pull, '/assent retry');
    await world.settled();
    expect(await world.item(id)).toMatchObject({
      stage: 'merge',
      authority: 'waiting_for_human',
      approvals: [],
      gate: { waiting_for: [{ have: 0 }] },
    });
    expect(await world.read('main', 'pushy.txt')).toBeNull();
    await world.act('stranger', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it.each([
    ['policies', 'policies/default.yml', lax],
    ['the configuration', '.github/assent.yml', 'version: 1\nagents: {}\n'],
  ])('that changes %s is told so, and gains nothing by it', async (what, path, text) => {
    expect(lax).not.toBe(policies);
    const { pull, id } = await offered(what.replace('the ', 'own-'), path, text);
    const asked = world.model.asked.find(
      ({ agent, subject }) => agent === 'reviewer' && subject === id,
    );
    expect(asked?.messages.map(({ content }) => content).join('\n')).toContain(path);
    await world.settled();
    const page = await reviewText(pull);
    expect(page).toContain(path);
    expect(page).toMatch(/protected/i);
    expect(await world.item(id)).toMatchObject({
      authority: 'waiting_for_human',
      gate: { waiting_for: [{ count: 1, have: 0 }] },
    });
    // Another of theirs is still under the rules of the default branch.
    const { item: other } = await offered(`${what.replace('the ', 'after-')}-more`);
    expect(other).toMatchObject({ gate: { waiting_for: [{ count: 1, have: 0 }] } });
    await world.act('stranger', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  /** All that Assent says on a pull request: its comment and its reviews. */
  async function reviewText(pull: number): Promise<string> {
    const reviews = await world.act('owner', 'GET', `/pulls/${pull}/reviews`);
    return `${JSON.stringify(reviews)}\n${await world.comment1(pull)}`;
  }

  it('finds its fork as its owner left it, and ends with it', async () => {
    const { pull, id } = await offered('vanishing');
    await world.settled();
    const pushed = await git('for-each-ref', '--format=%(objectname)%09%(refname)', 'refs/heads');
    expect((await branches()).split('\n').toSorted()).toEqual(pushed.split('\n').toSorted());
    const { status } = await world.simulator.as('stranger')('DELETE', '/repos/stranger/widgets');
    expect(status).toBe(204);
    expect(await world.ended(id)).toMatchObject({ pull_request: pull });
    await world.settled();
    expect(await world.read('main', 'vanishing.txt')).toBeNull();
  });
});
