import type { PushFacts } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import { needsOf } from '../../domain/policy/needs.ts';
import type { Item, SeenHead } from '../../domain/work-item/state.ts';
import type { ForcePush, PullRequestEvidence } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';

/**
 * Since when the head is known to be there: seen, put before this base, or put back by a force push, whichever is last. A
 * label set while another head stood between is not about this one. null: nobody knows.
 */
export function headSince(item: Item, look: PullRequestEvidence): string | null {
  const { head } = look.pull_request;
  if (item.pull_request?.head !== head) return null;
  const times = [item.pull_request.head_since, ...putThere(head, look.force_pushes)];
  return latest([...times, ...(look.retargeted_at === null ? [] : [look.retargeted_at])]);
}

/** The pushes that an approval could survive; undefined where no policy asks, or no evidence is on an earlier head. */
export async function pushesOf(
  session: Session,
  item: Item,
  look: PullRequestEvidence,
  policies: PolicySet,
): Promise<readonly PushFacts[] | undefined> {
  if (!needsOf(policies).pushes) return undefined;
  const heads = inForceHere(session.state.heads[item.id] ?? [], item, look);
  const from = firstNamed(heads, look);
  if (heads.at(-1)?.head !== look.pull_request.head || from === -1) return undefined;
  return withChanges(session, look.pull_request.base_sha, heads.slice(from));
}

/** The heads since the pull request leads to this base, each from when it was last put there. */
function inForceHere(
  heads: readonly SeenHead[],
  item: Item,
  look: PullRequestEvidence,
): readonly SeenHead[] {
  return heads.flatMap((seen, index) => {
    const next = heads[index + 1];
    if (next === undefined) return [{ ...seen, since: headSince(item, look) ?? seen.since }];
    if (look.retargeted_at !== null && !isBefore(look.retargeted_at, next.since)) return [];
    const again = putThere(seen.head, look.force_pushes).filter((at) => isBefore(at, next.since));
    const since = [
      seen.since,
      ...again,
      ...(look.retargeted_at === null ? [] : [look.retargeted_at]),
    ];
    return [{ ...seen, since: latest(since) }];
  });
}

/** The earliest head that a review names or an approval was recorded on: what came before it matters to nobody. */
const firstNamed = (heads: readonly SeenHead[], { reviews }: PullRequestEvidence): number =>
  heads
    .slice(0, -1)
    .findIndex(
      ({ head, until }) => until !== null || reviews.some((review) => review.commit === head),
    );

async function withChanges(
  session: Session,
  base: string,
  heads: readonly SeenHead[],
): Promise<readonly PushFacts[]> {
  const { files } = session.repository;
  const { sha256 } = session.deps;
  const pushes: PushFacts[] = [];
  let before: PushFacts | undefined;
  for (const { head, since: at, until: known_until } of heads) {
    const change = before === undefined ? null : await files.pushed(base, before.head, head);
    const hash = before === undefined || change !== null ? await files.diffHash(base, head) : null;
    const push: PushFacts = {
      head,
      at,
      diff_hash: hash === null ? null : told(hash, before, change?.same ?? false),
      rewritten: change?.rewritten ?? false,
      paths: change?.paths ?? null,
      known_until,
    };
    pushes.push(push);
    before = push;
  }
  return pushes;

  /** Two patches may read the same and change different places: then the hashes must differ, too. */
  function told(hash: string, last: PushFacts | undefined, same: boolean): string {
    if (last === undefined || last.diff_hash === null) return hash;
    return same || last.diff_hash !== hash ? hash : sha256(`${hash} ${last.head}`);
  }
}

const putThere = (head: string, pushes: readonly ForcePush[]): readonly string[] =>
  pushes.filter((push) => push.head === head || push.head === null).map(({ at }) => at);

const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other);

const latest = (times: readonly string[]): string =>
  times.reduce((last, time) => (isBefore(last, time) ? time : last));
