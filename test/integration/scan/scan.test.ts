import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanFolder, type ScanBounds } from '../../../src/application/tools/scan.ts';
import { createGitleaks } from '../../../src/adapters/scan/gitleaks.ts';
import { openScan } from '../../../src/composition.ts';
import { outcomeOf, type ScanReport } from '../../../src/domain/scan/report.ts';
import { filledSamples } from '../../support/secret-samples.ts';

let folder = '';
const [githubToken = ''] = filledSamples('github-token', 11);
const [privateKey = ''] = filledSamples('private-key', 11);

const files: Readonly<Record<string, string | Uint8Array>> = {
  'README.md': '# A thing\n',
  'package.json': '{"dependencies":{"left":"^1.0.0"}}',
  '.gitattributes': 'lib/** linguist-vendored\n',
  'src/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
  'src/b.ts': "import { a } from './a.ts';\nexport const b = a;\n",
  'src/config.ts': `export const token = '${githubToken}';\n`,
  'lib/far.js': 'far();\n'.repeat(500),
  'key.pem': privateKey,
  'wide.txt': new Uint8Array(Buffer.from(`\uFEFFvalue = ${githubToken}\n`, 'utf16le')),
  'logo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]),
  'node_modules/x/index.js': 'x();\n',
  'odd\u202Ename.txt': 'x\n',
  'untracked.txt': `left = ${githubToken}\n`,
};

const git = (...args: readonly string[]) =>
  execFileSync(
    'git',
    ['-C', join(folder, 'repository'), '-c', 'user.name=a', '-c', 'user.email=a@b', ...args],
    {
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    },
  );

/** Everything about every file that reading must not change. */
const snapshot = (at: string): string =>
  execFileSync('find', [at, '-printf', String.raw`%p %m %s %T@ %C@ %i\n`], { encoding: 'utf8' });

const bounds = (change: Partial<ScanBounds> = {}): ScanBounds => ({
  files: 1_000,
  bytes: 1024 * 1024,
  signal: new AbortController().signal,
  ...change,
});

async function scan(path: string, change: Partial<ScanBounds> = {}): Promise<ScanReport> {
  const opened = await openScan(path);
  return scanFolder(path, opened.folder, opened.tools, bounds(change), () => {});
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-scan-test-'));
  const repository = join(folder, 'repository');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(repository, dirname(path)), { recursive: true });
    await writeFile(join(repository, path), content);
  }
  await writeFile(join(folder, 'outside.txt'), `secret of another = ${githubToken}\n`);
  await symlink('../outside.txt', join(repository, 'out'));
  await symlink('src', join(repository, 'inside'));
  await symlink('/', join(repository, 'root'));
  git('init', '-q');
  git('add', '--all', '--', ':!untracked.txt', ':!root');
  git('commit', '-qm', 'first');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a repository is read', () => {
  let report: ScanReport;
  let before: string;
  beforeAll(async () => {
    before = snapshot(join(folder, 'repository'));
    report = await scan(join(folder, 'repository'));
  });

  it('and nothing in it is changed, git index and all', () => {
    expect(snapshot(join(folder, 'repository'))).toEqual(before);
  });

  it('as far as git tracks it', () => {
    expect(report.source).toBe('git');
    expect(report.secrets.found.map(({ path }) => path)).not.toContain('untracked.txt');
  });

  it('for secrets, whose text is nowhere in the report', () => {
    const places = report.secrets.found.map(({ path, rule }) => [path, rule]);
    expect(places).toEqual(
      expect.arrayContaining([
        ['src/config.ts', 'github-token'],
        ['key.pem', 'private-key'],
        ['wide.txt', 'github-token'],
      ]),
    );
    expect(places).toHaveLength(3);
    expect(outcomeOf(report)).toBe('found');
    const text = JSON.stringify(report);
    for (const secret of [githubToken, githubToken.slice(4, 20), privateKey.slice(40, 70)])
      expect(text).not.toContain(secret);
  });

  it('for a secret that two sets of rules see, once', () => {
    const [found] = report.secrets.found.filter(({ path }) => path === 'src/config.ts');
    expect(found?.by).toEqual(['assent', 'secretlint']);
  });

  it('never through a symlink', () => {
    expect(report.secrets.found.filter(({ path }) => /^(?:out|inside|root)/.test(path))).toEqual(
      [],
    );
    const out = report.hygiene.find(({ id }) => id === 'symlinks-out');
    expect(out?.paths).toEqual(['out']);
  });

  it('for languages, without what is not its own', () => {
    expect(
      report.languages.filter(({ share }) => share !== null).map(({ language }) => language),
    ).toEqual(['TypeScript']);
  });

  it('for cycles among its modules', () => {
    expect(report.modules.cycles).toEqual([['src/a.ts', 'src/b.ts']]);
  });

  it('for what it depends on', () => {
    expect(report.dependencies.ecosystems).toMatchObject([
      { ecosystem: 'npm', direct: 1, unlocked: ['package.json'] },
    ]);
  });

  it('for binaries, and what should not be tracked', () => {
    expect(report.binaries).toEqual([{ path: 'logo.png', bytes: 8, kind: 'PNG image' }]);
    expect(report.gitignore.tracked.map(({ path }) => path)).toEqual(['node_modules/x/index.js']);
    expect(report.gitignore.lines).toContain('node_modules/');
  });

  it('and a part of it is read as that part', async () => {
    const part = await scan(join(folder, 'repository/src'));
    expect(part.source).toBe('git');
    expect(part.secrets.found.map(({ path }) => path)).toEqual(['config.ts']);
  });
});

describe('a hostile repository', () => {
  const hostile = () => join(folder, 'hostile');
  const mark = () => join(folder, 'it-ran');
  beforeAll(async () => {
    const at = hostile();
    await mkdir(join(at, 'real'), { recursive: true });
    await writeFile(join(at, 'real/a.txt'), 'fine\n');
    await writeFile(join(at, 'b.txt'), 'fine\n');
    execFileSync('git', ['-C', at, 'init', '-q']);
    execFileSync('git', ['-C', at, 'add', '--all']);
    const payload = join(folder, 'payload.sh');
    await writeFile(payload, `#!/bin/sh\ntouch ${mark()}\n`);
    await chmod(payload, 0o755);
    for (const [key, value] of [
      ['core.fsmonitor', payload],
      ['core.hooksPath', folder],
      ['filter.x.clean', payload],
      ['filter.x.process', payload],
      ['diff.external', payload],
      ['core.pager', payload],
      ['alias.ls-files', `!${payload}`],
      ['core.worktree', '/etc'],
    ])
      execFileSync('git', ['--git-dir', join(at, '.git'), 'config', key ?? '', value ?? '']);
    await writeFile(join(at, '.gitattributes'), '* filter=x\n');
    // The folder that git knew becomes a way out.
    await rm(join(at, 'real'), { recursive: true });
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere/a.txt'), `token of another = ${githubToken}\n`);
    await symlink('../elsewhere', join(at, 'real'));
    execFileSync('mkfifo', [join(at, 'pipe')]);
  });

  it('runs nothing and leads nowhere', async () => {
    const report = await scan(hostile());
    expect(existsSync(mark())).toBe(false);
    expect(report.secrets.found).toEqual([]);
    expect(report.files).toBe(1);
  });

  it('does not keep a plain walk waiting at a pipe either', async () => {
    await rm(join(hostile(), '.git'), { recursive: true });
    const report = await scan(hostile());
    expect(report.source).toBe('folder');
    expect(report.hygiene.find(({ id }) => id === 'symlinks-out')?.paths).toEqual(['real']);
  });
});

describe('what was not looked at is said, and the answer is not whole', () => {
  it.for([
    ['beyond the number of files', { files: 3 }],
    ['beyond the size of a text', { bytes: 100 }],
    ['beyond the time', { signal: AbortSignal.abort() }],
  ] as const)('%s', async ([, change]) => {
    const plain = join(folder, 'plain');
    await mkdir(plain, { recursive: true });
    for (const name of ['a', 'b', 'c', 'd'])
      await writeFile(join(plain, name), 'word '.repeat(14_000));
    const report = await scan(plain, change);
    expect(report.not_looked_at.length).toBeGreaterThan(0);
    expect(outcomeOf(report)).toBe('unclear');
  });
});

describe('gitleaks, where it is on PATH', () => {
  const program = () => join(folder, 'gitleaks');
  const pretending = async (report: string, help = '  dir    scan folders') => {
    await writeFile(
      program(),
      `#!/bin/sh\n[ "$1" = --help ] && echo '${help}' && exit\necho "$@" > ${folder}/arguments\nwhile [ "$1" != --report-path ]; do shift; done\ncat > "$2" <<'END'\n${report}\nEND\n`,
    );
    await chmod(program(), 0o755);
    return createGitleaks(program());
  };

  it('adds what it found, without its text, by rules of its own and not the folder’s', async () => {
    const finding = {
      RuleID: 'acme-key',
      File: '/r/src/a.ts',
      StartLine: 3,
      StartColumn: 5,
      Secret: 'hunter2',
      Match: 'k=hunter2',
    };
    const answer = await (await pretending(JSON.stringify([finding]))).scan('/r');
    expect(answer.kind === 'found' && [...answer.hits]).toEqual([
      ['src/a.ts', [expect.objectContaining({ rule: 'gitleaks:acme-key', line: 3, column: 5 })]],
    ]);
    expect(JSON.stringify(answer.kind === 'found' && [...answer.hits])).not.toContain('hunter2');
    const given = await readFile(join(folder, 'arguments'), 'utf8');
    expect(given).toMatch(/^dir \/r --gitleaks-ignore-path \S+ --redact=100 --config \S+/);
  });

  it('is asked as Debian’s older one wants to be', async () => {
    const older = await pretending('[]', '  detect   detect secrets in code');
    expect(await older.scan('/r')).toEqual({ kind: 'found', hits: new Map() });
    const given = await readFile(join(folder, 'arguments'), 'utf8');
    expect(given).toMatch(/^detect --no-git --source \/r --redact --config \S+/);
  });

  const real = createGitleaks();
  const found = spawnSync('gitleaks', ['--help']).status === 0;
  it.skipIf(!found)(
    `itself finds a token${found ? '' : ' (gitleaks is not on PATH)'}`,
    async () => {
      const answer = await real.scan(join(folder, 'repository'));
      const hits = answer.kind === 'found' ? [...answer.hits] : [];
      const [, inConfig = []] = hits.find(([path]) => path === 'src/config.ts') ?? [];
      expect(inConfig).toMatchObject([{ rule: 'gitleaks:github-pat', line: 1, excerpt: '…' }]);
    },
  );

  it.for([
    ['absent where it is not there', null, 'absent'],
    ['a failure where its report is none', 'no json', 'failed'],
  ] as const)('is %s', async ([, report, kind]) => {
    const gitleaks = report === null ? createGitleaks('no-such-program') : await pretending(report);
    expect((await gitleaks.scan('/r')).kind).toBe(kind);
  });
});

describe('the command', () => {
  const main = fileURLToPath(new URL('../../../src/entrypoints/cli/main.ts', import.meta.url));
  const held = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-net', '--'];
  const bubblewrap = spawnSync('bwrap', [...held, 'true']).status === 0;
  const run = (...args: readonly string[]) => {
    const [program, first] = bubblewrap ? ['bwrap', held] : [process.execPath, []];
    const node = bubblewrap ? [process.execPath] : [];
    return spawnSync(program, [...first, ...node, main, 'scan', ...args], { encoding: 'utf8' });
  };

  it('does all of it where nothing can be written and no network is, and exits 1 for a secret', () => {
    const { status, stdout } = run(join(folder, 'repository'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, source: 'git', not_looked_at: [] });
    expect(status).toBe(1);
  });

  it('shows 80 columns at most, and no character that acts', () => {
    const { stdout } = run(join(folder, 'repository'));
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80 && /\s\S+\s/.test(line.trim()))).toEqual([]);
    expect(stdout).toContain('odd\\u{202e}name.txt');
    expect(stdout).not.toContain('\u202E');
  });

  it('prints what to add to .gitignore and nothing else, if that was asked', () => {
    const { status, stdout } = run(join(folder, 'repository'), '--gitignore');
    expect(stdout).toMatch(/^# Node\.js\nnode_modules\/\n/);
    expect(status).toBe(0);
  });

  it('refuses what is no folder', () => {
    const { status, stderr } = run(join(folder, 'outside.txt'));
    expect(stderr).toContain('is no folder');
    expect(status).toBe(2);
  });
});
