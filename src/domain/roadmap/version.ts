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

/** A merged change as its pull request tells it. */
export interface MergedChange {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface ChangeBump {
  readonly number: number;
  readonly bump: Bump;
  readonly because: string;
}

export interface NextVersion {
  readonly from: string;
  readonly to: string;
  readonly bump: Bump;
  readonly changes: readonly ChangeBump[];
}

/**
 * The version after these changes, by the largest of them: breaking gives major, `feat` minor, anything else that reaches
 * users patch. While the major number is 0 a breaking change gives minor: 1.0.0 is a promise, and for people to make.
 */
export function nextVersion(
  current: string,
  changes: readonly MergedChange[],
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
  const bumps = changes.map(bumpOf);
  const largest = bySize.findLast((size) => bumps.some(({ bump }) => bump === size)) ?? 'none';
  const bump = version.major === 0 && largest === 'major' ? 'minor' : largest;
  const prefix = current.trim().startsWith('v') ? 'v' : '';
  return ok({ from: current, to: `${prefix}${bumped(version, bump)}`, bump, changes: bumps });
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

/** https://www.conventionalcommits.org: `type(scope)!: description`, and a footer that tells of a break. */
const conventional = /^(?<type>[a-z]+)(?:\([^)]*\))?(?<breaking>!)?:\s/i;
const breakingFooter = /^BREAKING[ -]CHANGE:\s/m;

const bumpOfType: ReadonlyMap<string, Bump> = new Map([
  ['feat', 'minor'],
  ['feature', 'minor'],
  ['fix', 'patch'],
  ['perf', 'patch'],
  ['refactor', 'patch'],
  ['revert', 'patch'],
  ['security', 'patch'],
  ['docs', 'none'],
  ['test', 'none'],
  ['tests', 'none'],
  ['ci', 'none'],
  ['build', 'none'],
  ['chore', 'none'],
  ['style', 'none'],
]);

/** Labels as repositories name them, with or without a prefix such as `type:` or `semver/`. */
const bumpOfLabel: ReadonlyMap<string, Bump> = new Map([
  ['breaking', 'major'],
  ['breaking-change', 'major'],
  ['major', 'major'],
  ['feature', 'minor'],
  ['feat', 'minor'],
  ['enhancement', 'minor'],
  ['minor', 'minor'],
  ['bug', 'patch'],
  ['bugfix', 'patch'],
  ['fix', 'patch'],
  ['patch', 'patch'],
  ['documentation', 'none'],
  ['docs', 'none'],
]);

/** A declared break wins over everything, then the title's type, then the labels; a change nobody classed is a patch. */
function bumpOf({ number, title, body, labels }: MergedChange): ChangeBump {
  const groups = conventional.exec(title)?.groups;
  if (groups?.['breaking'] !== undefined)
    return { number, bump: 'major', because: 'the title says !' };
  if (breakingFooter.test(body)) {
    return { number, bump: 'major', because: 'the body says BREAKING CHANGE' };
  }
  const labelled = labels.map((label) => ({ label, bump: bumpOfLabel.get(bareLabel(label)) }));
  const breaking = labelled.find(({ bump }) => bump === 'major');
  if (breaking !== undefined) return { number, bump: 'major', because: `label ${breaking.label}` };
  const type = groups?.['type']?.toLowerCase() ?? '';
  const typed = bumpOfType.get(type);
  if (typed !== undefined) return { number, bump: typed, because: `the title says ${type}` };
  const largest = bySize
    .toReversed()
    .flatMap((size) => labelled.filter(({ bump }) => bump === size))[0];
  if (largest?.bump !== undefined) {
    return { number, bump: largest.bump, because: `label ${largest.label}` };
  }
  return { number, bump: 'patch', because: 'neither its title nor a label says what it is' };
}

function bareLabel(label: string): string {
  return label
    .toLowerCase()
    .replace(/^(?:type|kind|semver|change)\s*[:/-]\s*/, '')
    .replaceAll(/\s+/g, '-');
}
