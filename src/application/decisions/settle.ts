import { denials } from '../../domain/policy/render.ts';
import type { Session } from '../session.ts';
import { endings, whyReopened } from './endings.ts';
import type { Assessment } from './gate.ts';
import { recordIfNew } from './record.ts';

/** Writes down what has come, what has gone and why, and whether it is enough now. */
export function settleGate(session: Session, id: string, assessed: Assessment): void {
  const item = session.item(id);
  if (item === undefined) return;
  recordIfNew(session, id, assessed);
  const ended = endings(item, assessed);
  session.give({
    kind: 'assess_gate',
    item: id,
    gate: assessed.gate,
    approvals: assessed.approvals,
    sufficient: assessed.sufficient,
    ended,
    ended_because:
      ended.length === 0
        ? whyReopened(assessed)
        : [...new Set(ended.map(({ reason }) => reason))].join('; '),
  });
  const denied = assessed.verdict.effect === 'deny';
  session.give({
    kind: 'block',
    item: id,
    reason: denied ? denials(assessed.verdict.reasons).join('; ') : null,
  });
}
