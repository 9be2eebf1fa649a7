import type { EventActor } from '../../domain/ledger/envelope.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import { itemId, type Item } from '../../domain/work-item/state.ts';
import type { Account, PullRequestFacts } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';
import type { StimulusAccount } from './stimulus.ts';

export const humanActor = ({ id, login, type }: StimulusAccount): EventActor =>
  type === 'User' ? { kind: 'human', id, login } : { kind: 'system', id, login };

/** GitHub's own account, which merges what stands in a merge queue. */
const MERGE_QUEUE = 'github-merge-queue[bot]';

export const isMergeQueue = ({ login, type }: StimulusAccount): boolean =>
  type !== 'User' && login === MERGE_QUEUE;

/** Who merges through the queue is who put it there. */
export async function whoMerged(
  session: Session,
  pull: number,
  merger: Account,
): Promise<StimulusAccount> {
  if (!isMergeQueue(merger)) return merger;
  return (await session.repository.host.enqueuer(pull)) ?? merger;
}

export interface MergeByHand {
  /** The open item the pull request belongs to; undefined: it has none, and gets one to be counted under. */
  readonly item: Item | undefined;
  readonly pull: PullRequestFacts;
  /** Who merged it. */
  readonly sender: StimulusAccount;
  readonly delivery: string | null;
  /** The default branch: what goes elsewhere is not counted. */
  readonly branch: string;
}

/** Somebody merged on GitHub: recorded as their act and counted. A merge of our own is in the history already. */
export function recordMergeByHand(session: Session, given: MergeByHand): Result<string> {
  const { pull, sender, delivery, branch } = given;
  const { number } = pull;
  if (pull.base !== branch) return endElsewhere(session, given);
  if (isKnownMerge(session, number)) {
    return refuse('merge.known', `the merge of ${number} is recorded already`);
  }
  const actor = humanActor(sender);
  if (actor.kind !== 'human' && given.item === undefined && hasEnded(session, number)) {
    return refuse('merge.known', `the end of ${number} is recorded already`);
  }
  const item = given.item ?? openFor(session, given, actor);
  if (item === undefined) return refuse('item.not_open', `${number} could not be opened`);
  // Nobody's word stands for it: it is over, and neither a governed merge nor one to count.
  if (actor.kind !== 'human') return endUngoverned(session, item, sender);
  const recorded = session.give(
    {
      kind: 'record_merge',
      item: item.id,
      merge: {
        pull_request: number,
        head: pull.head,
        sha: pull.merge_commit ?? '',
        by: 'human',
        outcome: item.kind === 'cycle' ? 'published' : 'merged',
      },
    },
    actor,
    delivery,
  );
  return recorded.ok ? ok(`${item.id} was merged by ${sender.login}`) : recorded;
}

export const isKnownMerge = (session: Session, number: number): boolean =>
  session.state.counted[String(number)] !== undefined || isRecorded(session, number);

/** As merged; one that was closed may have been opened again and merged since. */
const isRecorded = ({ state }: Session, number: number): boolean =>
  Object.values(state.finished).some(
    ({ pull_request, outcome }) =>
      pull_request === number && (outcome === 'merged' || outcome === 'published'),
  );

/** In whatever way: one that an App merged has ended as closed, and is told of again by each look back. */
const hasEnded = ({ state }: Session, number: number): boolean =>
  Object.values(state.finished).some(({ pull_request }) => pull_request === number);

/** Its commits may come to the default branch later, by a pull request that is counted then. */
function endElsewhere(
  session: Session,
  { item, pull, sender, delivery }: MergeByHand,
): Result<string> {
  const reason = `${sender.login} merged it into ${pull.base}, which is not the default branch: it is not counted`;
  if (item === undefined) return refuse('merge.elsewhere', reason);
  const ended = session.give(
    { kind: 'terminate', item: item.id, outcome: 'closed', reason },
    humanActor(sender),
    delivery,
  );
  return ended.ok ? ok(reason) : ended;
}

function openFor(
  session: Session,
  { pull, delivery }: MergeByHand,
  actor: EventActor,
): Item | undefined {
  const { number, title, head, head_branch: branch, author } = pull;
  const head_since = session.deps.now();
  session.give(
    {
      kind: 'open_item',
      item_kind: 'pull_request',
      number,
      title,
      author,
      pull_request: { number, head, head_since, branch, author, ours: false },
    },
    actor,
    delivery,
  );
  return session.item(itemId('pull_request', number));
}

function endUngoverned(session: Session, item: Item, { login }: StimulusAccount): Result<string> {
  const reason = `merged by ${login}, which is no person: nobody here approved it`;
  session.deps.log.warn({ item: item.id, login }, 'merged past the gate by an App');
  const ended = session.give({ kind: 'terminate', item: item.id, outcome: 'closed', reason });
  return ended.ok ? ok(reason) : ended;
}
