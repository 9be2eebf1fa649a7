/** One package as package-lock.json (lockfileVersion 2 and 3) has it. */
export interface LockedPackage {
  /** Where it lies, such as `node_modules/a/node_modules/b`. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly resolved: string | null;
  readonly integrity: string | null;
  readonly licence: string | null;
}

/** The packages that a lock file names; none where it is not there or cannot be read, which another gate tells of. */
export function lockedPackages(text: string | null): ReadonlyMap<string, LockedPackage> {
  const packages = member(parsed(text), 'packages');
  if (typeof packages !== 'object' || packages === null) return new Map();
  return new Map(
    Object.entries(packages)
      // The project itself, its workspaces, and links to them are not fetched.
      .filter(([place, entry]) => place.includes('node_modules/') && member(entry, 'link') !== true)
      .map(([place, entry]) => [place, lockedPackage(place, entry)]),
  );
}

const parsed = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

const textIn = (value: unknown, key: string): string | null => {
  const found = member(value, key);
  return typeof found === 'string' ? found : null;
};

const lockedPackage = (place: string, entry: unknown): LockedPackage => ({
  place,
  name: textIn(entry, 'name') ?? place.split('node_modules/').at(-1) ?? place,
  version: textIn(entry, 'version') ?? '',
  resolved: textIn(entry, 'resolved'),
  integrity: textIn(entry, 'integrity'),
  licence: textIn(entry, 'license'),
});
