import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import { policies } from './project.ts';
import { fieldOf, World } from './world.ts';

const two = policies.replace(
  'approval: { id: code, from: { roles: [maintainer] }, count: 1, by: [review, label, command] }',
  'approval: { id: code, from: { roles: [maintainer] }, count: 2, by: [review, label, command] }',
);

type Way = 'review' | 'label' | 'command';

interface Withdrawal {
  readonly how: string;
  readonly way: Way;
  readonly act: (world: World, pull: number, given: number) => Promise<unknown>;
  readonly reason: string;
  readonly undo?: (world: World) => Promise<unknown>;
  /** GitHub tells nobody of it: it is seen when somebody looks. */
  readonly silent?: true;
}

const withdrawals: readonly Withdrawal[] = [
  {
    how: 'the review is dismissed',
    way: 'review',
    act: (world, pull, given) =>
      world.act('owner', 'PUT', `/pulls/${pull}/reviews/${given}/dismissals`, { message: 'No.' }),
    reason: 'the review of maintainer was dismissed',
  },
  {
    how: 'the same person requests changes',
    way: 'review',
    act: (world, pull) => world.review('maintainer', pull, 'REQUEST_CHANGES'),
    reason: 'maintainer requested changes since',
  },
  {
    how: 'the comment is edited',
    way: 'command',
    act: (world, _pull, given) =>
      world.act('maintainer', 'PATCH', `/issues/comments/${given}`, {
        body: '/assent approve\n\nAfter all.',
      }),
    reason: 'the comment of maintainer was edited',
  },
  {
    how: 'the comment is deleted',
    way: 'command',
    act: (world, _pull, given) => world.act('maintainer', 'DELETE', `/issues/comments/${given}`),
    reason: 'the comment of maintainer was deleted',
  },
  {
    how: 'somebody hides the comment',
    way: 'command',
    act: (world, _pull, given) => hide(world, 'triager', given),
    reason: 'the comment of maintainer was hidden',
    silent: true,
  },
  {
    how: 'somebody without a say removes the label',
    way: 'label',
    act: (world, pull) => world.unlabel('triager', pull, 'assent:approve'),
    reason: 'triager removed the label assent:approve',
  },
  {
    how: 'the label is deleted from the repository',
    way: 'label',
    act: (world) => world.act('owner', 'DELETE', '/labels/assent:approve'),
    undo: (world) =>
      world.act('owner', 'POST', '/labels', { name: 'assent:approve', color: 'ededed' }),
    reason: 'owner removed the label assent:approve',
  },
  {
    how: 'the approver loses their permission',
    way: 'review',
    act: (world) =>
      world.act('owner', 'PUT', '/collaborators/maintainer', { permission: 'triage' }),
    undo: (world) =>
      world.act('owner', 'PUT', '/collaborators/maintainer', { permission: 'maintain' }),
    reason: 'maintainer has permission triage; step code takes role maintainer',
    silent: true,
  },
];

/** As on GitHub's page, which calls it minimizing. */
async function hide(world: World, person: Person, comment: number): Promise<void> {
  const told = await world.act(person, 'GET', `/issues/comments/${comment}`);
  const query =
    'mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OFF_TOPIC }) { minimizedComment { isMinimized } } }';
  const variables = { id: fieldOf(told, 'node_id') };
  const { body } = await world.simulator.as(person)('POST', '/graphql', { query, variables });
  expect(body).toEqual({ data: { minimizeComment: { minimizedComment: { isMinimized: true } } } });
}

const moments = ['while a second is awaited', 'when nothing but the act is missing'] as const;

/** CONTRACTS.md: an approval that is taken back, in whatever form, ends visibly and has no effect. */
describe.each(moments)('an approval taken back %s', (moment) => {
  let world: World;
  let turn = 0;
  beforeAll(async () => {
    world = await World.begin({ policies: two });
    // A merge that GitHub answers with an outage is tried again in half a minute, and until then it is approved and not done.
    await world.machine({ timing: { retry_ms: 30_000 } });
  });
  afterAll(() => world.end());

  it.each(withdrawals)('ends where $how', async ({ way, act, undo, reason, silent }) => {
    const { pull, id } = await opened();
    const given = await approve(pull, way);
    await world.until('the first', ({ items }) => items[id]?.approvals.length === 1);
    if (moment === 'when nothing but the act is missing') await approvedButNotMerged(pull, id);

    await act(world, pull, given);
    if (moment === 'when nothing but the act is missing') await mergeIsTriedAgain(pull);
    else if (silent === true) await world.review('owner', pull, 'COMMENT');

    await world.until('the end of the approval', ({ items }) =>
      items[id]?.approvals.every(({ login }) => login !== 'maintainer'),
    );
    await world.settled();
    expect(await endedOf(id)).toEqual([expect.stringContaining(reason)]);
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human', stage: 'merge' });
    await undo?.(world);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it('stands where another eligible person requests changes, and nothing is done', async () => {
    const { pull, id } = await opened();
    await approve(pull, 'review');
    await world.until('the first', ({ items }) => items[id]?.approvals.length === 1);
    if (moment === 'when nothing but the act is missing') await approvedButNotMerged(pull, id);
    await world.review('owner', pull, 'REQUEST_CHANGES');
    if (moment === 'when nothing but the act is missing') await mergeIsTriedAgain(pull);
    const item = await world.until('the objection', ({ items }) => {
      const open = items[id];
      return open?.gate?.waiting_for[0]?.blocked_by?.includes('owner') && open;
    });
    expect(item.approvals.map(({ login }) => login)).toContain('maintainer');
    expect(item.authority).toBe('waiting_for_human');
    await world.settled();
    expect(await world.comment1(pull)).toContain('the objection of owner stands');
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  async function opened(): Promise<{ readonly pull: number; readonly id: string }> {
    turn += 1;
    const pull = await world.pull('writer', `back-${turn}`);
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    return { pull, id };
  }

  async function approve(pull: number, way: Way): Promise<number> {
    if (way === 'review') return world.review('maintainer', pull, 'APPROVE');
    if (way === 'label') {
      await world.label('maintainer', pull, 'assent:approve');
      return 0;
    }
    const said = await world.comment('maintainer', pull, '/assent approve');
    return Number(fieldOf(said, 'id'));
  }

  async function approvedButNotMerged(pull: number, id: string): Promise<void> {
    world.simulator.faults.failRequests({ status: 502, count: 20, path: `/pulls/${pull}/merge` });
    await world.review('owner', pull, 'APPROVE');
    await world.until('the outage', ({ items, intents }) => {
      const merge = Object.values(intents).find(({ key }) => key.startsWith(`merge/${pull}/`));
      return items[id]?.authority === 'resumed' && merge?.attempts === 1;
    });
    world.simulator.faults.reset();
  }

  async function mergeIsTriedAgain(pull: number): Promise<void> {
    world.tick(31);
    await world.comment('reader', pull, 'A remark.');
  }

  const endedOf = async (id: string): Promise<readonly unknown[]> =>
    (await world.history()).flatMap((event) =>
      event.type === 'approval.ended' &&
      event.item === id &&
      event.data.approval.login === 'maintainer'
        ? [event.data.reason]
        : [],
    );
});
