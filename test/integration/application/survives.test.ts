import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneAs, type Checkout } from './checkout.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

/** Two maintainers, so that one approval can be watched while the other is awaited. */
const surviving = policies.replace(
  'approval: { id: code, from: { roles: [maintainer] }, count: 1, by: [review, label, command] }',
  `approval: { id: code, from: { roles: [maintainer] }, count: 2, by: [review, label, command],
      survives: [rebase, update_merge, { paths: ["docs/**"] }] }`,
);

/** Blocks that read the same: a change can stand in one or in another, and its patch reads the same, too. */
const block = 'begin\n  step one\n  step two\n  step three\nend\n\n';
const text = `# Widgets\n\n${block.repeat(6)}the end\n`;
const withLineIn = (which: number, of = text): string => {
  const parts = of.split('  step two\n');
  return parts
    .map((part, index) => (index === 0 ? part : `${mark(index === which)}${part}`))
    .join('');
};
const mark = (here: boolean) => (here ? '  step two\n  allow all\n' : '  step two\n');

/** CONTRACTS.md, `survives`: which pushes do not end an approval, on real git. */
describe('an approval and the pushes after it', () => {
  let world: World;
  let writer: Checkout;
  let owner: Checkout;
  let turns = 0;
  beforeAll(async () => {
    world = await World.begin({ policies: surviving });
    owner = await cloneAs(world, 'owner');
    await owner.commit('Begin', { 'src/app.txt': text, 'docs/a.md': '# A\n' });
    await owner.git('push', '-q', 'origin', 'main');
    await world.machine();
    writer = await cloneAs(world, 'writer');
  });
  afterAll(async () => {
    await writer.remove();
    await owner.remove();
    await world.end();
  });

  /** The base moves on: lines above the change, and another file. */
  async function mainMoves(): Promise<void> {
    turns += 1;
    await owner.git('checkout', '-q', '-f', 'main');
    await owner.git('pull', '-q', 'origin', 'main');
    const app = await owner.git('show', 'HEAD:src/app.txt');
    await owner.commit('Move on', {
      'src/app.txt': `Turn ${turns}\n${app}\n`,
      [`src/other-${turns}.txt`]: 'other\n',
    });
    await owner.git('push', '-q', 'origin', 'main');
    await writer.git('fetch', '-q', 'origin');
  }

  /** A pull request of the writer's that waits for a second approval after the first. */
  async function approved(branch: string, way: 'review' | 'label' = 'review') {
    await writer.git('fetch', '-q', 'origin');
    await writer.git('checkout', '-q', '-f', '-B', branch, 'origin/main');
    const app = await writer.git('show', 'HEAD:src/app.txt');
    const head = await writer.commit('Allow', { 'src/app.txt': withLineIn(3, `${app}\n`) });
    await writer.git('push', '-q', 'origin', branch);
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: `Allow by ${branch}`,
      head: branch,
      base: 'main',
      body: '',
    });
    const pull = (opened as { number: number }).number;
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    if (way === 'label') await world.label('maintainer', pull, 'assent:approve');
    else await world.review('maintainer', pull, 'APPROVE');
    await standing(id, head);
    return { pull, id, head, branch };
  }

  const standing = (id: string, head: string) =>
    world.until(`an approval of ${id} on ${head.slice(0, 10)}`, ({ items }) => {
      const item = items[id];
      return (
        item?.authority === 'waiting_for_human' &&
        item.stage === 'merge' &&
        item.approvals.some(({ digest }) => digest === head) &&
        item
      );
    });

  /** The gate asks about the new head, all deliveries are handled; whose approvals it counts. */
  async function countedOn(id: string, head: string): Promise<readonly string[]> {
    await world.until(`${id} to ask about ${head.slice(0, 10)}`, ({ items }) => {
      const item = items[id];
      return item?.authority === 'waiting_for_human' && item.gate?.digest === head;
    });
    await world.settled();
    const item = await world.item(id);
    expect(item?.approvals.every(({ digest }) => digest === head)).toBe(true);
    return (item?.approvals ?? []).map(({ login, by }) => `${login} by ${by}`);
  }

  const force = (branch: string) => writer.git('push', '-q', '--force', 'origin', branch);

  it.each<[string, string, () => Promise<void>]>([
    [
      'a rebase of the same change',
      'rebase',
      async () => {
        await mainMoves();
        await writer.git('rebase', '-q', 'origin/main');
      },
    ],
    [
      'a commit message written anew',
      'reword',
      async () => {
        await writer.git('commit', '-q', '--amend', '-m', 'Allow all of it');
      },
    ],
    [
      'a merge of the base',
      'update',
      async () => {
        await mainMoves();
        await writer.git('merge', '-q', '--no-edit', 'origin/main');
      },
    ],
    [
      'a commit within the named paths',
      'docs',
      async () => {
        await writer.commit('Tell', { 'docs/a.md': '# A\n\nTold.\n' });
      },
    ],
    [
      'a rebase that changes the named paths besides',
      'rebase-docs',
      async () => {
        await mainMoves();
        await writer.git('rebase', '-q', 'origin/main');
        await writer.commit('Tell', { 'docs/a.md': '# A\n\nTold twice.\n' });
      },
    ],
  ])('stands after %s, and says on which head it was given', async (_push, branch, change) => {
    const { id, pull, head: before } = await approved(branch);
    await change();
    await force(branch);
    const head = await writer.head();
    expect(await countedOn(id, head)).toEqual(['maintainer by review']);
    await world.review('owner', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    const history = (await world.history()).filter(({ item }) => item === id);
    const ended = history.filter(({ type }) => type === 'approval.ended');
    expect(ended.map(({ data }) => data)).toMatchObject([
      {
        approval: { login: 'maintainer', digest: before },
        reason: expect.stringContaining('push'),
      },
    ]);
  });

  it.each<[string, string, () => Promise<void>]>([
    [
      'a rebase that changes one byte',
      'byte',
      async () => {
        await mainMoves();
        await writer.git('rebase', '-q', 'origin/main');
        const app = await writer.git('show', 'HEAD:src/app.txt');
        await writer.write('src/app.txt', `${app.replace('allow all', 'allow al1')}\n`);
        await writer.git('commit', '-q', '--all', '--amend', '--no-edit');
      },
    ],
    [
      'a merge of the base that holds what neither side had',
      'evil',
      async () => {
        await mainMoves();
        await writer.git('merge', '-q', '--no-commit', '--no-ff', 'origin/main');
        await writer.commit('Merge', { 'src/evil.txt': 'evil\n' });
      },
    ],
    [
      'a merge of the base that leaves out what the base had',
      'ours',
      async () => {
        await mainMoves();
        await writer.git('merge', '-q', '--strategy=ours', '--no-edit', 'origin/main');
      },
    ],
    [
      'the same lines in another place of the file',
      'moved',
      async () => {
        const app = await writer.git('show', 'origin/main:src/app.txt');
        await writer.write('src/app.txt', withLineIn(4, `${app}\n`));
        await writer.git('commit', '-q', '--all', '--amend', '--no-edit');
      },
    ],
    [
      'a file mode changed',
      'mode',
      async () => {
        await writer.git('update-index', '--chmod=+x', 'src/app.txt');
        await writer.git('commit', '-q', '--amend', '--no-edit');
      },
    ],
    [
      'a commit outside the named paths',
      'more',
      async () => {
        await writer.commit('More', { 'docs/a.md': '# A\n\nMore.\n', 'src/more.txt': 'more\n' });
      },
    ],
  ])('ends with %s', async (_push, branch, change) => {
    const { id, pull } = await approved(branch);
    await change();
    await force(branch);
    expect(await countedOn(id, await writer.head())).toEqual([]);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('a label stands with the head it was counted on, and not with one set while nobody looked', async () => {
    const { id, pull, branch } = await approved('label', 'label');
    await mainMoves();
    await writer.git('rebase', '-q', 'origin/main');
    await force(branch);
    expect(await countedOn(id, await writer.head())).toEqual(['maintainer by label']);

    // Said and pushed over before Assent looked: nobody recorded which head it was said of.
    await mainMoves();
    await world.settled();
    world.simulator.faults.deliveryDelay = 60_000;
    await world.comment('owner', pull, '/assent approve');
    await writer.git('rebase', '-q', 'origin/main');
    await force(branch);
    world.simulator.faults.deliveryDelay = 0;
    expect(await countedOn(id, await writer.head())).toEqual(['maintainer by label']);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('a head pushed away and put back counts again by its reviews, never by a label set in between', async () => {
    const { id, pull, head, branch } = await approved('back');
    await writer.commit('Another', { 'src/another.txt': 'another\n' });
    // Assent hears of neither push before both are done.
    world.simulator.faults.deliveryDelay = 60_000;
    await writer.git('push', '-q', 'origin', branch);
    await world.label('owner', pull, 'assent:approve');
    await writer.git('reset', '-q', '--hard', head);
    await force(branch);
    world.simulator.faults.deliveryDelay = 0;
    expect(await countedOn(id, head)).toEqual(['maintainer by review']);
    await world.settled();
    expect((await world.item(id))?.gate?.ignored.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('before the head'),
    ]);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('dismissed after it survived, it has ended', async () => {
    const { id, pull, branch } = await approved('dismissed');
    await mainMoves();
    await writer.git('rebase', '-q', 'origin/main');
    await force(branch);
    const head = await writer.head();
    expect(await countedOn(id, head)).toEqual(['maintainer by review']);
    const reviews = await world.act('owner', 'GET', `/pulls/${pull}/reviews`);
    const given = (reviews as { id: number; user: { login: string } }[]).find(
      ({ user }) => user.login === 'maintainer',
    );
    await world.act('owner', 'PUT', `/pulls/${pull}/reviews/${given?.id}/dismissals`, {
      message: 'Not like this.',
    });
    await world.until('the end', ({ items }) => items[id]?.approvals.length === 0);
    expect(await countedOn(id, head)).toEqual([]);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('survives nothing where the head before is not to be had any more', async () => {
    const { id, pull, branch } = await approved('gone');
    world.simulator.setWebhook(null);
    await world.machines.at(-1)?.stop();
    await mainMoves();
    await writer.git('rebase', '-q', 'origin/main');
    await force(branch);
    // Another machine: its mirror has only what GitHub's branches still lead to.
    await world.machine();
    expect(await countedOn(id, await writer.head())).toEqual([]);
    await world.review('maintainer', pull, 'APPROVE');
    await world.review('owner', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });
});
