import { refuse, refused, type Refusal, type Result } from '../../domain/result.ts';
import type { Intent, Item } from '../../domain/work-item/state.ts';
import type { MergeMethod, PullRequestFacts } from '../../ports/code-host.ts';
import { assess } from '../decisions/gate.ts';
import { recordIfNew, recordVerdict } from '../decisions/record.ts';
import { settleGate } from '../decisions/settle.ts';
import { askOfGroup } from '../intake/merge-group.ts';
import { isMergeQueue, recordMergeByHand, whoMerged } from '../intake/merge-by-hand.ts';
import type { Session } from '../session.ts';
import { count, text } from './intent-payload.ts';
import type { Receipt } from './receipt.ts';
import { mustGoOn } from './stopped.ts';
import { isQueued, QUEUED, QUEUEING, waiting, type Waiting } from './waiting.ts';

type Outcome = Result<Receipt> | Waiting;

/** The last look before the act itself: the evidence must hold now, not when it was written down (law 3). */
export async function merge(session: Session, intent: Intent): Promise<Outcome> {
  const item = session.item(intent.item);
  const head = text(intent.payload, 'head');
  const pull_request = count(intent.payload, 'pull_request');
  if (item === undefined) return refuse('item.not_open', `${intent.item} is not open any more`);
  session.looks.forget();
  const look = await session.looks.pullRequest(pull_request);
  if (look === null) return refuse('pull_request.gone', `pull request ${pull_request} is gone`);
  const pull = look.pull_request;
  if (pull.merged) return mergedAlready(session, item, pull, head);
  if (pull.head !== head)
    return takenBack(session, intent, refuse('merge.head_moved', 'a push changed the head'));
  const assessed = await assess(session, item);
  const record = intent.waiting === undefined ? recordVerdict : recordIfNew;
  if (assessed !== null) record(session, item.id, assessed);
  if (assessed === null || !assessed.sufficient) {
    const gone = refuse('evidence.gone', 'the approval does not hold any more');
    const back = await takenBack(session, intent, gone);
    // Each approval ends with what became of it, while it is known.
    if (assessed !== null && back === gone) settleGate(session, item.id, assessed);
    return back;
  }
  switch (intent.waiting?.code) {
    case QUEUED:
      return lookAtQueue(session, item, { pull_request, head });
    case QUEUEING:
      return enterQueue(session, { pull_request, head });
    default:
      return askForMerge(session, item, { pull_request, head, pull });
  }
}

/** Whatever ends the merge ends its place in the queue first: what is refused here must not be merged there. */
async function takenBack(
  session: Session,
  intent: Intent,
  refusal: Result<never>,
): Promise<Outcome> {
  const out = await leaveQueue(session, intent);
  return out.ok ? refusal : waiting(QUEUED, out.refusal.message);
}

/** Where it is, or may be: it is written down before it is put in. */
export async function leaveQueue(session: Session, intent: Intent): Promise<Result<null>> {
  if (intent.kind !== 'pull_request.merge' || !isQueued(intent)) return { ok: true, value: null };
  return session.repository.host.dequeue(count(intent.payload, 'pull_request'));
}

interface Approved {
  readonly pull_request: number;
  readonly head: string;
}

async function lookAtQueue(session: Session, item: Item, approved: Approved): Promise<Outcome> {
  const { pull_request, head } = approved;
  const now = await session.repository.host.queueStanding(pull_request);
  if (now === null) return refuse('pull_request.gone', `pull request ${pull_request} is gone`);
  if (now.merged) {
    session.looks.forget();
    const pull = (await session.looks.pullRequest(pull_request))?.pull_request;
    return pull?.merged === true
      ? mergedAlready(session, item, pull, head)
      : refuse('pull_request.gone', `pull request ${pull_request} is gone`);
  }
  if (now.head !== head) return refuse('merge.head_moved', 'a push changed the head');
  if (now.entry !== null) {
    // Its group may have been built while nobody listened.
    if (now.entry.group !== null)
      askOfGroup(session, { ...now.entry.group, item: item.id, delivery: null });
    return inQueue;
  }
  const why = now.left_because === null ? '' : ` (GitHub says ${now.left_because})`;
  return refuse(
    'merge.left_queue',
    `it left the merge queue without being merged${why}: look at the checks of its merge group, then say \`/assent retry\`, or push a change`,
  );
}

const inQueue = waiting(QUEUED, 'it is in the merge queue, which merges it when its checks pass');

const anotherMayDo = new Set(['merge.method_not_allowed', 'merge.linear_history']);

/**
 * Tried in this order where a merge commit is refused; what the settings forbid is not tried. Commits of ours nobody else can
 * sign, and GitHub signs what it squashes; to squash other people's would be a way round what the branch asks of them.
 */
async function otherMethods(
  { deps }: Session,
  { code }: Refusal,
  { author }: PullRequestFacts,
): Promise<readonly MergeMethod[]> {
  if (anotherMayDo.has(code)) return ['squash', 'rebase'];
  if (code !== 'merge.signature_required' || author === null) return [];
  return author.id === (await deps.codeHost.identity()).id ? ['squash'] : [];
}

/** Nothing waits for these: the pull request is over, or what was approved is. */
const final = new Set(['merge.head_moved', 'merge.closed', 'merge.no_item']);

async function askForMerge(
  session: Session,
  item: Item,
  { pull_request, head, pull }: Approved & { readonly pull: PullRequestFacts },
): Promise<Outcome> {
  const { host } = session.repository;
  const input = {
    pull_request,
    head,
    title: `${item.title} (#${pull_request})`,
    message: approvedBy(item),
  };
  await mustGoOn(session);
  const first = await host.merge({ ...input, method: 'merge' });
  if (first.ok) return mergedAt(first.value.sha, head);
  let { refusal } = first;
  const others = await otherMethods(session, refusal, pull);
  if (others.length > 0) {
    const { merge_methods: allowed } = await host.describe();
    for (const method of others) {
      if (allowed?.includes(method) === false) continue;
      await mustGoOn(session);
      const merged = await host.merge({ ...input, method });
      if (merged.ok) return mergedAt(merged.value.sha, head);
      ({ refusal } = merged);
      if (!anotherMayDo.has(refusal.code)) break;
    }
  }
  // Written down before it is done: what nobody remembers putting there, nobody would take out again.
  if (refusal.code === 'merge.queue_required')
    return waiting(QUEUEING, `${pull.base} has a merge queue: it is put into that`);
  session.deps.log.info({ item: item.id, base: pull.base, ...refusal }, 'not merged yet');
  return notYet(refusal);
}

/** In it already after a crash is as good. */
async function enterQueue(session: Session, approved: Approved): Promise<Outcome> {
  await mustGoOn(session);
  const queued = await session.repository.host.enqueue(approved);
  return queued.ok ? inQueue : notYet(queued.refusal);
}

const notYet = (refusal: Refusal): Outcome =>
  final.has(refusal.code) ? refused(refusal) : waiting(refusal.code, refusal.message);

const mergedAt = (sha: string, head: string): Result<Receipt> => ({
  ok: true,
  value: { sha, head },
});

/**
 * By us, or by the queue we put it in, when the receipt was lost; by anybody else it is not what was approved here, and is
 * recorded as theirs.
 */
async function mergedAlready(
  session: Session,
  item: Item,
  pull: PullRequestFacts,
  head: string,
): Promise<Result<Receipt>> {
  const { login } = await session.deps.codeHost.identity();
  const { merged_by: by, merge_commit } = pull;
  const asMeant = by === null || ((by.login === login || isMergeQueue(by)) && pull.head === head);
  if (asMeant) return mergedAt(merge_commit ?? '', head);
  const sender = await whoMerged(session, pull.number, by);
  recordMergeByHand(session, { item, pull, sender, delivery: null, branch: pull.base });
  return refuse('merge.by_other', `${sender.login} merged it meanwhile`);
}

function approvedBy({ approvals }: Item): string {
  const people = approvals.map(
    ({ login, by, digest }) => `${login} (${by} on ${digest.slice(0, 12)})`,
  );
  return `Approved by ${[...new Set(people)].join(', ')}.\n`;
}
