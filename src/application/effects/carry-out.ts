import { describedAnew } from '../../domain/contribution/account.ts';
import { refuse, type Result } from '../../domain/result.ts';
import type { Intent } from '../../domain/work-item/state.ts';
import type { PullRequestFacts, ReviewDraft } from '../../ports/code-host.ts';
import { checkOfGroup } from './group-check.ts';
import { count, text, texts } from './intent-payload.ts';
import { merge } from './merge.ts';
import { isOurs, notOurs, openFromBranch } from './own-pull-request.ts';
import { renderCheck, renderComment } from './presentation.ts';
import type { Receipt } from './receipt.ts';
import type { Session } from '../session.ts';
import { unheardAnswer } from '../decisions/unheard-answer.ts';
import { mustGoOn } from './stopped.ts';
import type { Waiting } from './waiting.ts';

/** Does the act, or finds it done already by its natural key. */
export async function carryOut(
  session: Session,
  intent: Intent,
): Promise<Result<Receipt> | Waiting> {
  const { host } = session.repository;
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
    case 'branch.push':
      return pushBranch(session, intent);
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
    case 'issue.close':
      return closeUnanswered(session, intent);
    case 'branch.delete':
      return receipt(await host.deleteBranch(text(payload, 'branch')), () => ({}));
  }
}

const receipt = <T>(result: Result<T>, make: (value: T) => Receipt): Result<Receipt> =>
  result.ok ? { ok: true, value: make(result.value) } : result;

/** What is pushed is told of in the same breath: the description names what was run, and that was another commit. */
async function pushBranch(session: Session, { payload }: Intent): Promise<Result<Receipt>> {
  const { host, files } = session.repository;
  const lease = typeof payload['lease'] === 'string' ? payload['lease'] : null;
  const [sha, account] = [text(payload, 'sha'), payload['account']];
  const pushed = await files.push({ branch: text(payload, 'branch'), sha, lease });
  if (!pushed.ok) return pushed;
  if (typeof account === 'string') {
    const number = count(payload, 'pull_request');
    const pull = await host.pullRequest(number);
    const body = pull === null ? null : describedAnew(pull.body, account);
    // The work is done whether or not GitHub takes the words.
    if (body !== null && body !== pull?.body) await host.describePullRequest(number, body);
  }
  return { ok: true, value: { sha } };
}

async function openPullRequest(session: Session, { payload }: Intent): Promise<Result<Receipt>> {
  const { host, files } = session.repository;
  const branch = text(payload, 'branch');
  const sha = text(payload, 'sha');
  // A branch of that name that is already where we want it is our own earlier push.
  const lease = (await files.head(branch)) ?? null;
  if (lease !== sha) {
    const theirs = lease === null ? null : await othersFrom(session, branch);
    if (theirs !== null) return notOurs(theirs, branch);
    const pushed = await files.push({ branch, sha, lease });
    if (!pushed.ok) return pushed;
  }
  await mustGoOn(session);
  const opened = await host.openPullRequest({
    branch,
    base: text(payload, 'base'),
    title: text(payload, 'title'),
    body: text(payload, 'body'),
    draft: payload['draft'] === true,
  });
  if (opened.ok && !(await isOurs(session, opened.value))) return notOurs(opened.value, branch);
  return receipt(opened, ({ number, head, author }) => ({ number, head, author }));
}

/** Somebody works on the branch: what they pushed is not ours to write over. */
async function othersFrom(session: Session, branch: string): Promise<PullRequestFacts | null> {
  for (const pull of await openFromBranch(session, branch))
    if (!(await isOurs(session, pull))) return pull;
  return null;
}

async function publishReview(
  session: Session,
  { item, payload }: Intent,
): Promise<Result<Receipt>> {
  const { host } = session.repository;
  const comments = Array.isArray(payload['comments']) ? payload['comments'] : [];
  const pull_request = count(payload, 'pull_request');
  const published = await host.publishReview({
    pull_request,
    head: text(payload, 'head'),
    event: payload['event'] === 'REQUEST_CHANGES' ? 'REQUEST_CHANGES' : 'COMMENT',
    body: text(payload, 'body'),
    comments: comments.flatMap(reviewComment),
  });
  if (!published.ok && published.refusal.code === 'review.head_moved') {
    // Nobody has read what it moved to, and its delivery may never come.
    const pull = await host.pullRequest(pull_request);
    const reason = 'a push changed the head';
    if (pull !== null) session.give({ kind: 'move_head', item, after: pull.head, reason });
  }
  return receipt(published, ({ id }) => ({ id }));
}

/** One recorded before there were sides is about one line of the new file. */
function reviewComment(value: unknown): ReviewDraft['comments'][number][] {
  if (typeof value !== 'object' || value === null) return [];
  const { path, side, start_line, line, body } = value as Readonly<Record<string, unknown>>;
  return typeof path === 'string' && typeof line === 'number' && typeof body === 'string'
    ? [
        {
          path,
          side: side === 'LEFT' ? side : 'RIGHT',
          start_line: typeof start_line === 'number' ? start_line : line,
          line,
          body,
        },
      ]
    : [];
}

/** Whoever answers while it is under way has answered. */
async function closeUnanswered(session: Session, intent: Intent): Promise<Result<Receipt>> {
  const item = session.item(intent.item);
  if (item?.authority !== 'waiting_for_information') {
    return refuse('issue.answered', `${intent.item} waits for no answer any more`);
  }
  session.looks.forgetItems();
  const answer = await unheardAnswer(session, item, text(intent.payload, 'asked_at'));
  if (answer !== null) return refuse('issue.answered', `${answer.user.login} answered meanwhile`);
  return receipt(await session.repository.host.closeIssue(item.number), () => ({}));
}

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
  const head = text(payload, 'head');
  const judged = isGroup(intent)
    ? await checkOfGroup(session, { head, base: text(payload, 'base') })
    : { ok: true as const, value: renderCheck(session, intent.item, head) };
  if (!judged.ok) return judged;
  const report = judged.value;
  const written = await session.repository.host.reportCheck(report);
  const digest = session.deps.sha256(JSON.stringify(report));
  return receipt(written, ({ id }) => ({ id, slot: text(payload, 'slot'), digest }));
}

/** A merge group's check is about all that is in the group, not about one item. */
const isGroup = ({ payload }: Intent): boolean => payload['group'] === true;
