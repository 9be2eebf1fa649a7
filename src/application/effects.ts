import type { Intent, Item } from '../domain/work-item/state.ts';
import type { Result } from '../domain/result.ts';
import { refuse } from '../domain/result.ts';
import type { PullRequestFacts } from '../ports/code-host.ts';
import { recordMergeByHand } from './merge-by-hand.ts';
import { failRun } from './outcomes.ts';
import { assess } from './gate.ts';
import { renderCheck, renderComment } from './presentation.ts';
import type { Session } from './session.ts';

/** Attempts after which nobody can tell whether an act happened; a human is told then. */
const MAX_EFFECT_ATTEMPTS = 5;

type Receipt = Readonly<Record<string, unknown>>;

/** Carries out what is intended and due, in the order it was decided. Says whether anything but presentation happened. */
export async function perform(session: Session): Promise<boolean> {
  let moved = false;
  for (const key of Object.keys(session.state.intents)) {
    const intent = session.state.intents[key];
    if (intent === undefined || intent.uncertain || !isDue(session, intent)) continue;
    if (isStopped(session, intent)) continue;
    const outcome = await attempt(session, intent);
    if (settle(session, intent, outcome)) moved = true;
  }
  return moved;
}

const isDue = (session: Session, { not_before }: Intent): boolean =>
  not_before === null || not_before <= session.deps.now();

/** Law 9: looked at before each effect. What only tells people how things stand goes on, so that they see the halt. */
function isStopped(session: Session, intent: Intent): boolean {
  if (isPresentation(intent)) return false;
  return session.state.control.halted !== null || session.item(intent.item)?.held != null;
}

const isPresentation = ({ kind }: Intent): boolean =>
  kind === 'comment.upsert' || kind === 'check.report';

/** Nothing is decided on its receipt, which so can wait for the next commit; done again, it changes nothing. */
export const isLast = (intent: Intent): boolean =>
  isPresentation(intent) ||
  intent.kind === 'labels.change' ||
  intent.kind === 'pull_request.ready' ||
  intent.kind === 'branch.delete';

/** What has ended is told of and cleaned up after; nothing else is begun for it. */
const isWanted = (session: Session, intent: Intent): boolean =>
  intent.item === '' ||
  session.item(intent.item) !== undefined ||
  isPresentation(intent) ||
  intent.kind === 'branch.delete';

async function attempt(session: Session, intent: Intent): Promise<Result<Receipt> | Error> {
  try {
    if (!isWanted(session, intent)) {
      return refuse('item.not_open', `${intent.item} has ended: nothing more is done for it`);
    }
    return await session.deps.attribute(intent.item, () => carryOut(session, intent));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const text = (payload: Intent['payload'], key: string): string => {
  const value = payload[key];
  if (typeof value !== 'string') throw new TypeError(`intent: ${key} is no text`);
  return value;
};

const count = (payload: Intent['payload'], key: string): number => {
  const value = payload[key];
  if (typeof value !== 'number') throw new TypeError(`intent: ${key} is no number`);
  return value;
};

const texts = (payload: Intent['payload'], key: string): readonly string[] => {
  const value = payload[key];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
};

async function carryOut(session: Session, intent: Intent): Promise<Result<Receipt>> {
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

/** Writes down how an attempt ended and what follows. True where the item may go on by it. */
function settle(session: Session, intent: Intent, outcome: Result<Receipt> | Error): boolean {
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
      session.give({ kind: 'complete_stage', item: id });
      return;
    }
    case 'branch.push':
      session.give({
        kind: 'move_head',
        item: id,
        after: text(intent.payload, 'sha'),
        reason: 'the contributor pushed',
      });
      session.give({ kind: 'complete_stage', item: id });
      return;
    case 'review.publish':
      if (item.stage === 'review' && item.authority === 'running') {
        session.give({ kind: 'complete_stage', item: id });
      }
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
      failRun(session, item, code, message);
      return;
    case 'review.publish':
      // The review stands in the history; the head may have moved, and then the next one replaces it.
      if (item.stage === 'review' && item.authority === 'running') {
        session.give({ kind: 'complete_stage', item: item.id });
      }
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
    // Checks may be running still, or GitHub be working out whether it can be merged: that passes, or a human is told.
    failRun(session, item, code, message);
  }
}

function reopen(session: Session, id: string, reason: string): void {
  const item = session.item(id);
  if (item?.gate == null) return;
  session.give({
    kind: 'assess_gate',
    item: id,
    gate: item.gate,
    approvals: [],
    sufficient: false,
    ended_because: reason,
  });
}
