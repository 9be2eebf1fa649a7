import { describe, expect, it } from 'vitest';
import { coverageIn, reportsIn } from '../../../src/agents/contributor/coverage.ts';
import { ok, refuse } from '../../../src/domain/result.ts';
import type { ReviewedFile } from '../../../src/domain/review/change.ts';
import {
  coverageOfChange,
  readChangedCoverage,
  readCoverage,
} from '../../../src/domain/review/coverage.ts';
import { dependencyChanges } from '../../../src/domain/review/dependencies.ts';
import { sensitivityOf } from '../../../src/domain/review/kinds-of-path.ts';
import { riskOf, type RiskFacts } from '../../../src/domain/review/risk.ts';
import { chunksOf, FILES_READ, select } from '../../../src/domain/review/selection.ts';
import { adding, noFacts } from '../../support/reviewed.ts';

const file = (path: string, more: Partial<ReviewedFile> = {}) => ({
  ...adding(path, ['x']),
  ...more,
});
const test = file('test/a.test.ts');
const risk = (files: RiskFacts['files'], more: Partial<RiskFacts> = {}) =>
  riskOf({ ...noFacts, files, ...more });

describe('the risk of a change is measured', () => {
  const coverage = { source: 'lcov.info', lines: 10, covered: 2, missed: [] };
  const churn = { commits: 100, touched: new Map([['src/a.ts', 30]]) };
  const dependency = {
    path: 'package.json',
    name: 'left-pad',
    change: 'added',
    before: null,
    after: '1.0.0',
    licence: { name: 'GPL-3.0', fits: false },
  } as const;

  it.for([
    ['a small change with its test', [file('src/a.ts'), test], {}, 'low', []],
    ['documentation only', [file('README.md')], {}, 'low', []],
    ['source without a test', [file('src/a.ts')], {}, 'medium', ['no test did']],
    ['source that only went', [file('src/a.ts', { additions: 0, deletions: 9 })], {}, 'low', []],
    [
      'a test taken away',
      [file('test/a.test.ts', { status: 'removed' })],
      {},
      'medium',
      ['a test'],
    ],
    ['a dependency', [file('package-lock.json')], {}, 'medium', ['depends on']],
    [
      'a dependency under another licence',
      [file('package.json')],
      { dependencies: [dependency] },
      'high',
      ['licence to look at: left-pad (GPL-3.0)'],
    ],
    [
      'a binary',
      [file('logo.png', { binary: true, left_out: 'binary' })],
      {},
      'medium',
      ['binary'],
    ],
    ['many lines', [file('README.md', { additions: 900 })], {}, 'medium', ['900 lines']],
    [
      'many lines of a lock file',
      [file('docs/a.md'), file('dist/a.min.js', { additions: 9_000 })],
      {},
      'low',
      [],
    ],
    [
      'hidden characters',
      [adding('README.md', ['a\u202Eb'])],
      {},
      'medium',
      ['README.md:1: hidden'],
    ],
    [
      'who may do what',
      [file('src/auth/session.ts'), test],
      {},
      'medium',
      ['about who may do what'],
    ],
    ['a link', [file('a', { new_mode: '120000' })], {}, 'medium', ['becomes a symbolic link']],
    [
      'a failing check',
      [file('README.md')],
      { checks: [{ name: 'ci', conclusion: 'failure' }] },
      'medium',
      ['failing: ci'],
    ],
    [
      'a running check',
      [file('README.md')],
      { checks: [{ name: 'ci', conclusion: null }] },
      'low',
      [],
    ],
    [
      'lines no test runs',
      [file('src/a.ts'), test],
      { coverage },
      'medium',
      ['2 of 10 changed lines'],
    ],
    [
      'a file that changes all the time',
      [file('src/a.ts'), test],
      { churn },
      'low',
      ['changed often'],
    ],
    ['what was not read', [file('a.txt', { left_out: '9000 lines' })], {}, 'medium', ['not read']],
    ['the licence', [file('LICENSE')], {}, 'medium', ['LICENSE']],
    ['a protected path', [file('.github/workflows/ci.yml')], {}, 'high', ['protected path']],
    [
      'a secret',
      [file('README.md')],
      { secrets: [{ path: 'README.md', line: 1, rule: 'GitHub token' }] },
      'high',
      ['looks like a secret: README.md:1 (GitHub token)'],
    ],
  ] as const)('%s', ([, files, facts, level, words]) => {
    const found = risk(files, facts);
    expect(found.level).toBe(level);
    expect(found.reasons.map(({ text }) => text)).toEqual(
      expect.arrayContaining(words.map((word) => expect.stringContaining(word))),
    );
    expect(found.reasons.length === 0).toBe(words.length === 0);
  });

  it('the heaviest reason comes first, ten of a kind are one, and a hundred is the most', () => {
    const many = Array.from({ length: 10 }, (_, n) => file(`.github/workflows/${n}.yml`));
    const { score, reasons } = risk([file('src/auth/a.ts'), file('src/crypto/b.ts'), ...many]);
    expect(score).toBe(100);
    expect(reasons[0]?.text).toContain('.github/workflows/2.yml, 7 more are protected paths');
  });
});

describe('a path tells where a fault is dear', () => {
  it.for([
    ['src/auth/token.ts', 'who may do what'],
    ['lib/userPermissions.rb', 'who may do what'],
    ['src/crypto/hash.go', 'keys or cryptography'],
    ['billing/invoice.py', 'money'],
    ['db/migrations/004.sql', 'the shape of stored data'],
    ['src/authors.ts', null],
    ['src/keyboard.ts', null],
    ['docs/auth.md', null],
    ['test/auth.test.ts', null],
  ] as const)('%s: %s', ([path, what]) => {
    expect(sensitivityOf(path)).toBe(what);
  });
});

describe('coverage of the changed lines', () => {
  const change = [adding('src/a.ts', ['one', 'two', 'three'])];
  const lcov = 'TN:\nSF:/build/repo/src/a.ts\nDA:1,4\nDA:2,0\nDA:40,0\nend_of_record\n';
  const cobertura =
    '<?xml version="1.0"?><coverage line-rate="1"><classes><class name="a" filename="src/a.ts"><lines>' +
    '<line number="1" hits="4"/><line number="2" hits="0"/></lines></class></classes></coverage>';

  it.for([
    ['lcov', lcov],
    ['Cobertura', cobertura],
  ] as const)('is read from %s, and only of what changed', ([, text]) => {
    const report = readCoverage(text);
    expect(report && coverageOfChange(change, report, 'report')).toEqual({
      source: 'report',
      lines: 2,
      covered: 1,
      missed: [{ path: 'src/a.ts', lines: [2] }],
    });
  });

  it.for([
    ['nothing that is a report', 'hello'],
    ['another file', lcov.replaceAll('src/a.ts', 'src/b.ts')],
    ['two files of that name', lcov + lcov.replace('/build/repo', '/other')],
  ] as const)('is not told from %s', ([, text]) => {
    const report = readCoverage(text);
    expect(report && coverageOfChange(change, report, 'report')).toBeNull();
  });
});

describe('the report that steps leave', () => {
  const change = [
    { path: 'src/a.ts', status: 'added' as const, additions: 2, deletions: 0, binary: false },
  ];
  const patch = 'diff --git a/src/a.ts b/src/a.ts\n@@ -0,0 +1,2 @@\n+one\n+two\n';
  const lcov = 'SF:src/a.ts\nDA:1,1\nDA:2,0\n';
  const checkout = (files: Readonly<Record<string, string>>) => ({
    read: async (path: string) => {
      const text = files[path];
      return text === undefined
        ? refuse('workspace.no_file', path)
        : ok({ from: 1, to: 1, total_lines: 1, text });
    },
  });
  const told = async (
    before: Readonly<Record<string, string>>,
    after: Readonly<Record<string, string>>,
  ) => coverageIn(checkout(after), await reportsIn(checkout(before)), change, patch);

  it('is read in a fresh checkout, about the lines of the change', async () => {
    const found = await told({}, { 'coverage/lcov.info': lcov });
    expect(found).toMatchObject({ source: 'coverage/lcov.info', lines: 2, covered: 1 });
  });

  it.for([
    ['committed, it is of another time', { 'lcov.info': lcov }, { 'lcov.info': lcov }],
    ['of another kind, it is none', {}, { 'lcov.info': 'hello' }],
    ['of other files, it says nothing', {}, { 'lcov.info': lcov.replace('a.ts', 'b.ts') }],
    ['not there', {}, {}],
  ] as const)('%s', async ([, before, after]) => {
    expect(await told(before, after)).toBeNull();
  });

  it('is read back from the history as it was written', async () => {
    const found = await told({}, { 'lcov.info': lcov });
    expect(readChangedCoverage(JSON.parse(JSON.stringify(found)))).toEqual(found);
    expect(readChangedCoverage({ source: 'x', lines: '2' })).toBeNull();
  });
});

describe('what a project depends on, before and after', () => {
  const packageJson = (dependencies: object) => JSON.stringify({ dependencies });
  const lock = (packages: object) => JSON.stringify({ packages });

  it.for([
    [
      'package.json',
      packageJson({ a: '1', b: '1', c: '1' }),
      packageJson({ a: '1', b: '2', d: '3' }),
    ],
    ['requirements.txt', 'a==1\nb==1\nc==1\n', 'a==1\nb==2\n# note\nd==3 ; python_version > "3"\n'],
    [
      'Cargo.toml',
      '[dependencies]\na = "1"\nb = "1"\nc = "1"\n',
      '[package]\nname = "x"\n[dev-dependencies]\na = "1"\nb = "2"\nd = "3"\n',
    ],
    [
      'go.mod',
      'require (\n\tx.org/a v1\n\tx.org/b v1\n\tx.org/c v1\n)\n',
      'require (\n\tx.org/a v1\n\tx.org/b v2\n)\nrequire x.org/d v3\n',
    ],
  ] as const)('%s', ([path, before, after]) => {
    const found = dependencyChanges([{ path, before, after }]);
    expect(found.map(({ name, change }) => `${name.split('/').at(-1)} ${change}`)).toEqual([
      'b changed',
      'c removed',
      'd added',
    ]);
  });

  it('what comes in is told with the licence the lock file names, and so is what comes in with it', () => {
    const entry = (license?: string) => ({
      version: '1.0.0',
      ...(license === undefined ? {} : { license }),
    });
    const found = dependencyChanges([
      { path: 'package.json', before: '{}', after: packageJson({ a: '1', old: '1' }) },
      {
        path: 'package-lock.json',
        before: lock({ 'node_modules/old': entry('GPL-3.0') }),
        after: lock({
          '': {},
          'node_modules/old': entry('GPL-3.0'),
          'node_modules/a': entry('(MIT OR GPL-3.0)'),
          'node_modules/a/node_modules/b': entry('MIT AND GPL-3.0'),
          'node_modules/c': entry(),
          'node_modules/d': entry('ISC'),
        }),
      },
    ]);
    expect(found.map(({ name, licence }) => [name, licence?.fits ?? null])).toEqual([
      ['a', true],
      ['old', null],
      ['b', false],
      ['c', false],
    ]);
  });

  it.for(['', 'not JSON', '[]', '{"dependencies":[1]}', '{"packages":{"x":1}}'])(
    '%s breaks nothing',
    (text) => {
      const paths = [
        'package.json',
        'package-lock.json',
        'requirements.txt',
        'Cargo.toml',
        'go.mod',
      ];
      const manifests = paths.map((path) => ({ path, before: null, after: text }));
      expect(() => dependencyChanges(manifests)).not.toThrow();
    },
  );
});

describe('what is read of a large change', () => {
  it('where a fault costs most comes first; what no person wrote is left out and said', () => {
    const { read, left_out } = select([
      file('README.md'),
      file('test/a.test.ts'),
      file('src/b.ts'),
      file('src/auth/a.ts'),
      file('yarn.lock'),
      file('dist/a.js'),
      file('big.csv', { additions: 5_000 }),
      file('logo.png', { binary: true }),
      file('sub', { new_mode: '160000' }),
    ]);
    expect(read.map(({ path }) => path)).toEqual([
      'src/auth/a.ts',
      'src/b.ts',
      'test/a.test.ts',
      'README.md',
    ]);
    expect(left_out.map(({ because }) => because)).toEqual([
      'a lock file',
      'made by a program',
      '5000 lines',
      'binary',
      'a submodule',
    ]);
  });

  it('files beyond the most are left out and said', () => {
    const { read, left_out } = select(
      Array.from({ length: FILES_READ + 3 }, (_, n) => file(`f${n}`)),
    );
    expect([read.length, left_out.length]).toEqual([FILES_READ, 3]);
  });

  it('goes in pieces that fit; what fits nowhere is left out', () => {
    const pieces = ['aaaa', 'bb', 'ccccc', 'dddddddddddd', 'e'].map((text) => ({ text }));
    const { chunks, left_out } = chunksOf(pieces, { characters: 6, chunks: 2 });
    expect(chunks.map((chunk) => chunk.map(({ text }) => text).join('+'))).toEqual([
      'aaaa+bb',
      'ccccc+e',
    ]);
    expect(left_out.map(({ text }) => text)).toEqual(['dddddddddddd']);
  });
});
