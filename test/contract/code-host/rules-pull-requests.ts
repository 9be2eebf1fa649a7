import { describe, expect, it } from 'vitest';

import { ABSENT, done, refusalOf } from './expecting.ts';
import type { Stage } from './suite.ts';

/** Opening, reading, check runs, branches. */
export function pullRequestRules(stage: () => Stage): void {
  describe('a pull request', () => {
    it('reads as it stands', async () => {
      const { harness, scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      const { default_branch: base } = await scene.host.describe();
      const facts = {
        number,
        title: `Add ${branch}`,
        body: 'By hand.',
        state: 'open',
        merged: false,
        merge_commit: null,
        merged_by: null,
        merged_at: null,
        draft: false,
        author: { login: harness.people.owner?.login, type: 'User' },
        head,
        head_branch: branch,
        head_repository: harness.ref.full_name,
        base,
      };
      expect(await scene.host.pullRequest(number)).toMatchObject(facts);
      const listed = await scene.host.openPullRequests();
      expect(listed.find((pull) => pull.number === number)).toMatchObject(facts);
    });

    it('that is not there is null, also where an issue has the number', async () => {
      const { scene } = stage();
      expect(await scene.host.pullRequest(ABSENT)).toBeNull();
      expect(await scene.host.pullRequest(await scene.issue('owner'))).toBeNull();
    });

    it('has a new head after a push', async () => {
      const { scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      const pushed = await scene.write('owner', branch, 'more.txt', 'more\n');
      expect(pushed).not.toBe(head);
      expect((await scene.host.pullRequest(number))?.head).toBe(pushed);
    });

    it('tells its commits, oldest first, with the logins behind them', async () => {
      const { scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      const pushed = await scene.write('owner', branch, 'more.txt', 'more\n');
      const commits = await scene.host.commits(number);
      expect(commits.map(({ sha }) => sha)).toEqual([head, pushed]);
      expect(commits[1]?.parents).toEqual([head]);
    });

    it('of ours is opened once for a branch', async () => {
      const { harness, scene } = stage();
      const self = await harness.connect().identity();
      const pull = await scene.ourPullRequest(true);
      expect(pull).toMatchObject({
        draft: true,
        state: 'open',
        author: { id: self.id, type: 'Bot' },
      });
      const draft = {
        branch: pull.head_branch,
        base: pull.base,
        title: 'Again',
        body: 'b',
        draft: true,
      };
      expect(done(await scene.host.openPullRequest(draft)).number).toBe(pull.number);
      const elsewhere = scene.fresh('release');
      await scene.write('owner', elsewhere, 'release.txt', 'r\n');
      expect(refusalOf(await scene.host.openPullRequest({ ...draft, base: elsewhere }))).toBe(
        'pull_request.other_base',
      );
    });

    it('without a commit of its own is refused', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      const branch = `assent/${scene.fresh('empty')}`;
      await scene.does('owner', 'POST', '/git/refs', {
        ref: `refs/heads/${branch}`,
        sha: pull.base_sha,
      });
      const draft = { branch, base: pull.base, title: 't', body: 'b', draft: false };
      expect(refusalOf(await scene.host.openPullRequest(draft))).toBe('pull_request.no_commits');
    });

    it('from a branch that is not there is refused', async () => {
      const { scene } = stage();
      const { default_branch: base } = await scene.host.describe();
      const draft = { branch: 'assent/nowhere', base, title: 't', body: 'b', draft: false };
      expect(refusalOf(await scene.host.openPullRequest(draft))).toBe('pull_request.refused');
    });

    it('is made ready once', async () => {
      const { scene } = stage();
      const { number } = await scene.ourPullRequest(true);
      done(await scene.host.markReady(number));
      expect((await scene.host.pullRequest(number))?.draft).toBe(false);
      done(await scene.host.markReady(number));
      expect(refusalOf(await scene.host.markReady(ABSENT))).toBe('pull_request.no_item');
    });
  });

  describe('a pull request of ours', () => {
    it('is described anew', async () => {
      const { scene } = stage();
      const { number } = await scene.ourPullRequest();
      done(await scene.host.describePullRequest(number, 'Anew.'));
      done(await scene.host.describePullRequest(number, 'Anew.'));
      expect((await scene.host.pullRequest(number))?.body).toBe('Anew.');
      expect(refusalOf(await scene.host.describePullRequest(ABSENT, 'x'))).toBe(
        'pull_request.not_described',
      );
    });

    it('tells of the checks that failed on it, ours left out', async () => {
      const { scene } = stage();
      const { head } = await scene.ourPullRequest();
      expect(await scene.host.failures(head)).toEqual([]);
      const ours = { head, external_id: 'pull-1', title: 't', summary: 's' };
      done(await scene.host.reportCheck({ ...ours, status: 'completed', conclusion: 'failure' }));
      for (const [context, state] of [
        ['ci/build', 'failure'],
        ['ci/lint', 'success'],
      ] as const)
        await scene.does('owner', 'POST', `/statuses/${head}`, {
          context,
          state,
          description: '2 tests failed',
        });
      const failure = { name: 'ci/build', conclusion: 'failure', title: '2 tests failed' };
      expect(await scene.host.failures(head)).toEqual([
        { ...failure, summary: null, text: null, annotations: [] },
      ]);
    });
  });

  describe('our check run', () => {
    const report = (head: string) => ({
      head,
      external_id: 'pull-1',
      status: 'in_progress' as const,
      conclusion: null,
      title: 'Waiting',
      summary: 'For **one** maintainer.',
    });

    it('is written once for a head, and changed in place', async () => {
      const { harness, scene } = stage();
      const { app_id: appId } = await harness.connect().identity();
      const { head } = await scene.pullRequest('owner');
      const first = done(await scene.host.reportCheck(report(head)));
      expect(await scene.host.checks(head)).toEqual([
        { name: 'assent', app_id: appId, conclusion: null },
      ]);
      const afterRestart = harness.connect().repository(harness.ref);
      expect(done(await afterRestart.reportCheck(report(head)))).toEqual(first);
      const finished = { ...report(head), status: 'completed', conclusion: 'success' } as const;
      expect(done(await afterRestart.reportCheck(finished))).toEqual(first);
      expect(done(await afterRestart.reportCheck(finished))).toEqual(first);
      expect(await scene.host.checks(head)).toEqual([
        { name: 'assent', app_id: appId, conclusion: 'success' },
      ]);
    });

    it('stands beside the statuses of others, which belong to no App', async () => {
      const { scene } = stage();
      const { head } = await scene.pullRequest('owner');
      done(await scene.host.reportCheck(report(head)));
      for (const [context, state] of [
        ['ci/build', 'success'],
        ['ci/slow', 'pending'],
      ] as const)
        await scene.does('owner', 'POST', `/statuses/${head}`, { context, state });
      const checks = await scene.host.checks(head);
      expect(checks).toContainEqual({ name: 'ci/build', app_id: null, conclusion: 'success' });
      expect(checks).toContainEqual({ name: 'ci/slow', app_id: null, conclusion: null });
      expect(checks).toHaveLength(3);
    });

    it('is refused on a commit that is not there', async () => {
      const { host } = stage().scene;
      expect(refusalOf(await host.reportCheck(report('0'.repeat(40))))).toBe('check.refused');
    });
  });

  describe('a branch', () => {
    it('is deleted when it is ours and nobody needs it; gone already is as good', async () => {
      const { scene } = stage();
      const branch = `assent/${scene.fresh('done')}`;
      await scene.write('owner', branch, 'done.txt', 'd\n');
      done(await scene.host.deleteBranch(branch));
      done(await scene.host.deleteBranch(branch));
      await expect(scene.does('owner', 'GET', `/git/ref/heads/${branch}`)).rejects.toThrow('404');
    });

    it('stays while a pull request is open on it', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      expect(refusalOf(await scene.host.deleteBranch(pull.head_branch))).toBe('branch.in_use');
      expect((await scene.host.pullRequest(pull.number))?.state).toBe('open');
    });

    it.each([
      ['main', 'branch.not_ours'],
      ['feature', 'branch.not_ours'],
      ['assent/', 'branch.not_ours'],
      ['assent/ledger', 'branch.kept'],
    ])('%s is never deleted: %s', async (branch, code) => {
      expect(refusalOf(await stage().scene.host.deleteBranch(branch))).toBe(code);
    });
  });
}
