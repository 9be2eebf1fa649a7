import type { Doer } from '../actor.ts';
import { queueBot } from '../cast.ts';
import { GitHubRefusal, unprocessable } from '../errors.ts';
import type { PullIssue, QueueEntryRecord, QueueRecord, RepositoryRecord } from '../model.ts';
import { fullName } from '../world.ts';
import type { World } from '../world.ts';
import { announce, announcePull } from './announce.ts';
import { record } from './events.ts';
import { markMerged } from './follow.ts';
import { mergedCommit } from './merge.ts';
import type { MergeMethod } from './merge.ts';
import { checksOn, missingForMerge } from './protection.ts';
import { afterMoves, moveRefs } from './refs.ts';

/** Why an entry left its queue, as GitHub words it in webhooks. */
type Removal = 'MANUAL' | 'MERGE' | 'MERGE_CONFLICT' | 'CI_FAILURE' | 'QUEUE_CLEARED';

const bot: Doer = { account: queueBot, app: null };

const queueOf = (repository: RepositoryRecord, issue: PullIssue): QueueRecord | undefined =>
  repository.queues.get(issue.pull.baseRef);

export const entryOf = (
  repository: RepositoryRecord,
  issue: PullIssue,
): QueueEntryRecord | undefined =>
  queueOf(repository, issue)?.entries.find((entry) => entry.issue === issue);

/** Puts it at the end of the queue, or throws what GitHub has against it. */
export function enqueue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  expectedHead: string | null,
): Promise<QueueEntryRecord> {
  return world.exclusive(repository, async () => {
    const { pull } = issue;
    const queue = queueOf(repository, issue);
    if (queue === undefined) throw unprocessable('The merge queue is not enabled for this branch.');
    if (issue.state === 'closed') throw unprocessable('Pull request is closed');
    if (pull.draft) throw unprocessable('Pull request is still a draft');
    if (expectedHead !== null && expectedHead !== pull.headSha)
      throw unprocessable('Expected head sha did not match the current head ref.');
    if (entryOf(repository, issue) !== undefined)
      throw unprocessable('Pull request is already in the queue');
    const base = await repository.git.branch(pull.baseRef);
    if (base === null) throw unprocessable('Base branch does not exist');
    if (!(await repository.git.tryMerge(base, pull.headSha)).clean)
      throw unprocessable('Pull request is not mergeable');
    const missing = await missingForMerge(world, repository, issue, base);
    // "Up to date" is what the queue itself sees to.
    const wanted = missing.filter(({ kind }) => kind !== 'behind');
    if (wanted.length > 0)
      throw unprocessable(`Pull request ${wanted.map(({ message }) => message).join(' ')}`);
    const entry: QueueEntryRecord = {
      id: world.id(),
      issue,
      enqueuer: by,
      enqueuedAt: world.time(),
      headSha: pull.headSha,
      group: null,
    };
    queue.entries.push(entry);
    record(world, repository, by, issue, 'added_to_merge_queue');
    announcePull(world, repository, by, 'enqueued', issue);
    await build(world, repository, queue);
    return entry;
  });
}

export function dequeue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
): Promise<QueueEntryRecord> {
  return world.exclusive(repository, async () => {
    const entry = entryOf(repository, issue);
    const queue = queueOf(repository, issue);
    if (entry === undefined || queue === undefined)
      throw unprocessable('Pull request is not in the queue');
    await drop(world, repository, queue, entry, by, 'MANUAL');
    await build(world, repository, queue);
    return entry;
  });
}

/** Gives each entry that has none its group: what is ahead of it, and then itself, on a branch of its own. */
async function build(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
): Promise<void> {
  let base = await repository.git.branch(queue.branch);
  // As it is now: entries leave while it is gone through.
  const entries = [...queue.entries];
  for (const entry of entries) {
    if (base === null) return;
    if (entry.group === null && !(await group(world, repository, queue, entry, base))) continue;
    base = entry.group?.head ?? base;
  }
  await settle(world, repository, queue);
}

async function group(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
  entry: QueueEntryRecord,
  base: string,
): Promise<boolean> {
  const { issue, enqueuer } = entry;
  const input = { method: queue.method, title: null, message: null };
  try {
    const head = await mergedCommit(world, repository, enqueuer, issue, base, input);
    const ref = `refs/heads/gh-readonly-queue/${queue.branch}/pr-${issue.number}-${base}`;
    entry.group = { ref, base, head };
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error;
    await drop(world, repository, queue, entry, bot, 'MERGE_CONFLICT');
    return false;
  }
  const { ref, head } = entry.group;
  await moveRefs(world, repository, bot, [
    { ref, before: await repository.git.ref(ref), after: head },
  ]);
  await announceGroup(world, repository, queue, entry.group, enqueuer, {
    action: 'checks_requested',
  });
  return true;
}

type Group = NonNullable<QueueEntryRecord['group']>;

async function announceGroup(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
  { ref, base, head }: Group,
  by: Doer,
  what: { readonly action: string; readonly reason?: string },
): Promise<void> {
  const commit = await repository.git.requireCommit(head);
  announce(world, repository, by, 'merge_group', () => ({
    ...what,
    merge_group: {
      head_sha: head,
      head_ref: ref,
      base_sha: base,
      base_ref: `refs/heads/${queue.branch}`,
      head_commit: {
        id: commit.sha,
        tree_id: commit.tree,
        message: commit.message,
        timestamp: commit.committer.date,
        author: { name: commit.author.name, email: commit.author.email },
        committer: { name: commit.committer.name, email: commit.committer.email },
      },
    },
  }));
}

/** Takes the group's branch away; whoever stood on it has to be built anew. */
async function destroy(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
  entry: QueueEntryRecord,
  reason: 'merged' | 'invalidated' | 'dequeued',
): Promise<void> {
  const { group: over } = entry;
  if (over === null) return;
  entry.group = null;
  await announceGroup(world, repository, queue, over, bot, { action: 'destroyed', reason });
  await moveRefs(world, repository, bot, [{ ref: over.ref, before: over.head, after: null }]);
}

async function drop(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
  entry: QueueEntryRecord,
  by: Doer,
  reason: Removal,
): Promise<void> {
  const at = queue.entries.indexOf(entry);
  const behind = queue.entries.slice(at + 1);
  // At once with its leaving: who looks between two awaits would find it gone, and no reason.
  queue.entries.splice(at, 1);
  record(world, repository, by, entry.issue, 'removed_from_merge_queue', { kind: 'queue', reason });
  await destroy(world, repository, queue, entry, 'dequeued');
  for (const one of behind) await destroy(world, repository, queue, one, 'invalidated');
  announcePull(world, repository, by, 'dequeued', entry.issue, { reason });
}

/** Merges from the front what is green, and puts out what is red. */
async function settle(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
): Promise<void> {
  const wanted = repository.protections.get(queue.branch)?.requiredChecks?.checks ?? [];
  // As it is now: entries leave while it is gone through.
  const entries = [...queue.entries];
  for (const entry of entries) {
    if (entry.group === null || !queue.entries.includes(entry)) continue;
    const { failed, missing } = checksOn(repository, entry.group.head, wanted);
    if (failed.length > 0) {
      await drop(world, repository, queue, entry, bot, 'CI_FAILURE');
      await build(world, repository, queue);
      return;
    }
    if (missing.length > 0 || queue.entries[0] !== entry) return;
    await mergeGroup(world, repository, queue, entry, entry.group);
  }
}

async function mergeGroup(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
  entry: QueueEntryRecord,
  { base, head }: Group,
): Promise<void> {
  const move = { ref: `refs/heads/${queue.branch}`, before: base, after: head };
  if (!(await repository.git.updateRefs([move]))) return rebuild(world, repository, queue);
  queue.entries.shift();
  record(world, repository, bot, entry.issue, 'removed_from_merge_queue', {
    kind: 'queue',
    reason: 'MERGE',
  });
  announcePull(world, repository, bot, 'dequeued', entry.issue, { reason: 'MERGE' });
  entry.issue.pull.baseSha = base;
  markMerged(world, repository, bot, entry.issue, head);
  await afterMoves(world, repository, bot, [move]);
  await destroy(world, repository, queue, entry, 'merged');
}

async function rebuild(
  world: World,
  repository: RepositoryRecord,
  queue: QueueRecord,
): Promise<void> {
  for (const entry of queue.entries) await destroy(world, repository, queue, entry, 'invalidated');
  await build(world, repository, queue);
}

/** What the queues make of what happens elsewhere. */
export const mergeQueues: World['queues'] = {
  checked: (world, repository, sha) =>
    world.exclusive(repository, async () => {
      for (const queue of repository.queues.values())
        if (queue.entries.some(({ group: built }) => built?.head === sha))
          await settle(world, repository, queue);
    }),

  /** Called where the lock is held: a push, a closing, another base. */
  async changed(world, repository, by, issue) {
    for (const queue of repository.queues.values()) {
      const entry = queue.entries.find((one) => one.issue === issue);
      const isSame =
        issue.state === 'open' &&
        entry?.headSha === issue.pull.headSha &&
        issue.pull.baseRef === queue.branch;
      if (entry === undefined || isSame) continue;
      await drop(world, repository, queue, entry, by, 'MANUAL');
      await build(world, repository, queue);
    }
  },

  /** Called where the lock is held. */
  async baseMoved(world, repository, branch, head) {
    const queue = repository.queues.get(branch);
    const first = queue?.entries[0]?.group;
    if (queue !== undefined && first && first.base !== head)
      await rebuild(world, repository, queue);
  },
};

export async function setMergeQueue(
  world: World,
  name: string,
  branch: string,
  wanted: { readonly method: MergeMethod } | null,
): Promise<void> {
  const repository = world.repositories.find((one) => fullName(one) === name);
  if (repository === undefined) throw new RangeError(`There is no repository ${name}.`);
  if ((await repository.git.branch(branch)) === null)
    throw new RangeError(`${name} has no branch ${branch}.`);
  await world.exclusive(repository, async () => {
    const queue = repository.queues.get(branch);
    for (const entry of queue?.entries.toReversed() ?? [])
      if (queue !== undefined) await drop(world, repository, queue, entry, bot, 'QUEUE_CLEARED');
    repository.queues.delete(branch);
    if (wanted === null) return;
    repository.queues.set(branch, { id: world.id(), branch, method: wanted.method, entries: [] });
  });
}
