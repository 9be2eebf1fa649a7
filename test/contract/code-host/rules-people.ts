import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import { done, refusalOf } from './expecting.ts';
import type { Stage } from './suite.ts';

const run = promisify(execFile);

/** Who is who, what they may, and the App's own affairs. */
export function peopleRules(stage: () => Stage): void {
  describe('we', () => {
    it('are a bot that knows its own name', async () => {
      const { harness } = stage();
      const self = await harness.connect().identity();
      expect(self.login).toBe(`${self.slug}[bot]`);
      expect(self.id).not.toBe(self.app_id);
    });

    it('know where we are installed, and the repository there', async () => {
      const { harness, scene } = stage();
      expect(await harness.connect().repositories()).toContainEqual(harness.ref);
      expect(await scene.host.describe()).toMatchObject({ full_name: harness.ref.full_name });
    });

    it('reach the repository by git with a token that is in no address', async () => {
      const { scene } = stage();
      const { url, token } = await scene.host.gitCredentials();
      expect(url).not.toContain(token);
      const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
      const { default_branch: branch } = await scene.host.describe();
      const { stdout } = await run('git', ['ls-remote', url, `refs/heads/${branch}`], {
        env: {
          PATH: process.env['PATH'],
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_TERMINAL_PROMPT: '0',
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'http.extraHeader',
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
        },
      });
      expect(stdout).toMatch(/^[0-9a-f]{40}\t/);
    });
  });

  describe('a permission', () => {
    it.for([
      ['owner', 'admin'],
      ['maintainer', 'maintain'],
      ['writer', 'write'],
      ['triager', 'triage'],
      ['reader', 'read'],
    ] as const)('of the %s is %s', async ([person, permission], { skip }) => {
      const { harness, scene } = stage();
      const login = harness.people[person]?.login ?? '';
      skip(login === '', 'needs such a person');
      expect(await scene.host.permission(login)).toMatchObject({
        account: { login, type: 'User' },
        permission,
      });
    });

    it('of a stranger is at most to read, of nobody none', async () => {
      const { harness, scene } = stage();
      const stranger = harness.people.stranger?.login ?? 'ghost';
      const given = (await scene.host.permission(stranger))?.permission ?? 'none';
      expect(['none', 'read']).toContain(given);
      const nobody = await scene.host.permission(scene.fresh('nobody-of-this-name'));
      expect(nobody?.permission ?? 'none').toBe('none');
    });
  });

  describe('a team', () => {
    it('has whom GitHub says it has', async ({ skip }) => {
      const { harness, scene } = stage();
      const { team = { name: 'none/at-all', member: 'nobody' } } = harness;
      skip(harness.team === undefined, 'needs a team');
      const asked = [team.name, `${harness.ref.owner}/no-such-team`];
      expect(await scene.host.teamsOf(team.member, asked)).toEqual([team.name]);
      expect(await scene.host.teamsOf('ghost', asked)).toEqual([]);
    });

    it('that is not there has nobody', async () => {
      const { harness, scene } = stage();
      const login = harness.people.owner?.login ?? '';
      expect(await scene.host.teamsOf(login, [`${harness.ref.owner}/no-such-team`])).toEqual([]);
    });
  });

  describe('deliveries', () => {
    it('are told newest first and can be asked for again', async ({ skip }) => {
      const { harness, scene } = stage();
      skip(!harness.delivers, 'needs a webhook');
      const app = harness.connect();
      const since = new Date(Date.now() - 60_000).toISOString();
      const number = await scene.issue('owner');
      await scene.comment('owner', number, 'One.');
      const last = async (event: string) => {
        const found = (await app.deliveries(since)).find((one) => one.event === event);
        if (found === undefined) throw new Error(`no delivery of ${event} yet`);
        return found;
      };
      const comment = await eventually(() => last('issue_comment'));
      expect(comment).toMatchObject({ action: 'created', repository_id: harness.ref.id });
      const times = (await app.deliveries(since)).map((one) => Date.parse(one.delivered_at));
      expect(times).toEqual(times.toSorted((a, b) => b - a));

      done(await app.redeliver(comment.id));
      const again = await eventually(async () => {
        const repeated = (await app.deliveries(since)).filter(({ guid }) => guid === comment.guid);
        if (repeated.length < 2) throw new Error('not redelivered yet');
        return repeated;
      });
      expect(again[0]?.redelivery).toBe(true);
      expect(refusalOf(await app.redeliver('1'))).toBe('delivery.unknown');
      const later = new Date(Date.now() + 3_600_000).toISOString();
      expect(await app.deliveries(later)).toEqual([]);
    });
  });
}

/** GitHub logs a delivery once it is answered, which is a little later. */
async function eventually<T>(look: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await look();
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
