import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { SeenHead } from './state.ts';

type Heads = Readonly<Record<string, readonly SeenHead[]>>;

/** So many pushes of one pull request are remembered; an approval given before them has to be given again. */
const HEADS_KEPT = 50;

/** The heads of open pull requests as the history saw them, oldest first, by item. */
export function foldHeads(growth: Growth, heads: Heads, event: TimedEvent): Heads {
  if (event.item === null) return heads;
  switch (event.type) {
    case 'item.created':
    case 'pull_request.linked': {
      const { pull_request: linked } = event.data;
      return linked === null
        ? heads
        : add(growth, heads, event.item, linked.head, linked.head_since);
    }
    case 'head.moved':
      return add(growth, heads, event.item, event.data.after, event.at);
    case 'approval.given':
      return witness(growth, heads, event.item, event.data.approval);
    case 'item.merged':
    case 'item.terminated':
      return growth.drop(heads, event.item);
    default:
      return heads;
  }
}

const add = (growth: Growth, heads: Heads, item: string, head: string, since: string): Heads =>
  growth.put(
    heads,
    item,
    [...(heads[item] ?? []), { head, since, until: null }].slice(-HEADS_KEPT),
  );

/** Who recorded an approval had just looked at GitHub: when the act was done, this was the head. */
function witness(
  growth: Growth,
  heads: Heads,
  item: string,
  { gate, digest, at }: { readonly gate: string; readonly digest: string; readonly at: string },
): Heads {
  const seen = heads[item] ?? [];
  const last = seen.at(-1);
  if (gate === 'plan.adopt' || last === undefined || last.head !== digest) return heads;
  if (at < last.since || (last.until !== null && at <= last.until)) return heads;
  return growth.put(heads, item, [...seen.slice(0, -1), { ...last, until: at }]);
}
