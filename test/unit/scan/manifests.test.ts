import { describe, expect, it } from 'vitest';
import { manifests } from '../../../src/adapters/scan/manifests/manifests.ts';
import { summariseDependencies } from '../../../src/domain/scan/dependencies.ts';

const lines = (...all: readonly string[]) => all.join('\n');
const sha = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';

const asked = (path: string, text: string) =>
  manifests.read(path, text).flatMap((read) => {
    if (read.kind !== 'manifest') return [read.kind];
    return read.dependencies.map(
      ({ name, wanted, pinned }) => `${name} ${wanted}${pinned ? ' pinned' : ''}`,
    );
  });

describe('what a manifest asks for is read', () => {
  it.for([
    [
      'package.json',
      '{"dependencies":{"a":"^1.0.0","b":"1.2.3"},"devDependencies":{"c":"latest"}}',
      ['a ^1.0.0', 'b 1.2.3 pinned', 'c latest'],
    ],
    [
      'requirements.txt',
      lines('# x', '-r base.txt', 'Flask_Login==1.0 ; python_version > "3"', 'b>=2,<3', 'c'),
      ['flask-login ==1.0 pinned', 'b >=2,<3', 'c '],
    ],
    [
      'pyproject.toml',
      lines(
        '[project]',
        'dependencies = ["httpx[http2]>=0.27"]',
        '[tool.poetry.dependencies]',
        'python = "^3.12"',
        'rich = "13.7.0"',
        'attrs = { version = "^23" }',
      ),
      ['httpx >=0.27', 'rich 13.7.0 pinned', 'attrs ^23'],
    ],
    ['Pipfile', lines('[packages]', 'a = "*"', 'b = "==1.0"'), ['a *', 'b ==1.0 pinned']],
    [
      'Cargo.toml',
      lines(
        '[dependencies]',
        'serde = "1.0"',
        'own = { path = "../own" }',
        '[dev-dependencies]',
        'x = { version = "=2.0.0" }',
      ),
      ['serde 1.0', 'own ../own pinned', 'x =2.0.0 pinned'],
    ],
    [
      'go.mod',
      lines(
        'module a.b/c',
        'go 1.23',
        'require (',
        '\tgithub.com/a/b v1.2.3',
        '\tgithub.com/c/d v0.1.0 // indirect',
        ')',
        'require x.y/z v2.0.0',
      ),
      ['github.com/a/b v1.2.3 pinned', 'x.y/z v2.0.0 pinned'],
    ],
    [
      'pom.xml',
      '<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>[1,2)</version></dependency></dependencies></project>',
      ['g:a [1,2)'],
    ],
    [
      'app/build.gradle.kts',
      lines(
        'dependencies {',
        '    implementation("g.h:a:1.0")',
        "    testImplementation 'g.h:b:1.+'",
        '}',
      ),
      ['g.h:a 1.0 pinned', 'g.h:b 1.+'],
    ],
    [
      'Gemfile',
      lines("gem 'rails', '~> 7.1'", "gem 'puma', '6.0.0'"),
      ['rails ~> 7.1', 'puma 6.0.0 pinned'],
    ],
    [
      'composer.json',
      '{"require":{"php":">=8","a/b":"^1"},"require-dev":{"c/d":"1.0.0"}}',
      ['a/b ^1', 'c/d 1.0.0 pinned'],
    ],
    ['src/App.csproj', '<PackageReference Include="A.B" Version="1.*" />', ['A.B 1.*']],
    [
      '.github/workflows/ci.yml',
      lines(
        'jobs:',
        '  a:',
        '    steps:',
        '      - uses: actions/checkout@v4',
        `      - uses: a/b/c@${sha}`,
        '      - uses: ./own',
        '  b:',
        '    uses: a/d/.github/workflows/x.yml@main',
      ),
      ['a/d/.github/workflows/x.yml main', 'actions/checkout v4', `a/b/c ${sha} pinned`],
    ],
    [
      'Dockerfile',
      lines(
        'FROM node:24-slim AS build',
        'RUN x',
        `FROM --platform=linux/amd64 gcr.io/a/b@sha256:${'ab'.repeat(32)}`,
        'FROM build',
      ),
      ['node 24-slim', `gcr.io/a/b sha256:${'ab'.repeat(32)} pinned`],
    ],
  ] as const)('%s', ([path, text, wanted]) => {
    expect(asked(path, text).toSorted()).toEqual([...wanted].toSorted());
  });
});

const locked = (path: string, text: string) =>
  manifests
    .read(path, text)
    .flatMap((read) => (read.kind === 'lock' ? (read.packages ?? []) : []))
    .map(({ name, version, needs }) => `${name} ${version} → ${needs.join(' ')}`);

describe('what a lock file holds is read, and who needs whom', () => {
  it.for([
    [
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': {},
          'node_modules/a': { version: '1.0.0', dependencies: { b: '^1' } },
          'node_modules/b': { version: '1.1.0' },
          'node_modules/a/node_modules/b': { version: '1.0.5' },
        },
      }),
      ['a 1.0.0 → node_modules/a/node_modules/b', 'b 1.1.0 → ', 'b 1.0.5 → '],
    ],
    [
      'package-lock.json',
      JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          a: { version: '1.0.0', requires: { b: '^1' }, dependencies: { b: { version: '1.0.5' } } },
        },
      }),
      ['a 1.0.0 → node_modules/a/node_modules/b', 'b 1.0.5 → '],
    ],
    [
      'yarn.lock',
      lines(
        '# yarn lockfile v1',
        '',
        '"@s/a@^1.0.0", "@s/a@^1.1.0":',
        '  version "1.2.0"',
        '  dependencies:',
        '    b "^2"',
        '',
        'b@^2:',
        '  version "2.0.1"',
        '',
      ),
      ['@s/a 1.2.0 → b@2.0.1', 'b 2.0.1 → '],
    ],
    [
      'yarn.lock',
      lines(
        '__metadata:',
        '  version: 8',
        '"a@npm:^1":',
        '  version: 1.0.0',
        '  dependencies:',
        '    b: "npm:^2"',
        '"b@npm:^2":',
        '  version: 2.0.0',
      ),
      ['a 1.0.0 → b@2.0.0', 'b 2.0.0 → '],
    ],
    [
      'pnpm-lock.yaml',
      lines(
        "lockfileVersion: '9.0'",
        'snapshots:',
        "  '@s/a@1.0.0(b@2.0.0)':",
        '    dependencies:',
        '      b: 2.0.0',
        '  b@2.0.0: {}',
      ),
      ['@s/a 1.0.0 → b@2.0.0', 'b 2.0.0 → '],
    ],
    [
      'poetry.lock',
      lines(
        '[[package]]',
        'name = "A_b"',
        'version = "1.0"',
        '[package.dependencies]',
        'c = ">=1"',
        '[[package]]',
        'name = "c"',
        'version = "2.0"',
      ),
      ['a-b 1.0 → c@2.0', 'c 2.0 → '],
    ],
    [
      'uv.lock',
      lines(
        '[[package]]',
        'name = "own"',
        'version = "0"',
        'source = { editable = "." }',
        '[[package]]',
        'name = "a"',
        'version = "1.0"',
        'dependencies = [{ name = "c" }]',
        '[[package]]',
        'name = "c"',
        'version = "2.0"',
      ),
      ['a 1.0 → c@2.0', 'c 2.0 → '],
    ],
    [
      'Cargo.lock',
      lines(
        '[[package]]',
        'name = "own"',
        'version = "0.1.0"',
        '[[package]]',
        'name = "a"',
        'version = "1.0.0"',
        'source = "registry+x"',
        'dependencies = ["b 2.0.0"]',
        '[[package]]',
        'name = "b"',
        'version = "2.0.0"',
        'source = "registry+x"',
      ),
      ['a 1.0.0 → b@2.0.0', 'b 2.0.0 → '],
    ],
    [
      'go.sum',
      lines('github.com/a/b v1.2.3 h1:x=', 'github.com/a/b v1.2.3/go.mod h1:y='),
      ['github.com/a/b v1.2.3 → '],
    ],
    [
      'Gemfile.lock',
      lines(
        'GEM',
        '  specs:',
        '    a (1.0)',
        '      b (>= 1)',
        '    b (2.0)',
        '',
        'DEPENDENCIES',
        '  a',
      ),
      ['a 1.0 → b@2.0', 'b 2.0 → '],
    ],
    [
      'composer.lock',
      '{"packages":[{"name":"a/b","version":"1.0","require":{"php":"8","c/d":"1"}},{"name":"c/d","version":"2.0"}]}',
      ['a/b 1.0 → c/d@2.0', 'c/d 2.0 → '],
    ],
  ] as const)('%s', ([path, text, wanted]) => {
    expect(locked(path, text)).toEqual(wanted);
  });

  it('and one that cannot be read says so without quoting it', () => {
    const [read] = manifests.read('package.json', '{"token": "hunter2hunter2",,}');
    expect(read).toEqual({ kind: 'unread', path: 'package.json', why: 'not valid JSON' });
  });

  it.for([
    'package.json',
    'pyproject.toml',
    'Cargo.lock',
    'pnpm-lock.yaml',
    '.github/workflows/a.yml',
    'yarn.lock',
    'Gemfile.lock',
  ])('%s of another shape is no fault', (path) => {
    for (const text of [
      '',
      '[]',
      '{}',
      'null',
      '"a"',
      '{"dependencies":[1,{"a":null}],"packages":{"node_modules/a":7}}',
    ])
      expect(manifests.read(path, text)).toHaveLength(1);
  });
});

describe('the summary tells', () => {
  const npm = (path: string, text: string) => manifests.read(path, text);
  const manifest = npm('package.json', '{"dependencies":{"a":"^1"}}');
  const lock = npm(
    'package-lock.json',
    '{"packages":{"node_modules/a":{"version":"1.0.0","dependencies":{"b":"1"}},"node_modules/b":{"version":"1.0.0"}}}',
  );
  const below = npm('packages/x/package.json', '{"dependencies":{"c":"*"}}');
  const summary = (...read: readonly ReturnType<typeof npm>[]) =>
    summariseDependencies(
      read.flat().filter((one) => one.kind === 'manifest'),
      read.flat().filter((one) => one.kind === 'lock'),
    )[0];

  it('what is direct and what only follows', () => {
    expect(summary(manifest, lock)).toMatchObject({
      direct: 1,
      transitive: 1,
      edges: 1,
      unpinned: [],
      unlocked: [],
    });
  });

  it('what a fresh install may resolve otherwise, where no lock is over it', () => {
    expect(summary(manifest)).toMatchObject({
      transitive: null,
      unpinned: [{ path: 'package.json', name: 'a', wanted: '^1' }],
      unlocked: ['package.json'],
    });
  });

  it('that a lock above speaks for what lies below, and not the other way round', () => {
    expect(summary(below, lock)?.unlocked).toEqual([]);
    expect(summary(manifest, npm('packages/x/yarn.lock', ''))?.unlocked).toEqual(['package.json']);
  });
});
