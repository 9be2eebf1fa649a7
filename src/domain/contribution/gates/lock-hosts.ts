import { nameOf, type Gate, type WholeText } from '../contribution.ts';
import { lockedPackages, type LockedPackage } from './npm-lock.ts';
import { newHosts } from './sources.ts';

/** Packages come from where they came from before: a new host is a person's to choose. */
export const lockHosts: Gate = ({ texts, files }) => ({
  faults: files.flatMap(({ path }) => {
    const text = texts.get(path);
    return text === undefined ? [] : faultsOf(path, text);
  }),
  flags: [],
});

const faultsOf = (path: string, { before, after }: WholeText): readonly string[] => [
  ...newHosts(nameOf(path), before, after).map(
    (host) => `${path} takes packages from a new place: ${host}`,
  ),
  ...(isNpmLock(path) ? swapped(path, before, after) : []),
  ...(nameOf(path) === 'go.sum' ? changedSums(path, before, after) : []),
];

const isNpmLock = (path: string): boolean =>
  ['package-lock.json', 'npm-shrinkwrap.json'].includes(nameOf(path));

/** An entry of a registry that is not what its name says, or that nothing holds to its content. */
function swapped(path: string, before: string | null, after: string | null): readonly string[] {
  const old = lockedPackages(before);
  return [...lockedPackages(after).values()].flatMap((one) => {
    const was = old.get(one.place);
    if (was !== undefined && sameContent(was, one)) return [];
    const file = /\/((?:@[^/]+\/)?[^/]+)\/-\/[^/]+\.tgz$/.exec(decoded(one.resolved ?? ''))?.[1];
    const other = file !== undefined && file !== one.name;
    const same = was?.version === one.version && was.resolved === one.resolved;
    return [
      ...(other ? [`${path}: ${one.place} is fetched as another package, ${file}`] : []),
      ...(one.resolved !== null && one.integrity === null
        ? [`${path}: ${one.place} has no checksum (integrity)`]
        : []),
      ...(same && was.integrity !== null && was.integrity !== one.integrity
        ? [`${path}: the checksum of ${one.place} changed and its version did not`]
        : []),
    ];
  });
}

const sameContent = (a: LockedPackage, b: LockedPackage): boolean =>
  a.resolved === b.resolved && a.integrity === b.integrity && a.name === b.name;

const decoded = (address: string): string => address.replace(/%2f/gi, '/').replace(/%40/g, '@');

function changedSums(path: string, before: string | null, after: string | null): readonly string[] {
  const old = sums(before);
  return [...sums(after)]
    .filter(([module, sum]) => old.has(module) && old.get(module) !== sum)
    .map(([module]) => `${path}: the checksum of ${module} changed and its version did not`);
}

const sums = (text: string | null): ReadonlyMap<string, string> =>
  new Map(
    (text ?? '').split('\n').flatMap((line) => {
      const [module, version, sum] = line.split(' ');
      return sum === undefined ? [] : [[`${module} ${version}`, sum]];
    }),
  );
