import type { CycleMerge, GovernorBrief } from './brief.ts';
import type { GovernorProposal } from './proposal.ts';

const order = ['patch', 'minor', 'major'] as const;
type Step = (typeof order)[number];

/** The next version, from titles (conventional commits) and labels; a model has no say in it. */
export function proposeVersion(brief: GovernorBrief): GovernorProposal['version'] {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)$/
    .exec(brief.version ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts || brief.merges.length === 0) return null;
  const steps = brief.merges.map((merge) => ({ merge, step: stepOf(merge) }));
  const largest = order[Math.max(...steps.map(({ step }) => order.indexOf(step)))] ?? 'patch';
  const deciding = steps
    .filter(({ step }) => step === largest)
    .map(({ merge }) => `#${merge.pull_request}`);
  return {
    from: parts.join('.'),
    to: bump(parts, largest),
    reason: `${largest} by ${deciding.join(', ')}`,
  };
}

function stepOf({ title, labels }: CycleMerge): Step {
  const [, type = '', , breaking] = /^([a-z]+)(\([^)]*\))?(!)?:/i.exec(title) ?? [];
  const names = labels.map((label) => label.toLowerCase());
  if (breaking === '!' || names.includes('breaking')) return 'major';
  if (
    type.toLowerCase() === 'feat' ||
    names.some((name) => ['feature', 'enhancement', 'type:feature'].includes(name))
  )
    return 'minor';
  return 'patch';
}

/** Before 1.0.0 a breaking change raises the minor version: semver promises nothing yet. */
function bump([major = 0, minor = 0, patch = 0]: readonly number[], step: Step): string {
  if (step === 'major' && major > 0) return `${major + 1}.0.0`;
  return step === 'patch' ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`;
}
