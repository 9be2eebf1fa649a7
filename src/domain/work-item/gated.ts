import type { GatedAction, Item } from './state.ts';

/** The act that people decide on in the stage an item is in; null: no gate stands there. */
export function gatedAction({ stage, kind }: Pick<Item, 'stage' | 'kind'>): GatedAction | null {
  if (stage === 'plan') return 'plan.adopt';
  if (stage !== 'merge') return null;
  return kind === 'cycle' ? 'roadmap.publish' : 'pull_request.merge';
}

/** Whether a human has said yes and nothing has taken it back; what is meant by it may not be done yet. */
export const isPastItsGate = ({ authority }: Pick<Item, 'authority'>): boolean =>
  authority === 'approved' || authority === 'overridden' || authority === 'resumed';

/** What an approval has to name to be about the thing as it is now: the plan's digest, or the head. */
export const digestInForce = (item: Item, action: GatedAction): string | null =>
  action === 'plan.adopt' ? (item.plan?.digest ?? null) : (item.pull_request?.head ?? null);
