import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { ABSENT, done, refusalOf } from './expecting.ts';
import type { Harness } from './harness.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './suite.ts';

export function mergeRules(stage: () => Stage): void {
  const input = (pull: { number: number; head: string }) => ({
    pull_request: pull.number,
    head: pull.head,
    method: 'squash' as const,
    title: 'Merged by Assent',
    message: '',
  });

  describe('a merge', () => {
    it('is of the head that was approved, and happens once', async () => {
      const { harness, scene } = stage();
      const self = await harness.connect().identity();
      const before = new Date(Date.now() - 60_000).toISOString();
      const pull = await scene.ourPullRequest();
      const { sha } = done(await scene.host.merge(input(pull)));
      const afterRestart = harness.connect().repository(harness.ref);
      expect(done(await afterRestart.merge(input(pull)))).toEqual({ sha });

      const merged = {
        number: pull.number,
        state: 'closed',
        merged: true,
        merge_commit: sha,
        merged_by: { id: self.id, type: 'Bot' },
      };
      expect(await scene.host.pullRequest(pull.number)).toMatchObject(merged);
      const since = await scene.host.mergedSince(pull.base, before);
      expect(since.filter(({ number }) => number === pull.number)).toMatchObject([merged]);
    });

    it('is told from the moment asked for, oldest first, of that base only', async () => {
      const { scene } = stage();
      const before = new Date(Date.now() - 60_000).toISOString();
      const pulls = [await scene.ourPullRequest(), await scene.ourPullRequest()];
      for (const pull of pulls) done(await scene.host.merge(input(pull)));
      const numbers = pulls.map(({ number }) => number);
      const [{ base }] = pulls as [(typeof pulls)[number]];
      const since = await scene.host.mergedSince(base, before);
      expect(since.map(({ number }) => number).filter((n) => numbers.includes(n))).toEqual(numbers);
      expect(await scene.host.mergedSince('no-such-base', before)).toEqual([]);
      const later = new Date(Date.now() + 3_600_000).toISOString();
      expect(await scene.host.mergedSince(base, later)).toEqual([]);
    });

    it('is refused when the head moved', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      await scene.write('owner', pull.head_branch, 'sneaked-in.txt', 'x\n');
      expect(refusalOf(await scene.host.merge(input(pull)))).toBe('merge.head_moved');
      expect((await scene.host.pullRequest(pull.number))?.merged).toBe(false);
    });

    it('is refused while it is a draft', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest(true);
      expect(refusalOf(await scene.host.merge(input(pull)))).toBe('merge.draft');
    });

    it('is refused where the branch asks for more than it has', async () => {
      const { scene } = stage();
      const { pull, unprotect } = await ontoProtected(scene, {
        required_pull_request_reviews: { required_approving_review_count: 1 },
      });
      const code = refusalOf(await scene.host.merge(input(pull)));
      await unprotect();
      expect(code).toBe('merge.review_required');
    });

    it('is refused while a conversation is open, and done once somebody resolved it', async () => {
      const { harness, scene } = stage();
      const { pull, path, unprotect } = await ontoProtected(scene, {
        required_conversation_resolution: true,
      });
      await scene.does('owner', 'POST', `/pulls/${pull.number}/reviews`, {
        event: 'COMMENT',
        body: 'A question.',
        comments: [{ path, line: 1, side: 'RIGHT', body: 'Why so?' }],
      });
      const code = refusalOf(await scene.host.merge(input(pull)));
      await resolveAll(harness, pull.number);
      const after = await scene.host.merge(input(pull));
      await unprotect();
      expect(code).toBe('merge.conversation_unresolved');
      expect(after).toMatchObject({ ok: true });
    });

    it('of unsigned commits is refused where the branch wants signatures, but for a squash', async () => {
      const { scene } = stage();
      const { pull, base, unprotect } = await ontoProtected(scene, {});
      const head = await commitUnsigned(scene, pull.head_branch);
      await scene.does('owner', 'POST', `/branches/${base}/protection/required_signatures`);
      const unsigned = { ...input(pull), head };
      const merged = refusalOf(await scene.host.merge({ ...unsigned, method: 'merge' }));
      const rebased = refusalOf(await scene.host.merge({ ...unsigned, method: 'rebase' }));
      const squashed = await scene.host.merge(unsigned);
      await unprotect();
      expect([merged, rebased]).toEqual(['merge.signature_required', 'merge.signature_required']);
      expect(squashed).toMatchObject({ ok: true });
    });

    it('is refused where it conflicts', async () => {
      const { scene } = stage();
      const path = `${scene.fresh('both')}.txt`;
      const branch = `assent/${scene.fresh('ours')}`;
      await scene.write('owner', branch, path, 'ours\n');
      const { default_branch: base } = await scene.host.describe();
      await scene.write('owner', base, path, 'theirs\n');
      const draft = { branch, base, title: 't', body: 'b', draft: false };
      const pull = done(await scene.host.openPullRequest(draft));
      expect(refusalOf(await scene.host.merge(input(pull)))).toBe('merge.not_mergeable');
    });

    it('is refused of what was closed, or is not there', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      await scene.does('owner', 'PATCH', `/pulls/${pull.number}`, { state: 'closed' });
      expect(refusalOf(await scene.host.merge(input(pull)))).toBe('merge.closed');
      expect(refusalOf(await scene.host.merge({ ...input(pull), pull_request: ABSENT }))).toBe(
        'merge.no_item',
      );
    });

    it('leaves a branch that can be deleted', async () => {
      const { scene } = stage();
      const pull = await scene.ourPullRequest();
      done(await scene.host.merge({ ...input(pull), method: 'merge' }));
      done(await scene.host.deleteBranch(pull.head_branch));
      expect(await scene.host.pullRequest(pull.number)).toMatchObject({
        merged: true,
        head: pull.head,
        head_branch: pull.head_branch,
      });
    });
  });
}

/** A pull request of ours onto a branch with rules of its own. */
async function ontoProtected(scene: Scene, rules: Readonly<Record<string, unknown>>) {
  const base = scene.fresh('protected');
  await scene.write('owner', base, 'base.txt', 'base\n');
  const branch = `assent/${scene.fresh('change')}`;
  const path = `${scene.fresh('file')}.txt`;
  await scene.write('owner', branch, path, 'x\n');
  await scene.does('owner', 'PUT', `/branches/${base}/protection`, {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
    ...rules,
  });
  const draft = { branch, base, title: 't', body: 'b', draft: false };
  const pull = done(await scene.host.openPullRequest(draft));
  const unprotect = () => scene.does('owner', 'DELETE', `/branches/${base}/protection`);
  return { pull, base, path, unprotect };
}

const Threads = z.object({
  data: z.object({
    repository: z.object({
      pullRequest: z.object({
        reviewThreads: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
      }),
    }),
  }),
});

/** REST knows nothing of it. */
async function resolveAll(harness: Harness, number: number): Promise<void> {
  const ask = (query: string, variables: unknown) =>
    harness.as('owner', 'POST', '/graphql', { query, variables });
  const { body } = await ask(
    `query ($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {
      pullRequest(number: $number) { reviewThreads(first: 50) { nodes { id } } } } }`,
    { owner: harness.ref.owner, name: harness.ref.name, number },
  );
  const { nodes } = Threads.parse(body).data.repository.pullRequest.reviewThreads;
  for (const { id } of nodes) {
    await ask(
      'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }',
      { id },
    );
  }
}

const Commit = z.object({
  sha: z.string(),
  commit: z.object({ tree: z.object({ sha: z.string() }) }),
});

/** One more commit by a person's token: GitHub signs those of Apps alone. */
async function commitUnsigned(scene: Scene, branch: string): Promise<string> {
  const head = Commit.parse(await scene.does('owner', 'GET', `/commits/${branch}`));
  const { sha } = z.object({ sha: z.string() }).parse(
    await scene.does('owner', 'POST', '/git/commits', {
      message: 'Unsigned',
      tree: head.commit.tree.sha,
      parents: [head.sha],
    }),
  );
  await scene.does('owner', 'PATCH', `/git/refs/heads/${branch}`, { sha });
  return sha;
}
