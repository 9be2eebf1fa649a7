/** Where a file says packages come from: a host, or a scheme and a host where that is not encrypted. */
type Sources = (text: string) => ReadonlySet<string>;

interface SourceList {
  /** Hosts that need no introduction: the ecosystem's own. */
  readonly usual: readonly string[];
  readonly sources: Sources;
}

/** What could not be read as an address stands for itself, so that it is news. */
function hostOf(address: string): string {
  try {
    const { protocol, host } = new URL(
      address.replace(/^(?:git|registry|sparse|direct|url)\+/i, ''),
    );
    const encrypted = ['https:', 'ssh:'].includes(protocol);
    return encrypted ? host.toLowerCase() : `${protocol}//${host.toLowerCase()}`;
  } catch {
    return address.slice(0, 100);
  }
}

const addresses = (text: string): ReadonlySet<string> =>
  new Set([
    ...[...text.matchAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>,;)}\]]+/gi)].map(([found]) =>
      hostOf(found),
    ),
    ...[...text.matchAll(/(?<![\w/.:])[\w.-]+@([\w-]+(?:\.[\w-]+)*\.[a-z]{2,}):(?!\/\/)/gi)].map(
      ([, host]) => (host ?? '').toLowerCase(),
    ),
  ]);

const linesThat =
  (pattern: RegExp): Sources =>
  (text) =>
    addresses(
      text
        .split('\n')
        .filter((line) => pattern.test(line))
        .join('\n'),
    );

const shorthand: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};

/** A dependency of package.json that is none of a registry's: an address, `github:a/b`, or `a/b`. */
function npmSpecifier(specifier: string): readonly string[] {
  const [, host] = /^(github|gitlab|bitbucket|gist):/.exec(specifier) ?? [];
  if (host !== undefined) return [shorthand[host] ?? host];
  if (/^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(specifier)) return ['github.com'];
  return [...addresses(specifier)];
}

const dependencyTables = /^(?:(?:dev|peer|optional|bundled?)?dependencies|overrides|resolutions)$/i;

/** Of JSON that says it, from the members that do: others, such as `funding` and `homepage`, hold addresses for people. */
const jsonSources =
  (wanted: (key: string, value: string, within: string) => readonly string[]): Sources =>
  (text) => {
    const found = new Set<string>();
    const walk = (value: unknown, key: string, within: string): void => {
      if (typeof value === 'string') for (const host of wanted(key, value, within)) found.add(host);
      else if (Array.isArray(value)) for (const one of value) walk(one, key, within);
      else if (typeof value === 'object' && value !== null)
        for (const [name, one] of Object.entries(value))
          walk(one, name, dependencyTables.test(within) ? within : key);
    };
    try {
      walk(JSON.parse(text), '', '');
    } catch {
      found.add('somewhere that cannot be read, since it is no JSON');
    }
    return found;
  };

const npmLock = jsonSources((key, value, within) =>
  key === 'resolved' || key === 'version'
    ? [...addresses(value)]
    : dependencyTables.test(within)
      ? npmSpecifier(value)
      : [],
);
const packageJson = jsonSources((_key, value, within) =>
  dependencyTables.test(within) ? npmSpecifier(value) : [],
);
const composer = jsonSources((key, value, within) =>
  key === 'url' && ['dist', 'source', 'repositories'].includes(within) ? [...addresses(value)] : [],
);

/** A module's path begins with where it is fetched from. */
const goModules: Sources = (text) =>
  new Set(
    [...text.matchAll(/(?:^|\s|=> )([\w-]+(?:\.[\w-]+)+)(?=\/)/gm)].map(([, host]) =>
      (host ?? '').toLowerCase(),
    ),
  );

const npm = ['registry.npmjs.org', 'registry.yarnpkg.com'];
const python = ['pypi.org', 'files.pythonhosted.org'];
const crates = ['index.crates.io', 'static.crates.io'];
const go = ['github.com', 'golang.org', 'google.golang.org', 'gopkg.in', 'go.uber.org', 'k8s.io'];

/** Cargo names its own registry by the repository of its index; any other repository there is another registry. */
const cargo: Sources = (text) =>
  cargoSources(text.replaceAll('github.com/rust-lang/crates.io-index', 'index.crates.io'));

const cargoSources = linesThat(/^\s*(?:source|git|registry|index)\s*=|\bgit\s*=|\bregistry\s*=/);

const lists: Readonly<Record<string, SourceList>> = {
  'package-lock.json': { usual: npm, sources: npmLock },
  'npm-shrinkwrap.json': { usual: npm, sources: npmLock },
  'package.json': { usual: npm, sources: packageJson },
  'yarn.lock': { usual: npm, sources: addresses },
  // Its warnings about old packages name web pages.
  'pnpm-lock.yaml': { usual: npm, sources: linesThat(/^(?!\s*deprecated:)/) },
  'bun.lock': { usual: npm, sources: addresses },
  '.npmrc': { usual: npm, sources: linesThat(/^(?!\s*[#;])/) },
  '.yarnrc': { usual: npm, sources: linesThat(/^(?!\s*#)/) },
  '.yarnrc.yml': { usual: npm, sources: linesThat(/^(?!\s*#)/) },
  'poetry.lock': { usual: python, sources: linesThat(/^\s*url\s*=/) },
  'uv.lock': { usual: python, sources: addresses },
  'pipfile.lock': { usual: python, sources: addresses },
  'requirements.txt': { usual: python, sources: linesThat(/^(?!\s*#)/) },
  'pip.conf': { usual: python, sources: linesThat(/^(?!\s*[#;])/) },
  'cargo.lock': { usual: crates, sources: cargo },
  'cargo.toml': { usual: crates, sources: cargo },
  'go.sum': { usual: go, sources: goModules },
  'go.mod': { usual: go, sources: goModules },
  'gemfile.lock': { usual: ['rubygems.org'], sources: linesThat(/^\s*remote:/) },
  'composer.lock': { usual: ['api.github.com', 'github.com'], sources: composer },
};

/** Whether a file of that name says where packages come from. */
export const isSourceList = (name: string): boolean => Object.hasOwn(lists, name);

/** The hosts that the file names now and did not before, its ecosystem's own left out. */
export function newHosts(
  name: string,
  before: string | null,
  after: string | null,
): readonly string[] {
  const list = isSourceList(name) ? lists[name] : undefined;
  if (list === undefined || after === null) return [];
  const known = before === null ? new Set<string>() : list.sources(before);
  return [...list.sources(after)]
    .filter((host) => !known.has(host) && !list.usual.includes(host))
    .toSorted();
}
