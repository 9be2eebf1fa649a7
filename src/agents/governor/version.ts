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

/** The next version, from titles and labels of what was merged; a model has no say in it. Null where there is none to propose. */
export function proposeVersion({ version, merges }: GovernorBrief): GovernorProposal['version'] {
  if (version === null) return null;
  const next = nextVersion(
    version,
    merges
      .filter((merge) => !cancelsOut(merge, merges))
      .map(({ pull_request, title, labels }) => ({
        number: pull_request,
        title,
        body: '',
        labels,
      })),
  );
  if (!next.ok || next.value.bump === 'none') return null;
  const { from, to, bump, changes } = next.value;
  const deciding = changes.filter((change) => change.bump === bump);
  return {
    from,
    to,
    reason: `${bump}: ${deciding.map(({ number, because }) => `#${number} (${neutraliseLine(because)})`).join(', ')}`,
  };
}
