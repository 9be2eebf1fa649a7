import { describe, expect, it } from 'vitest';

import { ABSENT } from './expecting.ts';
import type { Stage } from './suite.ts';

/** One look must tell what the single questions tell, or a decision would rest on something else than they do. */
export function evidenceRules(stage: () => Stage): void {
  describe('one look', () => {
    it('at an issue tells what its parts tell', async () => {
      const { scene } = stage();
      const { host } = scene;
      const number = await scene.issue('owner', 'Breaks.');
      await scene.comment('owner', number, 'It does.');
      await host.upsertComment(number, `issue-${number}`, 'Ours.');
      await scene.does('owner', 'POST', `/issues/${number}/labels`, { labels: ['kept', 'gone'] });
      await scene.does('owner', 'DELETE', `/issues/${number}/labels/gone`);
      expect(await host.issueWithEvidence(number)).toEqual({
        issue: await host.issue(number),
        comments: await host.comments(number),
        label_events: await host.labelEvents(number),
      });
    });

    it('at a pull request tells what its parts tell', async () => {
      const { harness, scene } = stage();
      const { host } = scene;
      const reviewer = harness.people.maintainer === undefined ? 'owner' : 'maintainer';
      const { number, branch } = await scene.pullRequest('owner');
      await scene.review(reviewer, number, 'COMMENT', 'Hm.');
      await scene.comment('owner', number, 'Looking.');
      await scene.does('owner', 'POST', `/issues/${number}/labels`, { labels: ['kept'] });
      await scene.write('owner', branch, 'more.txt', 'more\n');
      const pull = await host.pullRequest(number);
      const told = await host.pullRequestWithEvidence(number);
      expect(told).toEqual({
        pull_request: { ...pull, mergeable: null },
        reviews: await host.reviews(number),
        comments: await host.comments(number),
        label_events: await host.labelEvents(number),
        commits: await host.commits(number),
        retargeted_at: null,
        force_pushes: [],
      });
      expect(told?.commits).toHaveLength(2);
      expect(told?.reviews).toHaveLength(1);
    });

    it('at a head put back by force tells when, and what it put there', async () => {
      const { scene } = stage();
      const { number, branch } = await scene.pullRequest('owner');
      const first = (await scene.host.pullRequest(number))?.head;
      await scene.write('owner', branch, 'more.txt', 'more\n');
      const moved = { sha: first, force: true };
      await scene.does('owner', 'PATCH', `/git/refs/heads/${branch}`, moved);
      const told = await scene.host.pullRequestWithEvidence(number);
      expect(told?.pull_request.head).toBe(first);
      expect(told?.force_pushes).toEqual([
        { at: expect.stringMatching(/^20\d\d-.*Z$/), head: first },
      ]);
    });

    it('at a merged pull request tells by whom and as what', async () => {
      const { scene } = stage();
      const { number } = await scene.pullRequest('owner');
      await scene.does('owner', 'PUT', `/pulls/${number}/merge`, {});
      const pull = await scene.host.pullRequest(number);
      const told = await scene.host.pullRequestWithEvidence(number);
      expect(told?.pull_request).toEqual({ ...pull, mergeable: null });
      expect(told?.pull_request.merge_commit).toMatch(/^[0-9a-f]{40}$/);
    });

    it('at what is not there, or is of the other kind, is null', async () => {
      const { scene } = stage();
      const issue = await scene.issue('owner');
      const { number } = await scene.pullRequest('owner');
      expect(await scene.host.issueWithEvidence(ABSENT)).toBeNull();
      expect(await scene.host.issueWithEvidence(number)).toBeNull();
      expect(await scene.host.pullRequestWithEvidence(ABSENT)).toBeNull();
      expect(await scene.host.pullRequestWithEvidence(issue)).toBeNull();
    });

    it('names the bot behind a commit', async () => {
      const { harness, scene } = stage();
      const { login, id } = await harness.connect().identity();
      const { number, branch } = await scene.pullRequest('owner');
      const author = { name: login, email: `${id}+${login}@users.noreply.github.com` };
      await scene.does('owner', 'PUT', '/contents/bot.txt', {
        message: 'By a bot',
        content: Buffer.from('bot\n').toString('base64'),
        branch,
        author,
        committer: author,
      });
      const told = await scene.host.pullRequestWithEvidence(number);
      expect(told?.commits.at(-1)).toMatchObject({ author: login, committer: login });
      expect(told?.commits).toEqual(await scene.host.commits(number));
    });
  });
}
