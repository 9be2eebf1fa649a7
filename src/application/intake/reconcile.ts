import { contributed, noteCheck } from '../decisions/failing-checks.ts';
import { isBeingProposed, returnUnlessOf, textDigest } from '../decisions/plan-digest.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { isKnownMerge, recordMergeByHand, whoMerged } from './merge-by-hand.ts';
import type { Session } from '../session.ts';

/**
 * Compares the ledger with GitHub and takes in what no delivery told of: merges and closings while Assent was down, heads
 * that moved. What waits for people is judged again by whoever calls.
 */
export async function reconcile(session: Session, branch: string): Promise<void> {
  for (const item of Object.values(session.state.items)) await compare(session, item, branch);
  await countMissedMerges(session, branch);
}

async function compare(session: Session, item: Item, branch: string): Promise<void> {
  const { host } = session.repository;
  if (item.pull_request !== null) {
    const pull = await host.pullRequest(item.pull_request.number);
    if (pull === null) return;
    if (pull.merged) {
      // Into the default branch: counted below, in the order of the merges.
      if (pull.base !== branch && pull.merged_by !== null) {
        const sender = pull.merged_by;
        recordMergeByHand(session, { item, pull, sender, delivery: null, branch });
      }
      return;
    }
    if (pull.state === 'closed') {
      session.give({
        kind: 'terminate',
        item: item.id,
        outcome: 'closed',
        reason: 'the pull request was closed while Assent was away',
      });
    } else if (pull.head !== item.pull_request.head && !isOurPushUnderWay(session, item)) {
      session.give({
        kind: 'move_head',
        item: item.id,
        after: pull.head,
        reason: 'the head moved while Assent was away',
      });
    }
    // Nobody told of a check that ended meanwhile.
    if (contributed(item) !== null) noteCheck(session.memory, pull.head, 'failure');
    return;
  }
  if (item.kind !== 'issue') return;
  const issue = await host.issue(item.number);
  if (issue === null || issue.state === 'closed') {
    session.give({
      kind: 'terminate',
      item: item.id,
      outcome: 'closed',
      reason: 'the issue was closed while Assent was away',
    });
  } else if (
    (item.stage === 'plan' || item.stage === 'contribution') &&
    !isBeingProposed(session, item)
  ) {
    returnUnlessOf(session, item, textDigest(session.deps, issue));
  }
}

const isOurPushUnderWay = (session: Session, item: Item): boolean =>
  Object.values(session.state.intents).some(
    (intent) => intent.item === item.id && intent.kind === 'branch.push',
  );

/** Merged by hand or by us, but not in the history: counted now, in order. What is merged is merged under broken rules too. */
async function countMissedMerges(session: Session, branch: string): Promise<void> {
  const since = session.reading.head.sequence === 0 ? session.deps.now() : lastMerge(session);
  for (const pull of await session.repository.host.mergedSince(branch, since)) {
    const item = Object.values(session.state.items).find(
      (open) => open.pull_request?.number === pull.number,
    );
    // Our own merge whose receipt was lost is told by its intent, not here.
    if (item !== undefined && hasMergeIntent(session, item)) continue;
    if (pull.merged_by === null || isKnownMerge(session, pull.number)) continue;
    const sender = await whoMerged(session, pull.number, pull.merged_by);
    recordMergeByHand(session, { item, pull, sender, delivery: null, branch });
  }
}

const hasMergeIntent = (session: Session, item: Item): boolean =>
  Object.values(session.state.intents).some(
    (intent) => intent.item === item.id && intent.kind === 'pull_request.merge',
  );

/** For so long a delivery may be under way, and an older merge be told of later than a younger one. */
const MARGIN_MS = 3 * 86_400_000;

/**
 * From a while before the last merge that was counted, but not from before Assent's time. What was counted already is not
 * counted again, so looking back too far costs a request and no more.
 */
function lastMerge({ state, deps }: Session): string {
  const { cycle, closed_cycles, finished, items } = state;
  const merges = [...cycle.merges, ...Object.values(closed_cycles).flatMap((c) => c.merges)];
  const ended = Object.values(finished).map(({ at }) => at);
  const known = [...merges.map(({ at }) => at), ...ended].sort();
  const first = [...known, ...Object.values(items).map(({ opened_at }) => opened_at)].sort()[0];
  const last = known.at(-1);
  if (first === undefined) return deps.now();
  if (last === undefined) return first;
  const back = new Date(Date.parse(last) - MARGIN_MS).toISOString();
  return back > first ? back : first;
}
