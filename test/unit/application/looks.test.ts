import { describe, expect, it } from 'vitest';

import { Looks } from '../../../src/application/looks.ts';
import type { PermissionFacts } from '../../../src/ports/code-host.ts';

/** A code host that says what it was asked, and whose first answer can be an outage. */
function host(outages = 0) {
  const asked: string[] = [];
  let left = outages;
  const answer = async <T>(question: string, value: T): Promise<T> => {
    asked.push(question);
    if (left > 0) {
      left -= 1;
      throw new Error('away');
    }
    return value;
  };
  const facts = (login: string): PermissionFacts => ({
    account: { id: 1, login, type: 'User' },
    permission: 'write',
  });
  const looks = new Looks({
    pullRequestWithEvidence: (number) => answer(`pull ${number}`, null),
    issueWithEvidence: (number) => answer(`issue ${number}`, null),
    permission: (login) => answer(`permission ${login}`, facts(login)),
    teamsOf: (login, teams) => answer(`teams ${login}`, teams),
    seesTeam: (team) => answer(`team ${team}`, true),
    organizationsOf: (login, named) => answer(`organizations ${login}`, named),
  });
  return { looks, asked };
}

const everything = async (looks: Looks) => {
  await looks.pullRequest(7);
  await looks.issue(1);
  await looks.permission('ann');
  await looks.teams('ann', ['acme/core']);
};

describe('in one wake-up', () => {
  it('nothing is asked twice, also not at the same time', async () => {
    const { looks, asked } = host();
    await Promise.all([everything(looks), everything(looks)]);
    await everything(looks);
    expect(asked).toHaveLength(4);
  });

  it('an act of ours makes items be looked at again, and leaves who people are', async () => {
    const { looks, asked } = host();
    await everything(looks);
    looks.forgetItems();
    await everything(looks);
    expect(asked.slice(4)).toEqual(['pull 7', 'issue 1']);
  });

  it('before a merge everything is looked at again', async () => {
    const { looks, asked } = host();
    await everything(looks);
    looks.forget();
    await everything(looks);
    expect(asked).toHaveLength(8);
  });

  it('an outage is no answer to keep', async () => {
    const { looks } = host(1);
    await expect(looks.permission('ann')).rejects.toThrow('away');
    expect((await looks.permission('ann'))?.permission).toBe('write');
  });
});
