import { describe, expect, it } from 'vitest';
import type { Contribution, WholeText } from '../../../src/domain/contribution/contribution.ts';
import { passGates, readWhole } from '../../../src/domain/contribution/gates/gates.ts';

const patchOf = (path: string, lines: readonly string[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');

const file = (
  path: string,
  more: Partial<Contribution['files'][number]> = {},
): Contribution['files'][number] => ({
  path,
  status: 'modified',
  additions: 1,
  deletions: 0,
  binary: false,
  ...more,
});

const change = (given: Partial<Contribution>): Contribution => ({
  files: [file('a.txt')],
  patch: '',
  texts: new Map(),
  ...given,
});

const faultsOf = (given: Partial<Contribution>) => passGates(change(given)).faults.join('\n');

const written = (path: string, ...lines: readonly string[]): Partial<Contribution> => ({
  files: [file(path)],
  patch: patchOf(path, lines),
});

const whole = (path: string, before: string | null, after: string | null) => ({
  files: [file(path)],
  texts: new Map<string, WholeText>([[path, { before, after }]]),
});

describe('a contribution does not pass with', () => {
  it.for<readonly [what: string, given: Partial<Contribution>, fault: string]>([
    ['no change', { files: [] }, 'nothing was changed'],
    ['a policy', { files: [file('policies/default.yml')] }, 'protected path'],
    ['a workflow, however spelled', { files: [file('.GitHub/workflows/ci.yml')] }, 'protected'],
    ["another agent's instructions", { files: [file('docs/.cursor/rules.md')] }, 'protected'],
    ['a git hook by way of husky', { files: [file('.husky/pre-commit')] }, 'protected'],
    ['41 files', { files: Array.from({ length: 41 }, (_, i) => file(`${i}.ts`)) }, '41 files'],
    ['2,001 lines', { files: [file('a.ts', { additions: 2_001 })] }, '2001 lines changed'],
    ['one line of 2 MB', { patch: 'x'.repeat(2_000_001) }, 'characters of patch'],
    ['a binary', { files: [file('a.png', { binary: true })] }, 'binary'],
    ['a secret', written('a.ts', `const t = 'ghp_${'aB3xY9kQ7mZ2'.repeat(3)}';`), 'secret'],
    ['what does not show', written('a.ts', 'if (a \u202E) {'), 'hidden characters'],
    ['a changed licence', { files: [file('LICENSE')] }, 'not an agent'],
    ['a removed one', { files: [file('pkg/COPYING', { status: 'removed' })] }, 'not an agent'],
    ['a first one', { files: [file('licence.md', { status: 'added' })] }, 'not an agent'],
    ['a copyleft header', written('a.c', '/* SPDX-License-Identifier: GPL-3.0-only */'), 'GPL-3.0'],
    ['a copied licence text', written('a.c', ' * the GNU Affero General Public License'), 'AGPL'],
    [
      'an edit of what Git LFS keeps',
      whole('m.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n', 'x\n'),
      'Git LFS',
    ],
  ])('%s', ([, given, fault]) => {
    expect(faultsOf(given)).toContain(fault);
  });

  it('several faults names them all', () => {
    const { faults } = passGates(
      change({ files: [file('policies/a.yml'), file('b.png', { binary: true })] }),
    );
    expect(faults).toHaveLength(2);
  });
});

describe('a contribution passes with', () => {
  it.for<readonly [what: string, given: Partial<Contribution>]>([
    ['an ordinary change', {}],
    ['2,000 lines', { files: [file('a.ts', { additions: 2_000 })] }],
    ['a long lock file', { files: [file('package-lock.json', { additions: 9_000 })] }],
    ['a binary taken out', { files: [file('a.png', { binary: true, status: 'removed' })] }],
    ['a permissive header', written('a.c', '// SPDX-License-Identifier: MIT OR GPL-2.0-only')],
    ['words about licences', written('README.md', 'We do not use the GNU General Public License.')],
    [
      "the project's own header, though it is copyleft",
      {
        ...written('a.c', '// SPDX-License-Identifier: GPL-3.0-or-later'),
        texts: new Map([['COPYING', { before: 'GNU GENERAL PUBLIC LICENSE v3', after: null }]]),
      },
    ],
  ])('%s', ([, given]) => {
    expect(passGates(change(given))).toEqual({ faults: [], flags: [] });
  });
});

const npmLock = (packages: Readonly<Record<string, object>>) =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'own' }, ...packages } });
const entry = (more: object = {}) => ({
  version: '1.0.0',
  resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
  integrity: 'sha512-x',
  license: 'MIT',
  funding: { url: 'https://example.org/give' },
  ...more,
});
const one = (more: object = {}) => npmLock({ 'node_modules/a': entry(more) });

describe('where packages come from', () => {
  it.for<readonly [what: string, path: string, before: string | null, after: string, host: string]>(
    [
      [
        'a package of another host',
        'package-lock.json',
        one(),
        one({ resolved: 'https://evil.example/a/-/a-1.0.0.tgz' }),
        'evil.example',
      ],
      [
        'the usual host, as a user name',
        'package-lock.json',
        one(),
        one({ resolved: 'https://registry.npmjs.org@evil.example/a/-/a-1.0.0.tgz' }),
        'evil.example',
      ],
      [
        'the usual host, unencrypted',
        'package-lock.json',
        null,
        one({ resolved: 'http://registry.npmjs.org/a/-/a-1.0.0.tgz' }),
        'http://registry.npmjs.org',
      ],
      [
        'a lock file that is none',
        'package-lock.json',
        one(),
        '{',
        'somewhere that cannot be read',
      ],
      [
        'a dependency by address',
        'package.json',
        '{}',
        '{"dependencies":{"a":"git+https://evil.example/a.git"}}',
        'evil.example',
      ],
      [
        'a dependency by owner and name',
        'web/package.json',
        '{}',
        '{"devDependencies":{"a":"eve/a"}}',
        'github.com',
      ],
      [
        'an override below an override',
        'package.json',
        '{}',
        '{"overrides":{"a":{"b":"https://evil.example/b.tgz"}}}',
        'evil.example',
      ],
      [
        'yarn',
        'yarn.lock',
        'a@^1:\n  resolved "https://registry.yarnpkg.com/a/-/a-1.tgz"\n',
        'a@^1:\n  resolved "https://evil.example/a.tgz"\n',
        'evil.example',
      ],
      [
        'pnpm',
        'pnpm-lock.yaml',
        '',
        'packages:\n  a@1:\n    resolution: {tarball: https://evil.example/a.tgz}\n',
        'evil.example',
      ],
      ['by ssh', 'yarn.lock', '', '"a@git@evil.example:eve/a.git":\n', 'evil.example'],
      ['a registry of npm', '.npmrc', null, 'registry=https://evil.example/\n', 'evil.example'],
      [
        'poetry',
        'poetry.lock',
        '',
        '[package.source]\ntype = "legacy"\nurl = "https://evil.example/simple"\n',
        'evil.example',
      ],
      [
        'uv',
        'uv.lock',
        '',
        'source = { registry = "https://evil.example/simple" }\n',
        'evil.example',
      ],
      [
        'pip',
        'requirements.txt',
        'a==1\n',
        '--extra-index-url https://evil.example/simple\na==1\n',
        'evil.example',
      ],
      [
        'another index of Cargo',
        'Cargo.lock',
        '',
        'source = "registry+https://github.com/eve/index"\n',
        'github.com',
      ],
      [
        'a module of Go',
        'go.sum',
        'github.com/a/b v1.0.0 h1:x=\n',
        'evil.example/a v1.0.0 h1:x=\n',
        'evil.example',
      ],
      [
        'a module replaced in Go',
        'go.mod',
        '',
        'replace github.com/a/b => evil.example/b v1.0.0\n',
        'evil.example',
      ],
      ['a gem', 'Gemfile.lock', '', 'GEM\n  remote: https://evil.example/\n', 'evil.example'],
      [
        'composer',
        'composer.lock',
        '{}',
        '{"packages":[{"dist":{"url":"https://evil.example/a.zip"}}]}',
        'evil.example',
      ],
    ],
  )('is refused as new: %s', ([, path, before, after, host]) => {
    expect(faultsOf(whole(path, before, after))).toContain(`a new place: ${host}`);
  });

  it.for<readonly [what: string, path: string, before: string | null, after: string]>([
    [
      'the same host again',
      'package-lock.json',
      one({ resolved: 'https://npm.corp.example/a/-/a-1.0.0.tgz' }),
      npmLock({
        'node_modules/b': entry({ resolved: 'https://npm.corp.example/b/-/b-1.0.0.tgz' }),
      }),
    ],
    ["the ecosystem's own", 'package-lock.json', null, one()],
    [
      'a web page about an old package',
      'pnpm-lock.yaml',
      '',
      'packages:\n  a@1.2.3:\n    deprecated: see https://example.org\n',
    ],
    ['versions', 'yarn.lock', '', 'ansi-styles@4.3.0:\n  version "4.3.0"\n'],
    [
      'a workspace of its own',
      'package-lock.json',
      npmLock({}),
      npmLock({ 'node_modules/own': { resolved: 'packages/own', link: true } }),
    ],
    [
      'version ranges',
      'package.json',
      '{}',
      '{"dependencies":{"a":"^1.2.3","b":"npm:c@1","d":"workspace:*","e":">=1 <2 || 3"},"homepage":"https://example.org"}',
    ],
    [
      'crates.io',
      'Cargo.lock',
      '',
      'name = "a"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n',
    ],
    ['a module of GitHub', 'go.mod', '', 'require github.com/a/b v1.0.0\n'],
  ])('is no news: %s', ([, path, before, after]) => {
    expect(faultsOf(whole(path, before, after))).toBe('');
  });
});

describe('a lock file that was edited by hand is found out:', () => {
  it.for<readonly [what: string, path: string, before: string, after: string, fault: string]>([
    [
      'another package under the name',
      'package-lock.json',
      one(),
      one({ resolved: 'https://registry.npmjs.org/evil/-/evil-1.0.0.tgz', integrity: 'sha512-y' }),
      'fetched as another package, evil',
    ],
    [
      'another package of the same scope',
      'package-lock.json',
      npmLock({}),
      npmLock({
        'node_modules/@s/a': entry({ resolved: 'https://registry.npmjs.org/@s%2fb/-/b-1.0.0.tgz' }),
      }),
      'another package, @s/b',
    ],
    [
      'a checksum taken away',
      'package-lock.json',
      one(),
      one({ integrity: undefined }),
      'no checksum',
    ],
    [
      'a checksum changed alone',
      'package-lock.json',
      one(),
      one({ integrity: 'sha512-y' }),
      'its version did not',
    ],
    [
      'a checksum of Go changed alone',
      'go.sum',
      'github.com/a/b v1.0.0 h1:x=\n',
      'github.com/a/b v1.0.0 h1:y=\n',
      'its version did not',
    ],
  ])('%s', ([, path, before, after, fault]) => {
    expect(faultsOf(whole(path, before, after))).toContain(fault);
  });

  it('an honest update is none', () => {
    const newer = {
      version: '1.0.1',
      resolved: 'https://registry.npmjs.org/a/-/a-1.0.1.tgz',
      integrity: 'sha512-z',
    };
    expect(faultsOf(whole('package-lock.json', one(), one(newer)))).toBe('');
    const scoped = npmLock({
      'node_modules/@s/a': entry({ resolved: 'https://npm.corp.example/repo/@s/a/-/a-1.0.0.tgz' }),
    });
    expect(
      faultsOf(
        whole(
          'package-lock.json',
          npmLock({
            'node_modules/x': entry({ resolved: 'https://npm.corp.example/x/-/x-1.tgz' }),
          }),
          scoped,
        ),
      ),
    ).toBe('');
  });
});

describe('the licence of a new package', () => {
  const added = (more: object) =>
    passGates(change(whole('package-lock.json', npmLock({}), one(more))));
  it.for<readonly [licence: string, passes: boolean]>([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND CC-BY-4.0', true],
    ['Apache-2.0 WITH LLVM-exception', true],
    ['GPL-3.0-only', false],
    ['MIT AND GPL-2.0', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['UNLICENSED', false],
    ['(MIT', false],
    ['MIT OR', false],
    ['', false],
  ])('%s: passes %s', ([licence, passes]) => {
    expect(added({ license: licence }).faults.length === 0).toBe(passes);
  });

  it('unknown is for people to look at', () => {
    expect(added({ license: undefined })).toEqual({
      faults: [],
      flags: ['package-lock.json: nobody says under which licence a is'],
    });
    const cargo = passGates(change(whole('Cargo.lock', '', '[[package]]\nname = "a"\n')));
    expect(cargo).toMatchObject({ faults: [], flags: [expect.stringContaining('adds a:')] });
  });

  it("of one that was there is nobody's concern", () => {
    const before = one({ license: 'GPL-3.0' });
    expect(faultsOf(whole('package-lock.json', before, before))).toBe('');
  });
});

it('whole texts are asked for of lock files, of what may be an LFS pointer, and of what says the licence', () => {
  const paths = readWhole([
    file('web/yarn.lock', { additions: 9_000, deletions: 9_000 }),
    file('model.bin', { deletions: 3 }),
    file('src/a.ts', { deletions: 30 }),
    file('new.txt', { status: 'added' }),
  ]);
  expect(paths).toEqual(
    expect.arrayContaining(['web/yarn.lock', 'model.bin', 'package.json', 'LICENSE']),
  );
  expect(paths).not.toContain('src/a.ts');
  expect(paths).not.toContain('new.txt');
});
