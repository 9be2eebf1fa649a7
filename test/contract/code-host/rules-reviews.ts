import { describe, expect, it } from 'vitest';

import { ABSENT, done, refusalOf } from './expecting.ts';
import type { Person } from './harness.ts';
import type { Stage } from './suite.ts';

export function reviewRules(stage: () => Stage): void {
  const other: Person = 'maintainer';

  describe('a human review', () => {
    it('tells who, on which head, and what became of it', async ({ skip }) => {
      const { harness, scene } = stage();
      skip(harness.people[other] === undefined, 'needs a second person');
      const { number, branch, head } = await scene.pullRequest('owner');
      const id = await scene.review(other, number, 'APPROVE', 'Good.');
      const user = { login: harness.people[other]?.login, type: 'User' };
      const approval = {
        id,
        user,
        state: 'approved',
        commit: head,
        edited_at: null,
        body: 'Good.',
      };
      expect(await scene.host.reviews(number)).toMatchObject([approval]);

      const pushed = await scene.write('owner', branch, 'more.txt', 'more\n');
      const second = await scene.review(other, number, 'REQUEST_CHANGES', 'Not so.');
      expect(await scene.host.reviews(number)).toMatchObject([
        { id, commit: head },
        { id: second, state: 'changes_requested', commit: pushed },
      ]);

      await scene.does('owner', 'PUT', `/pulls/${number}/reviews/${second}/dismissals`, {
        message: 'Settled.',
      });
      expect((await scene.host.reviews(number)).at(-1)).toMatchObject({ state: 'dismissed' });
    });

    it('that was edited says so', async ({ skip }) => {
      const { harness, scene } = stage();
      skip(harness.people[other] === undefined, 'needs a second person');
      const { number } = await scene.pullRequest('owner');
      const id = await scene.review(other, number, 'COMMENT', 'Hm.');
      await scene.does(other, 'PUT', `/pulls/${number}/reviews/${id}`, { body: 'LGTM' });
      expect(await scene.host.reviews(number)).toMatchObject([
        { id, body: 'LGTM', edited_at: expect.any(String) },
      ]);
    });
  });

  describe('our review', () => {
    const draft = (number: number, head: string) => ({
      pull_request: number,
      head,
      event: 'REQUEST_CHANGES' as const,
      body: 'Two things.',
      comments: [],
    });

    it('is published once for a head, and never an approval', async () => {
      const { harness, scene } = stage();
      const self = await harness.connect().identity();
      const { number, branch, head } = await scene.pullRequest('owner');
      const first = done(await scene.host.publishReview(draft(number, head)));
      const afterRestart = harness.connect().repository(harness.ref);
      expect(done(await afterRestart.publishReview(draft(number, head)))).toEqual(first);
      expect(await scene.host.reviews(number)).toMatchObject([
        {
          id: first.id,
          user: { id: self.id, type: 'Bot' },
          state: 'changes_requested',
          commit: head,
        },
      ]);

      const pushed = await scene.write('owner', branch, 'more.txt', 'more\n');
      // The first review of the new head is another one; of the old head there is one already.
      expect(done(await scene.host.publishReview(draft(number, head)))).toEqual(first);
      const second = done(await scene.host.publishReview(draft(number, pushed)));
      expect(second.id).not.toBe(first.id);
    });

    it('is no approval though somebody made it ask for one', async () => {
      const { scene } = stage();
      const { number, head } = await scene.pullRequest('owner');
      const forged = Object.assign(draft(number, head), { event: 'APPROVE' });
      done(await scene.host.publishReview(forged));
      expect(await scene.host.reviews(number)).toMatchObject([{ state: 'commented' }]);
    });

    it('that only comments takes back what an earlier one asked for, and nobody else’s', async ({
      skip,
    }) => {
      const { harness, scene } = stage();
      skip(harness.people[other] === undefined, 'needs a second person');
      const { number, branch, head } = await scene.pullRequest('owner');
      done(await scene.host.publishReview(draft(number, head)));
      await scene.review(other, number, 'REQUEST_CHANGES', 'Not so.');
      const pushed = await scene.write('owner', branch, 'more.txt', 'more\n');
      const next = { ...draft(number, pushed), event: 'COMMENT' as const };
      done(await scene.host.publishReview(next));
      const states = async () => (await scene.host.reviews(number)).map(({ state }) => state);
      expect(await states()).toEqual(['dismissed', 'changes_requested', 'commented']);
    });

    it('has its remarks on several lines and on lines that went, and tells who resolved them', async () => {
      const { harness, scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      const path = `${branch}.txt`;
      const comments = [{ path, side: 'RIGHT' as const, start_line: 1, line: 2, body: 'Why?' }];
      done(await scene.host.publishReview({ ...draft(number, head), comments }));
      const self = await harness.connect().identity();
      expect(await scene.host.reviewThreads(number)).toEqual([
        {
          resolved: false,
          resolved_by: null,
          first: {
            user: { id: self.id, login: self.login, type: 'Bot' },
            body: 'Why?',
            hidden: false,
          },
        },
      ]);
    });

    it('of a head that is no longer there is refused', async () => {
      const { scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      await scene.write('owner', branch, 'more.txt', 'more\n');
      expect(refusalOf(await scene.host.publishReview(draft(number, head)))).toBe(
        'review.head_moved',
      );
      expect(refusalOf(await scene.host.publishReview(draft(ABSENT, head)))).toBe('review.no_item');
    });

    it('of our own pull request goes as a comment, since nobody requests changes of himself', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      const { id } = done(await scene.host.publishReview(draft(pull.number, pull.head)));
      expect(await scene.host.reviews(pull.number)).toMatchObject([{ id, state: 'commented' }]);
    });

    it('puts its comments on their lines', async () => {
      const { scene } = stage();
      const { number, branch, head } = await scene.pullRequest('owner');
      const path = `${branch}.txt`;
      const comments = [{ path, side: 'RIGHT' as const, start_line: 2, line: 2, body: 'Why?' }];
      done(await scene.host.publishReview({ ...draft(number, head), comments }));
      expect(await scene.host.reviewComments(number)).toMatchObject([
        { path, line: 2, body: 'Why?', user: { type: 'Bot' } },
      ]);
    });

    it('loses no comment on a line outside of the diff: the body says it', async () => {
      const { scene } = stage();
      const { number, head } = await scene.pullRequest('owner');
      const place = { path: 'README.md', side: 'RIGHT', start_line: 4000, line: 4000 } as const;
      const comments = [{ ...place, body: 'This is stale now.' }];
      done(await scene.host.publishReview({ ...draft(number, head), comments }));
      const [review] = await scene.host.reviews(number);
      expect(review?.body).toContain('This is stale now.');
      expect(review?.body).toContain('`README.md`, line 4000');
    });
  });
}
