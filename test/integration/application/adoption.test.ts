import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { fieldOf, list, World } from './world.ts';

/** A branch's name says nothing about whose work is on it. */
describe('a pull request that a person opens from a branch named like ours', () => {
  let world: World;
  /** What somebody does in the moment before Assent opens its pull request. */
  let meanwhile: ((branch: string) => Promise<void>) | null = null;
  const interrupted = (repository: Repository): Repository => ({
    ...repository,
    host: new Proxy(repository.host, {
      get: (target, name) => {
        if (name !== 'openPullRequest') return Reflect.get(target, name) as unknown;
        return async (draft: Parameters<typeof target.openPullRequest>[0]) => {
          const act = meanwhile;
          meanwhile = null;
          await act?.(draft.branch);
          return target.openPullRequest(draft);
        };
      },
    }),
  });

  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around: interrupted });
  });
  afterAll(() => world.end());

  const open = async (branch: string) => {
    const opened = { title: 'Mine', head: branch, base: 'main', body: '' };
    const pull = await world.act('writer', 'POST', '/pulls', opened);
    return {
      number: Number(fieldOf(pull, 'number')),
      head: String(fieldOf(fieldOf(pull, 'head'), 'sha')),
    };
  };
  const headOf = async (pull: number) =>
    fieldOf(fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'head'), 'sha');
  const givenUp = (id: string) =>
    world.until(
      `${id} to be given up`,
      ({ items }) => items[id]?.authority === 'dead' && items[id],
    );

  it('is neither taken for ours nor written over, and the item says what to do', async () => {
    const { number, id } = await world.planned('Whose is it');
    await world.branch('writer', `assent/${id}`);
    await world.push('writer', `assent/${id}`, 'mine.txt', 'by a person\n');
    const theirs = await open(`assent/${id}`);
    await world.label('maintainer', number, 'assent:approve');
    const item = await givenUp(id);
    expect(item).toMatchObject({ stage: 'contribution', pull_request: null });
    expect(item.note).toMatch(new RegExp(`#${theirs.number} .*writer.*Close it`));
    expect(await headOf(theirs.number)).toBe(theirs.head);
    // Theirs goes its own way, as anybody's.
    const own = await world.waits(`pull-${theirs.number}`, 'merge');
    expect(own.pull_request).toMatchObject({ ours: false });

    await world.act('writer', 'PATCH', `/pulls/${theirs.number}`, { state: 'closed' });
    await world.comment('writer', number, '/assent retry closed it');
    const ours = await world.waits(id, 'merge');
    expect(ours.pull_request).toMatchObject({ ours: true });
    expect(ours.pull_request?.number).not.toBe(theirs.number);
  });

  it('is not taken for ours where it was opened from our own push', async () => {
    const { number, id } = await world.planned('In between');
    let theirs = { number: 0, head: '' };
    meanwhile = async (branch) => {
      theirs = await open(branch);
    };
    await world.label('maintainer', number, 'assent:approve');
    const item = await givenUp(id);
    expect(theirs.number).toBeGreaterThan(0);
    expect(item).toMatchObject({ pull_request: null });
    expect(item.note).toContain(`#${theirs.number} `);
  });

  it('is not even looked at where it is of a fork', async () => {
    await world.act('stranger', 'POST', '/forks');
    const { number, id } = await world.planned('Forked');
    const at = `/repos/stranger/widgets`;
    const asStranger = world.simulator.as('stranger');
    const main = (await asStranger('GET', `${at}/git/ref/heads/main`)).body;
    const sha = fieldOf(fieldOf(main, 'object'), 'sha');
    await asStranger('POST', `${at}/git/refs`, { ref: `refs/heads/assent/${id}`, sha });
    await asStranger('PUT', `${at}/contents/theirs.txt`, {
      message: 'theirs',
      content: Buffer.from('theirs\n').toString('base64'),
      branch: `assent/${id}`,
    });
    const opened = { title: 'Theirs', head: `stranger:assent/${id}`, base: 'main', body: '' };
    const theirs = fieldOf(await world.act('stranger', 'POST', '/pulls', opened), 'number');
    await world.label('maintainer', number, 'assent:approve');
    const item = await world.waits(id, 'merge');
    expect(item.pull_request).toMatchObject({ ours: true });
    expect(item.pull_request?.number).not.toBe(theirs);
    const pulls = list(await world.act('owner', 'GET', '/pulls?state=open'));
    expect(pulls.map((one) => fieldOf(one, 'number'))).toContain(theirs);
  });
});
