import { describe, expect, it } from 'vitest';

import type { PullRequestFacts } from '../../../src/ports/code-host.ts';
import { ABSENT, done, refusalOf } from './expecting.ts';
import type { Stage } from './suite.ts';

/** Only where a branch can be given a merge queue: GitHub has no other way to it than an administrator's. */
export function queueRules(stage: () => Stage): void {
  /** A branch with a queue, and a pull request of ours into it. */
  async function queued(): Promise<{
    base: string;
    pull: PullRequestFacts;
    end: () => Promise<void>;
  } | null> {
    const { harness, scene } = stage();
    const { queue } = harness;
    if (queue === undefined) return null;
    const base = scene.fresh('queued');
    await scene.write('owner', base, 'base.txt', 'base\n');
    // A check that nobody runs keeps what is put in where it is.
    await scene.does('owner', 'PUT', `/branches/${base}/protection`, {
      required_status_checks: { strict: false, contexts: [], checks: [{ context: 'slow' }] },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    await queue(base, true);
    const branch = `assent/${scene.fresh('change')}`;
    const head = await scene.write('owner', branch, `${scene.fresh('file')}.txt`, 'x\n');
    await scene.does('owner', 'POST', `/statuses/${head}`, { state: 'success', context: 'slow' });
    const draft = { branch, base, title: 't', body: 'b', draft: false };
    const pull = done(await scene.host.openPullRequest(draft));
    return { base, pull, end: () => queue(base, false) };
  }

  const asked = ({ number, head }: PullRequestFacts) => ({ pull_request: number, head });

  describe('a merge queue', () => {
    it('is asked for by name, takes the head that was approved, once, and gives it back', async ({
      skip,
    }) => {
      const found = await queued();
      if (found === null) return skip();
      const { pull, base, end } = found;
      const { host } = stage().scene;
      const direct = { ...asked(pull), method: 'merge' as const, title: 't', message: '' };
      expect(refusalOf(await host.merge(direct))).toBe('merge.queue_required');
      expect(await host.queueStanding(pull.number)).toMatchObject({
        merged: false,
        head: pull.head,
        entry: null,
        left_because: null,
      });

      done(await host.enqueue(asked(pull)));
      done(await host.enqueue(asked(pull)));
      const now = await host.queueStanding(pull.number);
      expect(now?.entry).toMatchObject({ position: 1 });
      const group = now?.entry?.group;
      if (!group) throw new Error('it has no group');
      expect(await host.mergeGroup({ branch: base, ...group })).toEqual([asked(pull)]);
      const self = await stage().harness.connect().identity();
      expect(await host.enqueuer(pull.number)).toMatchObject({ login: self.login, type: 'Bot' });

      done(await host.dequeue(pull.number));
      done(await host.dequeue(pull.number));
      expect(await host.queueStanding(pull.number)).toMatchObject({
        entry: null,
        left_because: 'MANUAL',
      });
      expect(await host.mergeGroup({ branch: base, ...group })).toBeNull();
      await end();
    });

    it('tells of a group all that is in it, down to where it stands', async ({ skip }) => {
      const found = await queued();
      if (found === null) return skip();
      const { pull, base, end } = found;
      const { scene } = stage();
      const { host } = scene;
      const branch = `assent/${scene.fresh('second')}`;
      const head = await scene.write('owner', branch, `${scene.fresh('file')}.txt`, 'y\n');
      await scene.does('owner', 'POST', `/statuses/${head}`, { state: 'success', context: 'slow' });
      const draft = { branch, base, title: 't', body: 'b', draft: false };
      const second = done(await host.openPullRequest(draft));
      for (const one of [pull, second]) done(await host.enqueue(asked(one)));
      const first = (await host.queueStanding(pull.number))?.entry?.group;
      const last = (await host.queueStanding(second.number))?.entry?.group;
      if (!first || !last) throw new Error('they have no groups');
      expect(await host.mergeGroup({ branch: base, ...last })).toEqual([asked(second)]);
      expect(await host.mergeGroup({ branch: base, head: last.head, base: first.base })).toEqual([
        asked(pull),
        asked(second),
      ]);
      await end();
    });

    it('takes no head that moved, and nothing that lacks what the branch wants', async ({
      skip,
    }) => {
      const found = await queued();
      if (found === null) return skip();
      const { pull, end } = found;
      const { scene } = stage();
      const { host } = scene;
      await scene.write('owner', pull.head_branch, 'more.txt', 'x\n');
      expect(refusalOf(await host.enqueue(asked(pull)))).toBe('merge.head_moved');
      const now = await host.pullRequest(pull.number);
      if (now === null) throw new Error('it is gone');
      expect(refusalOf(await host.enqueue(asked(now)))).toBe('merge.check_missing');
      await end();
    });

    it('knows nothing of what is not there', async () => {
      const { host } = stage().scene;
      const nothing = { pull_request: ABSENT, head: '0'.repeat(40) };
      expect(refusalOf(await host.enqueue(nothing))).toBe('merge.no_item');
      expect(await host.queueStanding(ABSENT)).toBeNull();
      expect(await host.enqueuer(ABSENT)).toBeNull();
      done(await host.dequeue(ABSENT));
      const group = { branch: 'no-such', head: '0'.repeat(40), base: '1'.repeat(40) };
      expect(await host.mergeGroup(group)).toBeNull();
    });
  });
}
