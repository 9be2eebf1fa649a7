import { nextVersion } from '../../domain/roadmap/version.ts';
import { neutraliseLine } from '../../domain/text.ts';
import type { GovernorBrief } from './brief.ts';
import type { GovernorProposal } from './proposal.ts';

/** The next version, from titles and labels of what was merged; a model has no say in it. Null where there is none to propose. */
export function proposeVersion({ version, merges }: GovernorBrief): GovernorProposal['version'] {
  if (version === null) return null;
  const next = nextVersion(
    version,
    merges.map(({ pull_request, title, labels }) => ({
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
