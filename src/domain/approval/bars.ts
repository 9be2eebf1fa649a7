import { ok, refuse, type Result } from '../result.ts';
import type { PriorApprovalFacts } from '../policy/request.ts';
import type { Requirement } from '../policy/rules.ts';
import { iso } from './digest.ts';
import type { Person } from './people.ts';

/** Separation of duties. Accounts are compared by id: a login may have become somebody else's. `prior` null: unknown. */
export function hasNotApprovedBefore(
  person: Person,
  { step, notBy }: Requirement,
  prior: readonly PriorApprovalFacts[] | null,
): Result<true> {
  if (notBy.length === 0) return ok(true);
  if (prior === null) {
    return refuse(
      'approval.prior_unknown',
      `step ${step} takes nobody who approved ${notBy.join(' or ')}, and who did is not known`,
    );
  }
  const before = prior.find(
    (one) => one.id === person.id && (notBy.includes(one.step) || notBy.includes(one.gate)),
  );
  return before === undefined
    ? ok(true)
    : refuse(
        'approval.prior',
        `${person.login} approved step ${before.step} of ${before.gate} before, and step ${step} takes somebody else`,
      );
}

/** Whether an approval given at a moment is still young enough; both moments in milliseconds, `now` null where unknown. */
export function isFresh(
  at: number,
  { step, validFor }: Requirement,
  now: number | null,
): Result<true> {
  if (validFor === null) return ok(true);
  const lapses = at + validFor;
  if (now !== null && now < lapses) return ok(true);
  const why =
    now === null || Number.isNaN(lapses)
      ? 'and whether this one still does is not known'
      : `and this one lapsed at ${iso(lapses)}; approve again`;
  return refuse('approval.lapsed', `an approval of step ${step} holds for a limited time, ${why}`);
}
