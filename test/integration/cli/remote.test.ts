import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import { assentRun } from '../../support/command.ts';
import { fieldOf, World, type Machine } from '../application/world.ts';

/** A command is a process of its own, which takes its time to start on a busy machine. */
const PATIENCE_MS = 120_000;

describe('commands that act as their human', () => {
  let world: World;
  let machine: Machine;
  let item = { id: '', number: 0 };
  beforeAll(async () => {
    world = await World.begin();
    machine = await world.machine();
    item = await world.planned('To decide on');
  }, PATIENCE_MS);
  afterAll(() => world.end());

  const assent = async (
    person: Person,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) => {
    const running = assentRun([...args, '--repository', 'acme/widgets'], {
      GHE_HOST: world.simulator.url,
      GITHUB_TOKEN: world.simulator.people[person].token,
      ASSENT_URL: machine.url,
      ...environment,
    });
    const code = await running.exit;
    return { code, out: running.out(), err: running.err() };
  };
  const documentOf = (out: string): unknown => JSON.parse(out);

  it(
    'status says what waits for whom, and exits with 3 while a human is waited for',
    async () => {
      const { code, out } = await assent('reader', ['status']);
      expect(code).toBe(3);
      expect(out).toContain('the role maintainer to approve the plan');
    },
    PATIENCE_MS,
  );

  it(
    'show gives the tree of the check run, under --json as one document',
    async () => {
      const { code, out } = await assent('reader', ['show', `#${item.number}`, '--json']);
      expect(code).toBe(3);
      expect(JSON.stringify(fieldOf(documentOf(out), 'verdict'))).toContain('step plan: 0 of 1');
    },
    PATIENCE_MS,
  );

  it(
    'approve by who may not leaves a comment that counts for nothing, and says why',
    async () => {
      const { code, err } = await assent('reader', ['approve', item.id, '--wait', '60']);
      expect([code, err]).toEqual([1, expect.stringContaining('has permission read')]);
      expect((await world.comments(item.number)).at(-1)).toMatchObject({
        login: 'reader',
        body: '/assent approve',
      });
    },
    PATIENCE_MS,
  );

  it(
    'halt stops, resume takes the right, and each exits by what came of it',
    async () => {
      expect((await assent('writer', ['halt', 'it', 'smells'])).code).toBe(0);
      expect((await world.state()).control.halted).toMatchObject({
        by: 'writer',
        reason: 'it smells',
      });
      expect(await assent('writer', ['resume'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('takes maintain permission'),
      });
      const all = await assent('maintainer', ['resume', '--all', '--json']);
      expect([all.code, fieldOf(documentOf(all.out), 'repositories')]).toEqual([
        0,
        [expect.objectContaining({ full_name: 'acme/widgets' })],
      ]);
      expect((await world.state()).control.halted).toBeNull();
    },
    PATIENCE_MS,
  );

  it(
    'approve by who may is evidence on GitHub, and the item goes on',
    async () => {
      const { code } = await assent('maintainer', ['approve', item.id, '--wait', '60']);
      expect([0, 3]).toContain(code);
      await world.until('the plan to be approved', ({ items }) =>
        items[item.id]?.approvals.some(
          ({ login, by }) => login === 'maintainer' && by === 'command',
        ),
      );
    },
    PATIENCE_MS,
  );

  it(
    'approve of a merge is a review of the head, which is what policies ask for',
    async () => {
      const { id, head } = await world.contributed('To merge');
      const { code } = await assent('maintainer', ['approve', id, 'looks right', '--wait', '60']);
      expect([0, 3]).toContain(code);
      expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
      const given = (await world.history()).findLast(
        ({ type, item: of }) => type === 'approval.given' && of === id,
      );
      expect(given?.data).toMatchObject({ approval: { by: 'review', digest: head } });
    },
    PATIENCE_MS,
  );

  it.each<readonly [string, readonly string[], Readonly<Record<string, string>>, number, string]>([
    ['a way that is none', ['approve', 'pull-1', '--by', 'nod'], {}, 2, 'review, label, command'],
    [
      'no token',
      ['status'],
      { GITHUB_TOKEN: '', GH_TOKEN: '', PATH: '/nowhere' },
      2,
      'no token of yours',
    ],
    ['a token of nobody', ['status'], { GITHUB_TOKEN: 'ghp_nobody00000' }, 2, 'knows no person'],
    ['no service', ['status'], { ASSENT_URL: '' }, 2, 'where is Assent?'],
    ['a service in clear', ['halt'], { ASSENT_URL: 'http://assent.example' }, 2, 'travel in clear'],
    ['nobody listening', ['halt'], { ASSENT_URL: 'http://127.0.0.1:9' }, 4, 'could not be asked'],
    ['an agent there is not', ['disable', 'revewer'], {}, 2, 'agents are'],
    ['an item that is none', ['approve', 'thing-1'], {}, 1, 'knows no thing-1'],
  ])(
    '%s: says so',
    async (_title, args, environment, code, message) => {
      const ended = await assent('maintainer', args, environment);
      expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(message)]);
    },
    PATIENCE_MS,
  );
});
