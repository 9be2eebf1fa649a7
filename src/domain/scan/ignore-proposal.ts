import type { Ecosystem } from './dependencies.ts';

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const byEcosystem: Readonly<Partial<Record<Ecosystem, Section>>> = {
  npm: {
    title: 'Node.js',
    lines: ['node_modules/', '*.tsbuildinfo', 'npm-debug.log*', 'yarn-error.log', 'coverage/'],
  },
  python: {
    title: 'Python',
    lines: [
      '__pycache__/',
      '*.py[cod]',
      '.venv/',
      'venv/',
      '*.egg-info/',
      '.pytest_cache/',
      '.mypy_cache/',
      '.coverage',
    ],
  },
  cargo: { title: 'Rust', lines: ['target/'] },
  go: { title: 'Go', lines: ['*.test', '*.out'] },
  maven: { title: 'Maven', lines: ['target/', '*.class'] },
  gradle: { title: 'Gradle', lines: ['.gradle/', 'build/', '*.class'] },
  bundler: { title: 'Ruby', lines: ['.bundle/', 'vendor/bundle/', '*.gem'] },
  composer: { title: 'PHP', lines: ['vendor/'] },
  nuget: { title: '.NET', lines: ['bin/', 'obj/', '*.user'] },
};

const byLanguage: Readonly<Record<string, Section>> = {
  C: { title: 'C', lines: ['*.o', '*.a', '*.so'] },
  'C++': { title: 'C++', lines: ['*.o', '*.a', '*.so', 'CMakeFiles/', 'CMakeCache.txt'] },
  Swift: { title: 'Swift', lines: ['.build/', 'xcuserdata/'] },
  TeX: { title: 'TeX', lines: ['*.aux', '*.bbl', '*.synctex.gz'] },
  HCL: { title: 'Terraform', lines: ['.terraform/', '*.tfstate', '*.tfstate.*'] },
  Elixir: { title: 'Elixir', lines: ['_build/', 'deps/'] },
  Haskell: { title: 'Haskell', lines: ['dist-newstyle/', '.stack-work/'] },
};

const everywhere: Section = {
  title: 'Secrets and what a machine leaves',
  lines: ['.env', '.env.local', '.env.*.local', '*.pem', '.DS_Store', 'Thumbs.db', '*.log'],
};

/** Tracked, and made by a program, a machine or a person who meant to keep it private. */
const unwanted: readonly (readonly [pattern: RegExp, ignore: string, what: string])[] = [
  [/(?:^|\/)node_modules\//, 'node_modules/', 'installed packages'],
  [/(?:^|\/)(?:\.venv|venv|site-packages)\//, '.venv/', 'installed packages'],
  [/(?:^|\/)__pycache__\/|\.py[cod]$/, '__pycache__/', 'compiled Python'],
  [
    /(?:^|\/)\.(?:pytest_cache|mypy_cache|gradle|terraform|nyc_output|next|nuxt|turbo|parcel-cache)\//,
    '',
    'a cache',
  ],
  [/\.(?:class|o|obj|pdb|tsbuildinfo)$/, '', 'compiled output'],
  [/(?:^|\/)(?:CMakeCache\.txt|CMakeFiles\/)/, 'CMakeFiles/', 'build output'],
  [/(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/, '', 'what a file manager leaves'],
  [
    /(?:^|\/)[^/]{1,100}\.tfstate(?:\.backup)?$/,
    '*.tfstate',
    'Terraform state, which holds secrets',
  ],
  [/(?:^|\/)\.env(?:\.(?:local|production|prod|staging))?$/, '.env', 'an environment file'],
  [
    /(?:^|\/)(?:npm-debug|yarn-error|yarn-debug)\.log$|(?:^|\/)\.coverage$|(?:^|\/)[^/]{1,100}\.swp$/,
    '',
    'left by a tool',
  ],
  [/(?:^|\/)coverage\/(?:lcov|index\.html|coverage-final)/, 'coverage/', 'a coverage report'],
  [/(?:^|\/)(?:id_rsa|id_dsa|id_ecdsa|id_ed25519)$/, '', 'a private key by its name'],
];

/** Folders that are built where something beside them builds: committed output only where the source is there too. */
const built: readonly (readonly [folder: string, ecosystem: Ecosystem])[] = [
  ['target/', 'cargo'],
  ['target/', 'maven'],
  ['build/', 'gradle'],
  ['bin/', 'nuget'],
  ['obj/', 'nuget'],
  ['dist/', 'npm'],
  ['build/', 'npm'],
];

export interface TrackedUnwanted {
  readonly path: string;
  readonly what: string;
  readonly ignore: string;
}

export function unwantedTracked(
  paths: readonly string[],
  manifests: readonly { readonly path: string; readonly ecosystem: Ecosystem }[],
): readonly TrackedUnwanted[] {
  const outputs = built.flatMap(([folder, ecosystem]) =>
    manifests
      .filter((manifest) => manifest.ecosystem === ecosystem)
      .map(({ path }) => ({ start: path.slice(0, path.lastIndexOf('/') + 1) + folder, folder })),
  );
  const starts = new Map(outputs.map(({ start, folder }) => [start, folder]));
  return paths.flatMap((path) => {
    const known = unwanted.find(([pattern]) => pattern.test(path));
    if (known !== undefined) return [{ path, what: known[2], ignore: known[1] || lastPart(path) }];
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const folder = starts.get(path.slice(0, at + 1));
      if (folder !== undefined) return [{ path, what: 'build output', ignore: folder }];
    }
    return [];
  });
}

const lastPart = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = /\.(?:class|o|obj|pdb|tsbuildinfo|swp)$/.exec(name)?.[0];
  if (ending !== undefined) return `*${ending}`;
  const cache =
    /(?:^|\/)(\.(?:pytest_cache|mypy_cache|gradle|terraform|nyc_output|next|nuxt|turbo|parcel-cache)\/)/.exec(
      path,
    )?.[1];
  return cache ?? name;
};

export interface IgnoreFacts {
  readonly ecosystems: readonly Ecosystem[];
  readonly languages: readonly string[];
  readonly unwanted: readonly TrackedUnwanted[];
  /** The lines of the root's `.gitignore`; empty without one. */
  readonly present: readonly string[];
}

/** Lines to add to `.gitignore`, with headings; empty where nothing is missing. */
export function proposedIgnore({
  ecosystems,
  languages,
  unwanted,
  present,
}: IgnoreFacts): readonly string[] {
  const said = new Set(present.map(plainPattern));
  const sections: readonly Section[] = [
    ...ecosystems.flatMap((ecosystem) => byEcosystem[ecosystem] ?? []),
    ...languages.flatMap((language) => byLanguage[language] ?? []),
    { title: 'Tracked here, and better not', lines: unwanted.map(({ ignore }) => ignore) },
    everywhere,
  ];
  return sections.flatMap(({ title, lines }) => {
    const missing = lines.filter((line) => {
      const plain = plainPattern(line);
      const isNew = !said.has(plain) && !impliedBy(plain, said);
      said.add(plain);
      return isNew;
    });
    return missing.length === 0 ? [] : [`# ${title}`, ...missing, ''];
  });
}

/** `/node_modules/` and `**\/node_modules` mean what `node_modules` means, near enough to say nothing twice. */
const plainPattern = (line: string): string =>
  line
    .trim()
    .replace(/^\*\*\//, '')
    .replace(/^\//, '')
    .replace(/\/\*{0,2}$/, '');

const impliedBy = (plain: string, said: ReadonlySet<string>): boolean =>
  (plain.startsWith('.env.') && (said.has('.env*') || said.has('.env.*'))) ||
  (plain === '.env' && said.has('.env*')) ||
  (plain.endsWith('.log*') && said.has('*.log')) ||
  (plain.endsWith('.log') && said.has('*.log'));
