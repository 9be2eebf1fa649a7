import type { Acts } from '../approval/acts.ts';
import type { Count } from '../approval/requirement.ts';
import type { Ignored } from './verdict.ts';

/** The evidence that had no effect on any requirement, each with every reason it was given, in the order it was read. */
export function ignoredEvidence(acts: Acts, counts: readonly Count[]): readonly Ignored[] {
  const heard = new Set(counts.flatMap((each) => [...each.heard]));
  const considered = [...acts.approvals, ...acts.objections, ...acts.overrides].map(
    ({ evidence }) => evidence,
  );
  const unheard = [...new Set(considered)].filter((evidence) => !heard.has(evidence));
  return [
    ...unheard.flatMap((evidence) => {
      const reasons = counts.flatMap(({ refused }) => refused.get(evidence) ?? []);
      return reasons.length === 0 ? [] : [{ evidence, reason: [...new Set(reasons)].join('; ') }];
    }),
    ...acts.ignored,
  ];
}
