import { evidenceName } from '../../domain/approval/acts.ts';
import type { EvidenceFacts } from '../../domain/policy/request.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';

/**
 * The verdict without what Assent's own account did among the ignored: nobody has to be told that our reviewer approves nothing.
 * Taken out of the explanation alone: out of the facts, a condition that reads the reviewer's review would find none.
 */
export function withoutOwnActs(verdict: Verdict, evidence: EvidenceFacts, ourId: number): Verdict {
  const own = ownActs(evidence, ourId);
  const ignored = verdict.ignored.filter((one) => !own.has(one.evidence));
  return { ...verdict, ignored };
}

/** As verdicts name them. */
const ownActs = (
  { reviews, labels, comments }: EvidenceFacts,
  ourId: number,
): ReadonlySet<string> =>
  new Set([
    ...reviews.flatMap(({ id, user }) => (user?.id === ourId ? [evidenceName.review(id)] : [])),
    ...labels.flatMap(({ name, user }) =>
      user?.id === ourId ? [evidenceName.label(name, user.login)] : [],
    ),
    ...comments.flatMap(({ id, user }) => (user?.id === ourId ? [evidenceName.comment(id)] : [])),
  ]);
