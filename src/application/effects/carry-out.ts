import type { Result } from '../../domain/result.ts';
import { refuse } from '../../domain/result.ts';
import type { Intent, Item } from '../../domain/work-item/state.ts';
import type { PullRequestFacts } from '../../ports/code-host.ts';
import { assess } from '../decisions/gate.ts';
import { recordVerdict } from '../decisions/record.ts';
import { count, text, texts } from './intent-payload.ts';
import { recordMergeByHand } from '../intake/merge-by-hand.ts';
import { renderCheck, renderComment } from './presentation.ts';
import type { Session } from '../session.ts';

/** What an act left behind: ids GitHub gave, and what was written where. */
export type Receipt = Readonly<Record<string, unknown>>;

/** Does the act, or finds it done already by its natural key. */
export async function carryOut(session: Session, intent: Intent): Promise<Result<Receipt>> {
  const { host, files } = session.repository;
  const { payload } = intent;
  switch (intent.kind) {
    case 'comment.upsert':
      return writeComment(session, intent);
    case 'check.report':
      return writeCheck(session, intent);
    case 'labels.change': {
      const change = { add: texts(payload, 'add'), remove: texts(payload, 'remove') };
      return receipt(await host.changeLabels(count(payload, 'number'), change), () => ({}));
    }
    case 'branch.push': {
      const lease = typeof payload['lease'] === 'string' ? payload['lease'] : null;
      const sha = text(payload, 'sha');
      return receipt(await files.push({ branch: text(payload, 'branch'), sha, lease }), () => ({
        sha,
      }));
    }
    case 'pull_request.open':
      return openPullRequest(session, intent);
    case 'pull_request.ready':
      return receipt(await host.markReady(count(payload, 'pull_request')), () => ({
        slot: intent.key,
        digest: 'ready',
      }));
    case 'review.publish':
      return publishReview(session, intent);
    case 'pull_request.merge':
      return merge(session, intent);
    case 'branch.delete':
      return receipt(await host.deleteBranch(text(payload, 'branch')), () => ({}));
  }
}

const receipt = <T>(result: Result<T>, make: (value: T) => Receipt): Result<Receipt> =>
  result.ok ? { ok: true, value: make(result.value) } : result;

async function openPullRequest(session: Session, { payload }: Intent): Promise<Result<Receipt>> {
  const { host, files } = session.repository;
  const branch = text(payload, 'branch');
  const sha = text(payload, 'sha');
  // A branch of that name that is already where we want it is our own earlier push.
  const lease = (await files.head(branch)) ?? null;
  if (lease !== sha) {
    const pushed = await files.push({ branch, sha, lease });
    if (!pushed.ok) return pushed;
  }
  const opened = await host.openPullRequest({
    branch,
    base: text(payload, 'base'),
    title: text(payload, 'title'),
    body: text(payload, 'body'),
    draft: payload['draft'] === true,
  });
  return receipt(opened, ({ number, head, author }) => ({ number, head, author }));
}

async function publishReview(session: Session, { payload }: Intent): Promise<Result<Receipt>> {
  const comments = Array.isArray(payload['comments']) ? payload['comments'] : [];
  const published = await session.repository.host.publishReview({
    pull_request: count(payload, 'pull_request'),
    head: text(payload, 'head'),
    event: payload['event'] === 'REQUEST_CHANGES' ? 'REQUEST_CHANGES' : 'COMMENT',
    body: text(payload, 'body'),
    comments: comments.flatMap(reviewComment),
  });
  return receipt(published, ({ id }) => ({ id }));
}

function reviewComment(value: unknown): { path: string; line: number; body: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { path, line, body } = value as Readonly<Record<string, unknown>>;
  return typeof path === 'string' && typeof line === 'number' && typeof body === 'string'
    ? [{ path, line, body }]
    : [];
}

/** The last look before the act itself: the evidence must hold now, not when it was written down (law 3). */
async function merge(session: Session, intent: Intent): Promise<Result<Receipt>> {
  const item = session.item(intent.item);
  const head = text(intent.payload, 'head');
  const pull_request = count(intent.payload, 'pull_request');
  if (item === undefined) return refuse('item.not_open', `${intent.item} is not open any more`);
  session.looks.forget();
  const look = await session.looks.pullRequest(pull_request);
  if (look === null) return refuse('pull_request.gone', `pull request ${pull_request} is gone`);
  const pull = look.pull_request;
  if (pull.merged) return mergedAlready(session, item, pull, head);
  if (pull.head !== head) return refuse('merge.head_moved', 'a push changed the head');
  const assessed = await assess(session, item);
  if (assessed !== null) recordVerdict(session, item.id, assessed);
  if (assessed === null || !assessed.sufficient) {
    return refuse('evidence.gone', 'the approval does not hold any more');
  }
  const merged = await session.repository.host.merge({
    pull_request,
    head,
    method: 'merge',
    title: `${item.title} (#${pull_request})`,
    message: approvedBy(
      item.approvals.map(({ login, by, digest }) => `${login} (${by} on ${digest.slice(0, 12)})`),
    ),
  });
  return receipt(merged, ({ sha }) => ({ sha, head }));
}

/** By us, when the receipt was lost; by anybody else it is not what was approved here, and is recorded as theirs. */
async function mergedAlready(
  session: Session,
  item: Item,
  pull: PullRequestFacts,
  head: string,
): Promise<Result<Receipt>> {
  const { login } = await session.deps.codeHost.identity();
  const { merged_by: sender, merge_commit } = pull;
  if (sender === null || (sender.login === login && pull.head === head)) {
    return { ok: true, value: { sha: merge_commit ?? '', head } };
  }
  recordMergeByHand(session, { item, pull, sender, delivery: null, branch: pull.base });
  return refuse('merge.by_other', `${sender.login} merged it meanwhile`);
}

const approvedBy = (people: readonly string[]): string =>
  `Approved by ${[...new Set(people)].join(', ')}.\n`;

async function writeComment(session: Session, intent: Intent): Promise<Result<Receipt>> {
  const { payload } = intent;
  const item = session.item(intent.item);
  const body = renderComment(session, intent.item, item);
  const number = count(payload, 'number');
  const written = await session.repository.host.upsertComment(number, intent.item, body);
  return receipt(written, ({ id }) => ({
    id,
    slot: text(payload, 'slot'),
    digest: session.deps.sha256(body),
  }));
}

async function writeCheck(session: Session, intent: Intent): Promise<Result<Receipt>> {
  const { payload } = intent;
  const report = renderCheck(session, intent.item, text(payload, 'head'));
  const written = await session.repository.host.reportCheck(report);
  const digest = session.deps.sha256(JSON.stringify(report));
  return receipt(written, ({ id }) => ({ id, slot: text(payload, 'slot'), digest }));
}
