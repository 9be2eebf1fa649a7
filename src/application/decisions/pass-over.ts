import { neutraliseLine } from '../../domain/text.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { Session } from '../session.ts';

/** A repository may do without our reviewer; never without its humans, who are asked next and told that they are alone. */
export function passReviewOver(session: Session, { id }: Item, reason: string): void {
  const text = `there is no review of ours: ${neutraliseLine(reason, 300)}`;
  session.give({ kind: 'notify', item: id, to: 'maintainers', text });
  session.give({ kind: 'complete_stage', item: id });
}
