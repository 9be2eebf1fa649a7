import type { Requirement } from '../policy/rules.ts';
import type { Candidate } from './candidate.ts';
import { directory } from './people.ts';
import { countsIfGiven, type Hearing } from './requirement.ts';

/**
 * Whose approval would count if they gave it now, by the way the requirement names first: judged like any other act, so the
 * author, whoever contributed, and whoever is barred are not named.
 */
export function whoCould(
  requirement: Requirement,
  hearing: Hearing,
  candidates: readonly Candidate[],
): readonly string[] {
  const person = directory(Object.fromEntries(candidates.map((each) => [each.login, each])));
  return candidates
    .filter((candidate) => countsIfGiven(candidate, requirement, { ...hearing, person }))
    .map(({ login }) => login)
    .toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}
