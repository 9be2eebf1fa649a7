/** What a path tells of its file, without a look inside. */

const nameOf = (path: string): string => path.toLowerCase().split('/').at(-1) ?? '';

const lockNames = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'poetry.lock',
  'uv.lock',
  'pipfile.lock',
  'go.sum',
  'cargo.lock',
  'gemfile.lock',
  'composer.lock',
]);

const manifestNames = new Set([
  'package.json',
  '.npmrc',
  'requirements.txt',
  'pyproject.toml',
  'pipfile',
  'setup.py',
  'go.mod',
  'cargo.toml',
  'gemfile',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'composer.json',
  'dockerfile',
]);

export const isLockFile = (path: string): boolean => lockNames.has(nameOf(path));

export const isDependencyFile = (path: string): boolean =>
  manifestNames.has(nameOf(path)) || isLockFile(path);

export const isTestFile = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|specs?)\//i.test(path) ||
  /[._-](?:test|spec)s?\.[a-z]+$/i.test(path) ||
  /(?:^|\/)test_[^/]+\.py$/i.test(path);

export const isSourceFile = (path: string): boolean =>
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|cs|php|c|cc|cpp|h|hpp|swift|sh|scala|vue|svelte)$/i.test(
    path,
  ) && !isTestFile(path);

export const isLicenceFile = (path: string): boolean =>
  /^(?:licen[cs]e|copying|notice)(?:[.-][a-z0-9.]+)?$/.test(nameOf(path));

/** Made by a program from something else that is reviewed. */
export const isGenerated = (path: string): boolean =>
  /(?:^|\/)(?:dist|node_modules|vendor|third_party|__snapshots__)\//.test(path) ||
  /\.(?:min\.(?:js|css)|map|snap)$/.test(path) ||
  /(?:\.pb\.(?:go|cc|h)|_pb2\.py|\.generated\.[a-z]+)$/.test(path);

const sensitive: readonly { readonly what: string; readonly words: RegExp }[] = [
  {
    what: 'who may do what',
    words:
      /(?:^|[/._-])(?:auth(?:n|z|enticat[a-z]*|ori[sz][a-z]*)?|login|logon|sessions?|permissions?|acl|rbac|roles?|oauth|sso|saml|jwt|passw[a-z]*)(?=[/._-]|$)/,
  },
  {
    what: 'keys or cryptography',
    words:
      /(?:^|[/._-])(?:crypto[a-z]*|ciphers?|encrypt[a-z]*|signatures?|signing|secrets?|keys?|tls|certs?|certificates?)(?=[/._-]|$)/,
  },
  {
    what: 'money',
    words: /(?:^|[/._-])(?:payments?|billing|invoices?|checkout|pricing)(?=[/._-]|$)/,
  },
  {
    what: 'the shape of stored data',
    words: /(?:^|[/._-])migrations?(?=[/._-]|$)|\.sql$/,
  },
];

/** What goes wrong dearly there; null: nothing the path tells of. Tests and pages about it are not it. */
export const sensitivityOf = (path: string): string | null =>
  isTestFile(path) || /\.(?:md|txt|rst)$/i.test(path)
    ? null
    : (sensitive.find(({ words }) =>
        words.test(path.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()),
      )?.what ?? null);
