import type { MergedChange } from '../../domain/changelog/classify.ts';
import { nextVersion } from '../../domain/roadmap/version.ts';
import { neutraliseLine } from '../../domain/text.ts';
import type { CycleMerge, GovernorBrief } from './brief.ts';
import type { GovernorProposal } from './proposal.ts';

/** Brought and taken back within the cycle: whoever gets this version never sees it. */
const cancelsOut = (
  { reverts, reverted_by }: CycleMerge,
  merges: GovernorBrief['merges'],
): boolean =>
  reverted_by !== null ||
  (reverts.length > 0 &&
    reverts.every((taken) => merges.some((merge) => merge.pull_request === taken.pull_request)));

/** What reaches whoever uses the project after this cycle, and was told by none before it. */
export function lasting({
  carried,
  merges,
}: Pick<GovernorBrief, 'carried' | 'merges'>): readonly CycleMerge[] {
  const all = [...carried, ...merges];
  return all.filter((merge) => !cancelsOut(merge, all));
}

export const changeOf = (merge: CycleMerge): MergedChange => ({
  number: merge.pull_request,
  title: merge.title,
  subjects: merge.subjects,
  breaks: merge.breaks,
  labels: merge.labels,
});

/** The next version, from labels, titles and commits of what was merged; a model has no say in it. Null where there is none to propose. */
export function proposeVersion(brief: GovernorBrief): GovernorProposal['version'] {
  if (brief.version === null) return null;
  const next = nextVersion(brief.version, lasting(brief).map(changeOf), brief.change_labels);
  if (!next.ok || next.value.bump === 'none') return null;
  const { from, to, bump, decided_by } = next.value;
  const lowered = bump === 'minor' && decided_by.some((change) => change.bump === 'major');
  const reasons = [...new Set(decided_by.map(({ because }) => because))];
  const deciding = reasons.map((because) => {
    const own = decided_by.filter((change) => change.because === because);
    return `${own.map(({ number }) => `#${number}`).join(', ')} (${neutraliseLine(because)})`;
  });
  return {
    from,
    to,
    reason: `${bump}${lowered ? ', as breaks are before 1.0.0' : ''}: ${deciding.join('; ')}`,
  };
}
