import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { fieldOf, list, World } from './world.ts';

const plan = policies.slice(
  policies.indexOf('  - id: plan'),
  policies.indexOf('  - id: contribute'),
);
const loosened = policies.replace(
  plan,
  '  - id: plan\n    actions: [plan.adopt]\n    effect: allow\n',
);

describe('a pull request that changes the policies', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
    const { id, pull } = await world.contributed('Something of the past');
    await world.review('maintainer', pull, 'APPROVE');
    await world.ended(id);
  });
  afterAll(() => world.end());

  const proposing = async (branch: string, text: string): Promise<number> => {
    await world.branch('writer', branch);
    await world.push('writer', branch, 'policies/default.yml', text);
    const opened = { title: `Policies: ${branch}`, head: branch, base: 'main', body: '' };
    return Number(fieldOf(await world.act('writer', 'POST', '/pulls', opened), 'number'));
  };
  /** Processes of their own take their time: it is waited for the jobs, not for the clock. */
  const tried = async (number: number) => {
    await world.settled();
    const trial = (await world.state()).trials[`pull-${number}`];
    if (trial === undefined) throw new Error(`the policies of ${number} were not tried`);
    return trial;
  };
  const checkOf = async (head: string): Promise<string> => {
    await world.settled();
    const runs = await world.act('owner', 'GET', `/commits/${head}/check-runs`);
    const ours = list(fieldOf(runs, 'check_runs')).filter(
      (run) => fieldOf(run, 'name') === 'assent',
    );
    expect(ours).toHaveLength(1);
    return String(fieldOf(fieldOf(ours[0], 'output'), 'summary'));
  };

  it('is shown to let pass what waited, with the decisions that would not have been asked', async () => {
    const number = await proposing('loosen', loosened);
    const { head } = await tried(number);
    const check = await checkOf(head);
    expect(check).toContain('#### The policies of this pull request');
    expect(check).toContain(
      '- `plan.adopt`, by rule `plan`: nobody is asked, today it waits for a human',
    );
    expect(check).toMatch(/2 × `plan.adopt` ⚠ would have passed \(issue-1\)/);
    expect(await world.comment1(number)).toMatch(
      /⚠ It changes the policies: .*2 of \d+ past decisions would have come out otherwise\. More in the check\./,
    );
  });

  it('is tried once, and again for another head alone', async () => {
    const number = await proposing('twice', policies.replace('count: 1', 'count: 2'));
    const { head } = await tried(number);
    await world.comment('reader', number, 'Hm.');
    await world.settled();
    await world.machines.at(-1)?.stop();
    await world.machine();
    await world.settled();
    const trials = async () =>
      (await world.history()).filter(
        ({ type, item }) => type === 'policy.tried' && item === `pull-${number}`,
      );
    expect(await trials()).toHaveLength(1);

    await world.push('writer', 'twice', 'policies/default.yml', `${policies}# the same\n`);
    const now = await tried(number);
    expect(now.head).not.toBe(head);
    expect(await trials()).toHaveLength(2);
    expect(now.past?.changes).toEqual([]);
    expect(await checkOf(now.head)).toMatch(
      /None of \d+ past decisions is known to come out otherwise/,
    );
  });

  it('that nobody can read is said to be, with each place, before anything else', async () => {
    const number = await proposing(
      'broken',
      policies.replaceAll('effect: allow', 'effect: perhaps'),
    );
    const { head } = await tried(number);
    const check = await checkOf(head);
    expect(check).toContain('**⚠ They cannot be read.**');
    expect(check.match(/policies\/default\.yml:\d+:\d+: /g)).toHaveLength(3);
    expect(check).not.toContain('past decision');
    expect(await world.comment1(number)).toContain(
      '⚠ It changes the policies to some that cannot be read',
    );
  });

  it('or configuration', async () => {
    await world.branch('writer', 'configure');
    await world.push('writer', 'configure', '.github/assent.yml', 'version: 1\nagnets: {}\n');
    const opened = { title: 'Configure', head: 'configure', base: 'main', body: '' };
    const number = Number(fieldOf(await world.act('writer', 'POST', '/pulls', opened), 'number'));
    const { head } = await tried(number);
    expect(await checkOf(head)).toMatch(/cannot be read[^]*agnets[^]*agents/);
  });

  it('leaves any other alone', async () => {
    const number = await world.pull('writer', 'other');
    await world.waits(`pull-${number}`, 'merge');
    await world.settled();
    expect((await world.state()).trials[`pull-${number}`]).toBeUndefined();
    expect(await world.comment1(number)).not.toContain('policies');
  });
});
