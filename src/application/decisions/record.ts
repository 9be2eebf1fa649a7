import { recordedVerdict } from '../../domain/policy/record.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { Session } from '../session.ts';

interface Judged {
  readonly request: PolicyRequest;
  readonly verdict: Verdict;
}

/** Writes down what policy says and on which facts: where something is decided by it. */
export function recordVerdict(session: Session, item: string, judged: Judged): void {
  record(session, item, judged, false);
}

/** For a look that decides nothing unless it finds something new: most find what the one before found. */
export function recordIfNew(session: Session, item: string, judged: Judged): void {
  record(session, item, judged, true);
}

function record(session: Session, item: string, judged: Judged, if_new: boolean): void {
  if (session.rules.kind === 'broken') return;
  const verdict = recordedVerdict(session.rules.policies, judged.request, judged.verdict);
  session.give({ kind: 'record_verdict', item, verdict, if_new });
}
