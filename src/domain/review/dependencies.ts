import { isPermitted } from '../contribution/gates/spdx.ts';

/** What a change does to what a project depends on, read from its manifests before and after. */
export interface DependencyChange {
  /** The manifest or lock file. */
  readonly path: string;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: string | null;
  readonly after: string | null;
  /** Of a package that comes in, where the lock file names it. `fits`: permissive; null: not known. */
  readonly licence: { readonly name: string; readonly fits: boolean } | null;
}

type Versions = ReadonlyMap<string, string>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const kinds = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

function ofPackageJson(text: string): Versions {
  const json = parsed(text);
  return new Map(
    kinds.flatMap((kind) => {
      const some = isRecord(json) ? json[kind] : null;
      return isRecord(some)
        ? Object.entries(some).map(([name, version]): [string, string] => [name, String(version)])
        : [];
    }),
  );
}

const ofRequirements = (text: string): Versions =>
  new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const found =
        /^\s*([A-Za-z0-9][\w.-]{0,100})(?:\[[^\]]{0,100}\])?\s*([<>=!~][^#;]{0,100})?/.exec(line);
      return found?.[1] === undefined ? [] : [[found[1].toLowerCase(), (found[2] ?? '*').trim()]];
    }),
  );

function ofGoMod(text: string): Versions {
  const found = text.matchAll(/^(?:require\s+|\t)([\w.~/-]+\.[\w.~/-]+)\s+(v\S{1,80})/gm);
  return new Map([...found].map(([, name = '', version = '']) => [name, version]));
}

/** Tables named `dependencies` of Cargo and Poetry. */
function ofTomlTables(text: string): Versions {
  const versions = new Map<string, string>();
  let inTable = false;
  for (const line of text.split('\n')) {
    const table = /^\s*\[([^\]]{1,200})\]/.exec(line);
    if (table !== null) inTable = (table[1] ?? '').endsWith('dependencies');
    const found = /^\s*["']?([A-Za-z0-9][\w.-]{0,100})["']?\s*=\s*(\S.{0,200})$/.exec(line);
    if (inTable && found?.[1] !== undefined) versions.set(found[1], (found[2] ?? '').trim());
  }
  return versions;
}

const readers: Readonly<Record<string, (text: string) => Versions>> = {
  'package.json': ofPackageJson,
  'requirements.txt': ofRequirements,
  'go.mod': ofGoMod,
  'cargo.toml': ofTomlTables,
  'pyproject.toml': ofTomlTables,
};

const nameOf = (path: string): string => path.toLowerCase().split('/').at(-1) ?? '';

/** Whose content tells of dependencies: to be read before and after. */
export const isReadManifest = (path: string): boolean =>
  Object.hasOwn(readers, nameOf(path)) || nameOf(path) === 'package-lock.json';

export interface ManifestChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** In the order of the manifests and their entries; packages that only a lock file names are told where their licence is odd. */
export function dependencyChanges(
  manifests: readonly ManifestChange[],
): readonly DependencyChange[] {
  const licences = new Map(
    manifests.filter(({ path }) => nameOf(path) === 'package-lock.json').flatMap(newLicences),
  );
  const direct = manifests.flatMap((manifest) => changesOf(manifest, licences));
  const known = new Set(direct.map(({ name }) => name));
  const indirect = [...licences].filter(([name, { fits }]) => !fits && !known.has(name));
  return [
    ...direct,
    ...indirect.map(([name, { path, version, ...licence }]): DependencyChange => ({
      path,
      name,
      change: 'added',
      before: null,
      after: version,
      licence,
    })),
  ];
}

interface NewPackage {
  readonly path: string;
  readonly version: string;
  readonly name: string;
  readonly fits: boolean;
}

function changesOf(
  { path, before, after }: ManifestChange,
  licences: ReadonlyMap<string, NewPackage>,
): readonly DependencyChange[] {
  const read = readers[nameOf(path)];
  if (read === undefined) return [];
  const [old, now] = [read(before ?? ''), read(after ?? '')];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): DependencyChange[] => {
    const [from, to] = [old.get(name) ?? null, now.get(name) ?? null];
    if (from === to) return [];
    const change = from === null ? 'added' : to === null ? 'removed' : 'changed';
    const found = change === 'added' ? licences.get(name) : undefined;
    const licence = found === undefined ? null : { name: found.name, fits: found.fits };
    return [{ path, name, change, before: from, after: to, licence }];
  });
}

const NONE_NAMED = 'none named';

function newLicences({ path, before, after }: ManifestChange): readonly [string, NewPackage][] {
  const old = packagesOf(before);
  return [...packagesOf(after)].flatMap(([place, entry]): [string, NewPackage][] => {
    const name = place.split('node_modules/').at(-1) ?? '';
    if (old.has(place) || name === '' || !place.includes('node_modules/')) return [];
    const licence = typeof entry['license'] === 'string' ? entry['license'] : NONE_NAMED;
    const version = typeof entry['version'] === 'string' ? entry['version'] : '?';
    return [[name, { path, version, name: licence, fits: isPermitted(licence, []) }]];
  });
}

function packagesOf(lock: string | null): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const json = lock === null ? null : parsed(lock);
  const packages = isRecord(json) && isRecord(json['packages']) ? json['packages'] : {};
  return new Map(
    Object.entries(packages).flatMap(([place, entry]) => (isRecord(entry) ? [[place, entry]] : [])),
  );
}
