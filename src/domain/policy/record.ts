import { canonicalJson } from '../ledger/canonical-json.ts';
import { denials } from './render.ts';
import type { PolicyRequest } from './request.ts';
import type { PolicySet } from './rules.ts';
import { slim } from './slim.ts';
import type { Approver, Verdict } from './verdict.ts';

/** A verdict as the history keeps it, with what it was given on, so that anybody can ask again. */
export interface RecordedVerdict {
  readonly action: string;
  readonly effect: Verdict['effect'];
  /** Null: it was not recorded (version 1 of the event). */
  readonly satisfied: boolean | null;
  /** Null: as above. */
  readonly approvers: readonly Approver[] | null;
  readonly rules: readonly string[];
  readonly reason: string;
  /**
   * The request, without what the policies in force could not read; null where `facts_missing` says why. Whoever reads it
   * back holds it to the request's schema: other hands may have written it.
   */
  readonly facts: object | null;
  readonly facts_missing: string | null;
}

/** Of UTF-8: a segment of the history, so that no verdict makes a commit much larger than another. */
const MAX_BYTES = 64 * 1024;
const MAX_REASON = 1000;

export function recordedVerdict(
  policies: PolicySet,
  request: PolicyRequest,
  verdict: Verdict,
): RecordedVerdict {
  const facts = slim(policies, request);
  const missing = unrecordable(facts);
  return {
    action: request.action.kind,
    effect: verdict.effect,
    satisfied: verdict.satisfied,
    approvers: verdict.approvers,
    rules: verdict.rules,
    reason: reasonOf(verdict).slice(0, MAX_REASON),
    facts: missing === null ? facts : null,
    facts_missing: missing,
  };
}

/** A title somebody cut in the middle of a character must not keep the verdict out of the history. */
function unrecordable(facts: PolicyRequest): string | null {
  let text: string;
  try {
    text = canonicalJson(facts);
  } catch {
    return 'they hold text that is no Unicode';
  }
  const bytes = new TextEncoder().encode(text).length;
  return bytes > MAX_BYTES ? `they take ${bytes} bytes; at most ${MAX_BYTES} are recorded` : null;
}

/** That it is denied says the effect already. */
function reasonOf({ effect, reasons }: Verdict): string {
  const why = effect === 'deny' ? denials(reasons).join('; ') : '';
  return why === '' ? reasons.text : why;
}

/** What a verdict decides: facts, times and wording aside. */
export type Substance = Pick<
  RecordedVerdict,
  'action' | 'effect' | 'satisfied' | 'approvers' | 'rules'
>;

export const substance = ({
  action,
  effect,
  satisfied,
  approvers,
  rules,
}: Substance): Substance => ({ action, effect, satisfied, approvers, rules });

/** Whether two verdicts decide the same. */
export const sameSubstance = (one: Substance, other: Substance): boolean =>
  canonicalJson(substance(one)) === canonicalJson(substance(other));
