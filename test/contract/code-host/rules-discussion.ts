import { describe, expect, it } from 'vitest';

import { ABSENT, done, refusalOf } from './expecting.ts';
import type { Stage } from './suite.ts';

/** Issues, comments, labels. */
export function discussionRules(stage: () => Stage): void {
  describe('an issue', () => {
    it('reads as it was filed', async () => {
      const { harness, scene } = stage();
      const number = await scene.issue('owner', 'Steps:\n\n1. Run it');
      expect(await scene.host.issue(number)).toMatchObject({
        number,
        body: 'Steps:\n\n1. Run it',
        state: 'open',
        author: { login: harness.people.owner?.login, type: 'User' },
        labels: [],
        is_pull_request: false,
      });
    });

    it('that is not there is null', async () => {
      expect(await stage().scene.host.issue(ABSENT)).toBeNull();
    });

    it('is listed while it is open, newest first, pull requests told apart, no more than asked for', async () => {
      const { scene } = stage();
      const closed = await scene.issue('owner');
      await scene.does('owner', 'PATCH', `/issues/${closed}`, { state: 'closed' });
      const older = await scene.issue('owner');
      const { number: pull } = await scene.pullRequest('owner');
      const listed = await scene.host.openIssues(2);
      expect(listed.map((issue) => [issue.number, issue.is_pull_request])).toEqual([
        [pull, true],
        [older, false],
      ]);
    });

    it('stands on a page whether it is open or closed, newest first, and there is a last page', async () => {
      const { scene } = stage();
      const closed = await scene.issue('owner');
      await scene.does('owner', 'PATCH', `/issues/${closed}`, { state: 'closed' });
      const open = await scene.issue('owner');
      const { issues, last } = await scene.host.issuePage(1);
      expect(issues.map(({ number, state }) => [number, state]).slice(0, 2)).toEqual([
        [open, 'open'],
        [closed, 'closed'],
      ]);
      expect(last).toBe(issues.length < 100);
      expect(await scene.host.issuePage(1_000)).toEqual({ issues: [], last: true });
    });

    it('is closed as not planned, and once: who closed it before keeps their reason', async () => {
      const { scene } = stage();
      const [ours, theirs] = [await scene.issue('owner'), await scene.issue('owner')];
      const completed = { state: 'closed', state_reason: 'completed' };
      await scene.does('owner', 'PATCH', `/issues/${theirs}`, completed);
      for (const number of [ours, ours, theirs]) done(await scene.host.closeIssue(number));
      expect(await scene.host.issue(ours)).toMatchObject({ state: 'closed' });
      const reasons = await Promise.all(
        [ours, theirs].map((number) => scene.does('owner', 'GET', `/issues/${number}`)),
      );
      expect(reasons).toMatchObject([
        { state_reason: 'not_planned' },
        { state_reason: 'completed' },
      ]);
      expect(refusalOf(await scene.host.closeIssue(ABSENT))).toBe('issue.gone');
    });

    it('is listed as changed since it was, and not since later', async () => {
      const { scene } = stage();
      const number = await scene.issue('owner');
      const { updated_at } = (await scene.host.issue(number)) ?? { updated_at: '' };
      const since = await scene.host.issuesSince(updated_at, 50);
      expect(since.map((issue) => issue.number)).toContain(number);
      expect(await scene.host.issuesSince('2099-01-01T00:00:00Z', 50)).toEqual([]);
    });
  });

  describe('our comment', () => {
    const marker = (number: number) => `issue-${number}`;

    it('is written once, edited in place, and left alone when it says the same', async () => {
      const { harness, scene } = stage();
      const number = await scene.issue('owner');
      const first = done(await scene.host.upsertComment(number, marker(number), 'One.'));
      expect(first.changed).toBe(true);
      const same = done(await scene.host.upsertComment(number, marker(number), 'One.'));
      expect(same).toEqual({ id: first.id, changed: false });
      const afterRestart = harness.connect().repository(harness.ref);
      const again = done(await afterRestart.upsertComment(number, marker(number), 'One.'));
      expect(again).toEqual({ id: first.id, changed: false });
      const other = done(await afterRestart.upsertComment(number, marker(number), 'Two.'));
      expect(other).toEqual({ id: first.id, changed: true });
      const comments = await scene.host.comments(number);
      expect(comments).toMatchObject([{ id: first.id }]);
      expect(comments[0]?.body).toContain('Two.');
    });

    it('is not another person’s comment that carries our marker', async () => {
      const { scene } = stage();
      const number = await scene.issue('owner');
      const forged = await scene.comment(
        'owner',
        number,
        `Mine. <!-- assent:${marker(number)} -->`,
      );
      const ours = done(await scene.host.upsertComment(number, marker(number), 'Ours.'));
      expect(ours).toMatchObject({ changed: true });
      expect(ours.id).not.toBe(forged);
      expect((await scene.host.comments(number)).map(({ id }) => id)).toEqual([forged, ours.id]);
    });

    it('is one for each marker', async () => {
      const { scene } = stage();
      const number = await scene.issue('owner');
      const one = done(await scene.host.upsertComment(number, 'issue-1', 'One.'));
      const twelve = done(await scene.host.upsertComment(number, 'issue-12', 'Twelve.'));
      expect(twelve.id).not.toBe(one.id);
    });

    it('that somebody deleted is written again', async () => {
      const { scene } = stage();
      const number = await scene.issue('owner');
      const first = done(await scene.host.upsertComment(number, marker(number), 'One.'));
      await scene.does('owner', 'DELETE', `/issues/comments/${first.id}`);
      const second = done(await scene.host.upsertComment(number, marker(number), 'One.'));
      expect(second.changed).toBe(true);
      expect(await scene.host.comments(number)).toHaveLength(1);
    });

    it('is refused where there is nothing to comment on', async () => {
      const { host } = stage().scene;
      expect(refusalOf(await host.upsertComment(ABSENT, 'x', 'One.'))).toBe('comment.no_item');
    });
  });

  describe('comments', () => {
    it('tell who wrote them, and that they were edited', async () => {
      const { harness, scene } = stage();
      const self = await harness.connect().identity();
      const number = await scene.issue('owner');
      const human = await scene.comment('owner', number, '/assent approve');
      const ours = done(await scene.host.upsertComment(number, 'x', 'Ours.'));
      const user = { login: harness.people.owner?.login, type: 'User' };
      const bot = { id: self.id, login: self.login, type: 'Bot' };
      expect(await scene.host.comments(number)).toMatchObject([
        { id: human, user, body: '/assent approve', edited_at: null },
        { id: ours.id, user: bot },
      ]);
      await scene.does('owner', 'PATCH', `/issues/comments/${human}`, { body: '/assent reject' });
      const [edited] = await scene.host.comments(number);
      expect(edited).toMatchObject({ body: '/assent reject', edited_at: expect.any(String) });
    });

    it('are those of a pull request too', async () => {
      const { scene } = stage();
      const { number } = await scene.pullRequest('owner');
      const id = await scene.comment('owner', number, 'Looking.');
      expect(await scene.host.comments(number)).toMatchObject([{ id, body: 'Looking.' }]);
    });
  });

  describe('labels', () => {
    it('are made so, and what is so already is left alone', async () => {
      const { harness, scene } = stage();
      const { login } = await harness.connect().identity();
      const number = await scene.issue('owner');
      const change = { add: ['type: bug', 'area: core'], remove: ['never there'] };
      done(await scene.host.changeLabels(number, change));
      done(await scene.host.changeLabels(number, change));
      done(await scene.host.changeLabels(number, { add: [], remove: ['area: core'] }));
      done(await scene.host.changeLabels(number, { add: [], remove: ['area: core'] }));
      expect((await scene.host.issue(number))?.labels).toEqual(['type: bug']);
      const events = await scene.host.labelEvents(number);
      const told = events.map(({ action, name, user }) => `${action} ${name} by ${user.login}`);
      expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual([
        `labeled area: core by ${login}`,
        `labeled type: bug by ${login}`,
        `unlabeled area: core by ${login}`,
      ]);
    });

    it('tell who set them', async () => {
      const { harness, scene } = stage();
      const by = harness.people.triager === undefined ? 'owner' : 'triager';
      const number = await scene.issue('owner');
      await scene.does('owner', 'POST', `/issues/${number}/labels`, { labels: ['kept'] });
      await scene.does(by, 'POST', `/issues/${number}/labels`, { labels: ['assent:approve'] });
      expect((await scene.host.labelEvents(number)).at(-1)).toMatchObject({
        name: 'assent:approve',
        action: 'labeled',
        user: { login: harness.people[by]?.login, type: 'User' },
      });
      expect(await scene.host.labels()).toContain('assent:approve');
    });

    it('are refused where there is nothing to label', async () => {
      const { host } = stage().scene;
      expect(refusalOf(await host.changeLabels(ABSENT, { add: ['x'], remove: [] }))).toBe(
        'labels.no_item',
      );
    });
  });
}
