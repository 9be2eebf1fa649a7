import {
  classify,
  type ChangeKind,
  type ChangeLabels,
  type ClassedChange,
  type MergedChange,
} from '../changelog/classify.ts';
import { ok, refuse, type Result } from '../result.ts';

/** A released version; what it was written with (`v1.2.0`) is the document's affair. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: string | null;
}

const pattern =
  /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Null for what is no version; `1.2` counts as `1.2.0`. */
export function parseVersion(text: string): Version | null {
  const found = pattern.exec(text.trim());
  if (found === null) return null;
  const [, major, minor, patch, prerelease] = found;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch ?? '0'),
    prerelease: prerelease ?? null,
  };
}

/** Negative, zero or positive as the first is older, equal or newer; pre-releases by their text alone. */
export function compareVersions(a: Version, b: Version): number {
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (numbers !== 0) return numbers;
  if (a.prerelease === null || b.prerelease === null) {
    return Number(a.prerelease === null) - Number(b.prerelease === null);
  }
  return a.prerelease < b.prerelease ? -1 : Number(a.prerelease > b.prerelease);
}

export type Bump = 'none' | 'patch' | 'minor' | 'major';

const bySize: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

export interface ChangeBump extends ClassedChange {
  readonly bump: Bump;
}

export interface NextVersion {
  readonly from: string;
  readonly to: string;
  readonly bump: Bump;
  readonly changes: readonly ChangeBump[];
  /** The largest of them: those that made it this version. */
  readonly decided_by: readonly ChangeBump[];
}

const bumpOf: Readonly<Record<ChangeKind, Bump>> = {
  breaking: 'major',
  feature: 'minor',
  deprecated: 'minor',
  removed: 'patch',
  security: 'patch',
  fix: 'patch',
  other: 'patch',
  internal: 'none',
};

/**
 * The version after these changes, by the largest of them: breaking gives major, a feature minor, anything else that reaches
 * users patch. While the major number is 0 a breaking change gives minor: 1.0.0 is a promise, and for people to make.
 */
export function nextVersion(
  current: string,
  changes: readonly MergedChange[],
  labels?: ChangeLabels,
): Result<NextVersion> {
  const version = parseVersion(current);
  if (version === null) {
    return refuse('not_a_version', `"${current}" is no version: write it as MAJOR.MINOR.PATCH.`);
  }
  if (version.prerelease !== null) {
    return refuse(
      'prerelease',
      `${current} is a pre-release: what comes after it is for people to say. Set the released version by hand.`,
    );
  }
  const bumps = changes.map((change) => withBump(change, labels));
  const largest = bySize.findLast((size) => bumps.some(({ bump }) => bump === size)) ?? 'none';
  const bump = version.major === 0 && largest === 'major' ? 'minor' : largest;
  const prefix = current.trim().startsWith('v') ? 'v' : '';
  return ok({
    from: current,
    to: `${prefix}${bumped(version, bump)}`,
    bump,
    changes: bumps,
    decided_by: bumps.filter((one) => one.bump === largest),
  });
}

function bumped({ major, minor, patch }: Version, bump: Bump): string {
  switch (bump) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      return `${major}.${minor}.${patch + 1}`;
    case 'none':
      return `${major}.${minor}.${patch}`;
    default:
      return bump satisfies never;
  }
}

const withBump = (change: MergedChange, labels: ChangeLabels | undefined): ChangeBump => {
  const classed = classify(change, labels);
  return { number: change.number, ...classed, bump: bumpOf[classed.kind] };
};
