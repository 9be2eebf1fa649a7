import { mayPass } from '../../domain/policy/passing.ts';
import { denials } from '../../domain/policy/render.ts';
import type { Result } from '../../domain/result.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { recordIfNew } from '../decisions/record.ts';
import type { Session } from '../session.ts';
import type { Judged } from './propose.ts';

/** `later`: nothing was decided, since what stands against it passes; the same report is looked at again. */
export type Taken = Result<null> | 'later';

export const isDeniedForNow = ({ rules }: Session, { request, verdict }: Judged): boolean =>
  verdict.effect === 'deny' && rules.kind === 'sound' && mayPass(rules.policies, request);

/** The work is done and paid for: it is kept until it may be proposed, and looked at again as whatever else is denied. */
export function waitWithWork(session: Session, item: Item, judged: Judged): 'later' {
  recordIfNew(session, item.id, judged);
  session.memory.verdicts.set(item.id, judged.verdict);
  const reason = `the work is done and waits: ${denials(judged.verdict.reasons).join('; ')}`;
  session.give({ kind: 'block', item: item.id, reason });
  return 'later';
}
