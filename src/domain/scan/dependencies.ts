export const ecosystems = [
  'npm',
  'python',
  'cargo',
  'go',
  'maven',
  'gradle',
  'bundler',
  'composer',
  'nuget',
  'actions',
  'docker',
] as const;

export type Ecosystem = (typeof ecosystems)[number];

export type Scope = 'runtime' | 'development' | 'optional' | 'peer' | 'build';

/** One thing asked for, in the words of its manifest. */
export interface Dependency {
  readonly name: string;
  readonly wanted: string;
  readonly scope: Scope;
  /** Whether it names one version and no other. */
  readonly pinned: boolean;
}

export interface Manifest {
  readonly kind: 'manifest';
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly dependencies: readonly Dependency[];
}

/** `id` is unique in its lock; `needs` are ids. */
export interface LockedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly needs: readonly string[];
}

export interface Lock {
  readonly kind: 'lock';
  readonly path: string;
  readonly ecosystem: Ecosystem;
  /** Null: it is one, and its form is not read here. */
  readonly packages: readonly LockedPackage[] | null;
}

export interface UnreadManifest {
  readonly kind: 'unread';
  readonly path: string;
  readonly why: string;
}

export interface Unpinned {
  readonly path: string;
  readonly name: string;
  readonly wanted: string;
}

export interface EcosystemSummary {
  readonly ecosystem: Ecosystem;
  readonly manifests: readonly string[];
  readonly locks: readonly string[];
  /** Names that manifests ask for, each once. */
  readonly direct: number;
  /** Packages in locks that no manifest names; null where no lock was read. */
  readonly transitive: number | null;
  /** Which package needs which, in locks. */
  readonly edges: number;
  /** What a fresh install could resolve to something else: no one version, and no lock over it. */
  readonly unpinned: readonly Unpinned[];
  /** Manifests that ask for something, in an ecosystem that has locks, without one. */
  readonly unlocked: readonly string[];
}

/** Where the ecosystem has no lock, its manifest alone says what is fetched. */
const withoutLocks: ReadonlySet<Ecosystem> = new Set(['actions', 'docker', 'maven', 'gradle']);

export function summariseDependencies(
  manifests: readonly Manifest[],
  locks: readonly Lock[],
): readonly EcosystemSummary[] {
  return ecosystems.flatMap((ecosystem) => {
    const asked = manifests.filter((manifest) => manifest.ecosystem === ecosystem);
    const locked = locks.filter((lock) => lock.ecosystem === ecosystem);
    return asked.length + locked.length === 0 ? [] : [summaryOf(ecosystem, asked, locked)];
  });
}

function summaryOf(
  ecosystem: Ecosystem,
  manifests: readonly Manifest[],
  locks: readonly Lock[],
): EcosystemSummary {
  const direct = new Set(
    manifests.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  const read = locks.flatMap(({ packages }) => packages ?? []);
  const loose = manifests.filter(
    (manifest) => !locks.some((lock) => covers(lock.path, manifest.path)),
  );
  return {
    ecosystem,
    manifests: manifests.map(({ path }) => path),
    locks: locks.map(({ path }) => path),
    direct: direct.size,
    transitive: locks.some(({ packages }) => packages !== null)
      ? new Set(
          read
            .filter(({ name }) => !direct.has(name))
            .map(({ name, version }) => `${name}@${version}`),
        ).size
      : null,
    edges: read.reduce((sum, { needs }) => sum + needs.length, 0),
    unpinned: loose.flatMap(({ path, dependencies }) =>
      dependencies
        .filter(({ pinned, scope }) => !pinned && scope !== 'peer')
        .map(({ name, wanted }) => ({ path, name, wanted })),
    ),
    unlocked: withoutLocks.has(ecosystem) ? [] : loose.filter(needsLock).map(({ path }) => path),
  };
}

const needsLock = ({ dependencies }: Manifest): boolean =>
  dependencies.some(({ scope, pinned }) => scope !== 'peer' && !pinned);

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** A lock speaks for its folder and what lies below, as workspaces have it. */
const covers = (lock: string, manifest: string): boolean => manifest.startsWith(folderOf(lock));
