import type { Acts } from '../approval/acts.ts';
import { notNamed, type Count } from '../approval/requirement.ts';
import type { Refusal } from '../result.ts';
import type { Ignored } from './verdict.ts';

/** The evidence that had no effect on any requirement, with its reasons, in the order it was read. */
export function ignoredEvidence(acts: Acts, counts: readonly Count[]): readonly Ignored[] {
  const heard = new Set(counts.flatMap((each) => [...each.heard]));
  const considered = [...acts.approvals, ...acts.objections, ...acts.overrides].map(
    ({ evidence }) => evidence,
  );
  const unheard = [...new Set(considered)].filter((evidence) => !heard.has(evidence));
  return [
    ...unheard.flatMap((evidence) => {
      const reasons = telling(counts.flatMap(({ refused }) => refused.get(evidence) ?? []));
      return reasons.length === 0 ? [] : [{ evidence, reason: reasons.join('; ') }];
    }),
    ...acts.ignored,
  ];
}

/** Where one step takes this person, that other steps do not is no reason why their act has no effect. */
function telling(refusals: readonly Refusal[]): readonly string[] {
  const named = refusals.filter(({ code }) => code !== notNamed);
  return [...new Set((named.length > 0 ? named : refusals).map(({ message }) => message))];
}
