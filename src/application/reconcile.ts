import type { Item } from '../domain/work-item/state.ts';
import { recordMergeByHand } from './absorb.ts';
import type { Session } from './session.ts';

/**
 * Compares the ledger with GitHub and takes in what no delivery told of: merges and closings while Assent was down, heads
 * that moved. What waits for people is judged again by whoever calls.
 */
export async function reconcile(session: Session): Promise<void> {
  for (const item of Object.values(session.state.items)) await compare(session, item);
  await countMissedMerges(session);
}

async function compare(session: Session, item: Item): Promise<void> {
  const { host } = session.repository;
  if (item.pull_request !== null) {
    const pull = await host.pullRequest(item.pull_request.number);
    if (pull === null || pull.merged) return;
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
  }
}

const isOurPushUnderWay = (session: Session, item: Item): boolean =>
  Object.values(session.state.intents).some(
    (intent) => intent.item === item.id && intent.kind === 'branch.push',
  );

/** Merged by hand or by us, but not in the history: counted now, in order. */
async function countMissedMerges(session: Session): Promise<void> {
  if (session.rules.kind === 'broken') return;
  const { branch } = session.rules;
  const since = session.reading.head.sequence === 0 ? session.deps.now() : lastMerge(session);
  for (const pull of await session.repository.host.mergedSince(branch, since)) {
    const item = Object.values(session.state.items).find(
      (open) => open.pull_request?.number === pull.number,
    );
    // Our own merge whose receipt was lost is told by its intent, not here.
    if (item !== undefined && hasMergeIntent(session, item)) continue;
    const sender = pull.merged_by;
    if (sender === null) continue;
    recordMergeByHand(session, { item, pull, sender, delivery: null, branch });
  }
}

const hasMergeIntent = (session: Session, item: Item): boolean =>
  Object.values(session.state.intents).some(
    (intent) => intent.item === item.id && intent.kind === 'pull_request.merge',
  );

/** Merges before the last counted one were counted, or were before Assent's time. */
function lastMerge(session: Session): string {
  const { cycle, closed_cycles, items } = session.state;
  const merges = [...cycle.merges, ...Object.values(closed_cycles).flatMap((c) => c.merges)];
  const opened = Object.values(items).map((item) => item.opened_at);
  const times = merges.map(({ at }) => at).sort();
  return times.at(-1) ?? opened.sort()[0] ?? session.deps.now();
}
