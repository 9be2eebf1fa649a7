import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { World } from './world.ts';

const merging = (approval: string): string =>
  policies.replace(
    'approval: { id: code, from: { roles: [maintainer] }, count: 1, by: [review, label, command] }',
    `approval: ${approval}`,
  );

async function inWorld(text: string, story: (world: World) => Promise<void>): Promise<void> {
  const world = await World.begin({ policies: text });
  try {
    await world.machine();
    await story(world);
  } finally {
    await world.end();
  }
}

const counted = async (world: World, id: string) =>
  (await world.item(id))?.approvals
    .filter(({ gate }) => gate === 'pull_request.merge')
    .map(({ id: account, login }) => `${account} ${login}`);

const ignoredAt = async (world: World, id: string) =>
  (await world.item(id))?.gate?.ignored.map(({ reason }) => reason).join('\n');

const awaiting = (world: World, id: string, what: string) =>
  world.until(what, ({ items }) =>
    items[id]?.gate?.ignored.some(({ reason }) => reason.includes(what)),
  );

/** "A user who was renamed (ids, not names)." */
describe('people are known by their ids', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin({
      policies: merging(
        '{ id: code, from: { roles: [maintainer] }, count: 2, by: [review, label, command] }',
      ),
    });
    await world.machine();
  });
  afterAll(() => world.end());

  it('a new name keeps the approval, and who takes the old one has given none', async () => {
    const { society, people } = world.simulator;
    const pull = await world.pull('writer', 'renamed');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    await world.until('the first', ({ items }) => items[id]?.approvals.length === 1);

    society.rename('maintainer', 'mia');
    const impostor = society.join('maintainer');
    await world.act('owner', 'PUT', '/collaborators/maintainer', { permission: 'maintain' });
    await world.comment('writer', pull, '/assent why');
    await world.review('owner', pull, 'COMMENT');
    await world.settled();
    expect(await counted(world, id)).toEqual([`${people.maintainer.id} maintainer`]);

    // The impostor has every right of their own, and is one person more, not the same again.
    await world.simulatorAs(impostor.token, 'POST', `/pulls/${pull}/reviews`, {
      event: 'APPROVE',
      body: '',
    });
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    society.rename('maintainer', 'impostor');
    society.rename('mia', 'maintainer');
  });

  it('who made a commit and took a new name since is still who made it', async () => {
    const { society } = world.simulator;
    const pull = await world.pull('writer', 'authored');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.push('maintainer', 'authored', 'more.txt', 'by the maintainer\n');
    await world.until('the push', ({ items }) => {
      const item = items[id];
      return (
        item?.stage === 'merge' && item.authority === 'waiting_for_human' && item.revisions > 0
      );
    });
    society.rename('maintainer', 'mia');
    await world.review('maintainer', pull, 'APPROVE');
    await awaiting(world, id, 'authored or committed a commit of it');
    expect(await counted(world, id)).toEqual([]);
    society.rename('mia', 'maintainer');
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });
});

describe('who may approve is read from GitHub, where policies ask', () => {
  it('members of a team below count, and a team that is gone counts for nobody and says so', () =>
    inWorld(
      merging('{ id: code, from: { teams: [acme/security] }, count: 1, by: [review] }').replace(
        'maintainer: { permission: maintain }',
        'maintainer: { permission: maintain }\n  none: { users: [] }',
      ),
      async (world) => {
        const { society } = world.simulator;
        const pull = await world.pull('writer', 'teams');
        const id = `pull-${pull}`;
        await world.waits(id, 'merge');
        await world.review('maintainer', pull, 'APPROVE');
        await awaiting(world, id, 'team acme/security does not exist or is not visible to Assent');
        society.addTeam({ organization: 'acme', slug: 'security', members: [] });
        society.addTeam({
          organization: 'acme',
          slug: 'crypto',
          parent: 'security',
          members: ['maintainer'],
        });
        await world.review('owner', pull, 'COMMENT');
        expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
      },
    ));

  it('members of an organization count, others do not', () =>
    inWorld(
      merging('{ id: code, from: { organizations: [acme] }, count: 1, by: [review] }'),
      async (world) => {
        const pull = await world.pull('writer', 'organizations');
        const id = `pull-${pull}`;
        await world.waits(id, 'merge');
        await world.review('reader', pull, 'APPROVE');
        await awaiting(world, id, 'takes organization acme');
        await world.review('maintainer', pull, 'APPROVE');
        expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
      },
    ));

  it('who approved the plan is barred from the merge where duties are separate', () =>
    inWorld(
      merging(
        '{ id: code, from: { roles: [maintainer] }, count: 1, by: [review], not_by: [plan] }',
      ),
      async (world) => {
        const { id, pull } = await world.contributed('Separate');
        await world.review('maintainer', pull, 'APPROVE');
        await awaiting(world, id, 'plan');
        expect(await counted(world, id)).toEqual([]);
        expect(await ignoredAt(world, id)).toContain('maintainer');
        await world.review('owner', pull, 'APPROVE');
        expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
      },
    ));

  it('owners of the changed files are those of the base, whatever the pull request says', () =>
    inWorld(
      merging('{ id: code, from: { codeowners: true }, count: 1, by: [review] }'),
      async (world) => {
        await world.push('owner', 'main', '.github/CODEOWNERS', '* @acme/core\n/secret/ @owner\n');
        await world.branch('writer', 'owned');
        await world.push('writer', 'owned', 'secret/key.txt', 'key\n');
        // The author names a friend as owner of everything.
        await world.push('writer', 'owned', '.github/CODEOWNERS', '* @triager @maintainer\n');
        const opened = { title: 'Owned', head: 'owned', base: 'main', body: '' };
        const made = (await world.act('writer', 'POST', '/pulls', opened)) as { number: number };
        const id = `pull-${made.number}`;
        await world.waits(id, 'merge');
        await world.review('triager', made.number, 'APPROVE');
        await world.review('maintainer', made.number, 'APPROVE');
        await world.settled();
        expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
        await world.review('owner', made.number, 'APPROVE');
        expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
      },
    ));
});
