import type { Result } from '../../domain/result.ts';
import type { Intent, Item } from '../../domain/work-item/state.ts';
import { isProposing, isReviewing } from '../../domain/work-item/work-in-hand.ts';
import type { Receipt } from './receipt.ts';
import { settleWaiting, type Waiting } from './waiting.ts';
import { count, text } from './intent-payload.ts';
import { needsAPerson } from './own-pull-request.ts';
import { passReviewOver } from '../decisions/pass-over.ts';
import { failForGood } from '../decisions/advance.ts';
import { letGo, letGoReason } from '../decisions/let-go.ts';
import { failRun } from '../runs/outcomes.ts';
import type { Session } from '../session.ts';

/** Attempts after which nobody can tell whether an act happened; a human is told then. */
const MAX_EFFECT_ATTEMPTS = 5;

export const isPresentation = ({ kind }: Intent): boolean =>
  kind === 'comment.upsert' || kind === 'check.report';

/** Nothing is decided on its receipt, which so can wait for the next commit; done again, it changes nothing. */
export const isLast = (intent: Intent): boolean =>
  isPresentation(intent) ||
  intent.kind === 'labels.change' ||
  intent.kind === 'pull_request.ready' ||
  intent.kind === 'branch.delete';

/** Writes down how an attempt ended and what follows. True where the item may go on by it. */
export function settle(
  session: Session,
  intent: Intent,
  outcome: Result<Receipt> | Waiting | Error,
): boolean {
  const { key } = intent;
  if (outcome instanceof Error) {
    const reason = outcome.message.slice(0, 500);
    session.deps.log.warn({ key, err: outcome }, 'effect failed');
    if (intent.attempts + 1 >= MAX_EFFECT_ATTEMPTS) {
      session.give({ kind: 'effect_uncertain', key, reason });
      session.give({
        kind: 'notify',
        item: intent.item,
        to: 'maintainers',
        text: `nobody can tell whether ${intent.kind} was done: ${reason}`,
      });
    } else {
      const wait = session.deps.timing.retry_ms * 2 ** intent.attempts;
      const retry_at = new Date(Date.parse(session.deps.now()) + wait).toISOString();
      session.give({ kind: 'effect_retried', key, reason, retry_at });
    }
    return false;
  }
  if ('waiting' in outcome) {
    settleWaiting(session, intent, outcome);
    return false;
  }
  if (!outcome.ok) {
    session.give({ kind: 'effect_refused', key, ...pick(outcome.refusal) });
    afterRefusal(session, intent, outcome.refusal);
    return true;
  }
  const done = { kind: 'effect_done', key, receipt: outcome.value } as const;
  if (isPresentation(intent)) {
    session.giveReceipt(done);
    return false;
  }
  session.looks.forgetItems();
  if (isLast(intent)) {
    session.giveReceipt(done);
    return false;
  }
  session.give(done);
  afterDone(session, intent, outcome.value);
  return true;
}

const pick = ({ code, message }: { readonly code: string; readonly message: string }) => ({
  code,
  reason: message,
});

function afterDone(session: Session, intent: Intent, done: Receipt): void {
  const item = session.item(intent.item);
  if (item === undefined) return;
  const id = item.id;
  switch (intent.kind) {
    case 'pull_request.open': {
      const author = accountIn(done['author']);
      const number = done['number'];
      const head = done['head'];
      if (author === null || typeof number !== 'number' || typeof head !== 'string') return;
      session.give({
        kind: 'link_pull_request',
        item: id,
        pull_request: {
          number,
          head,
          head_since: session.deps.now(),
          branch: text(intent.payload, 'branch'),
          author,
          ours: true,
        },
      });
      if (isProposing(item)) session.give({ kind: 'complete_stage', item: id });
      return;
    }
    case 'branch.push':
      session.give({
        kind: 'move_head',
        item: id,
        after: text(intent.payload, 'sha'),
        reason: 'the contributor pushed',
      });
      if (isProposing(item)) session.give({ kind: 'complete_stage', item: id });
      return;
    case 'review.publish':
      if (isReviewing(item, intent.payload['head']))
        session.give({ kind: 'complete_stage', item: id });
      return;
    case 'issue.close':
      letGo(session, item, letGoReason(session, item, 'the issue is closed'));
      return;
    case 'pull_request.merge':
      session.give({
        kind: 'record_merge',
        item: id,
        merge: {
          pull_request: count(intent.payload, 'pull_request'),
          head: text(intent.payload, 'head'),
          sha: typeof done['sha'] === 'string' ? done['sha'] : '',
          by: 'assent',
          outcome: item.kind === 'cycle' ? 'published' : 'merged',
        },
      });
      if (item.pull_request?.ours === true) {
        const { branch } = item.pull_request;
        session.give({
          kind: 'intend',
          item: id,
          key: `delete/${branch}`,
          effect: 'branch.delete',
          payload: { branch },
        });
      }
      return;
    default:
      return;
  }
}

function accountIn(value: unknown): { id: number; login: string; type: string } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, login, type } = value as Readonly<Record<string, unknown>>;
  return typeof id === 'number' && typeof login === 'string' && typeof type === 'string'
    ? { id, login, type }
    : null;
}

function afterRefusal(
  session: Session,
  intent: Intent,
  { code, message }: { readonly code: string; readonly message: string },
): void {
  const item = session.item(intent.item);
  if (item === undefined) return;
  switch (intent.kind) {
    case 'pull_request.open':
    case 'branch.push':
      if (needsAPerson.has(code)) failForGood(session, item, code, message);
      else failRun(session, item, code, message);
      return;
    case 'review.publish':
      if (isReviewing(item, intent.payload['head'])) passReviewOver(session, item, message);
      return;
    case 'issue.close':
      // Answered, it goes on by its answer.
      if (code !== 'issue.answered') letGo(session, item, letGoReason(session, item, message));
      return;
    case 'pull_request.merge':
      afterRefusedMerge(session, item, { code, message });
      return;
    default:
      return;
  }
}

/** Whatever stood against it, the next look says what is missing now. */
function afterRefusedMerge(
  session: Session,
  item: Item,
  { code, message }: { readonly code: string; readonly message: string },
): void {
  if (code === 'merge.head_moved' || code === 'evidence.gone') {
    session.dirty.add(item.id);
    reopen(session, item.id, message);
  } else {
    // Asked again by itself, it would go round: only a person can tell what has changed since.
    failForGood(session, item, code, message);
  }
}

/** Where the last look has not done so already, with what became of each approval. */
function reopen(session: Session, id: string, reason: string): void {
  const item = session.item(id);
  if (item?.gate == null || item.authority === 'waiting_for_human') return;
  session.give({
    kind: 'assess_gate',
    item: id,
    gate: item.gate,
    approvals: [],
    sufficient: false,
    ended_because: reason,
  });
}
