import { chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMirror } from '../../../src/adapters/git/mirror.ts';
import { readChange } from '../../../src/application/runs/review-change.ts';
import type { ReviewedFile } from '../../../src/domain/review/change.ts';
import type { RepositoryFiles } from '../../../src/ports/repository-files.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

const odd = 'docs/"a"\n+++ b/src/b.ts\t';
const endless = 'x'.repeat(5_000_000);

/** One change with everything in it that somebody could make a reader stumble with. */
describe('a change as git tells it', () => {
  let origin: TestRepository;
  let mirror: RepositoryFiles;
  let base: string;
  let head: string;
  let files: readonly ReviewedFile[];
  beforeAll(async () => {
    origin = await createRepository();
    base = await origin.commit('Begin', {
      'src/b.ts': Array.from({ length: 40 }, (_, n) => `line ${n + 1}\n`).join(''),
      'was-a-file': 'text\n',
      'run.sh': 'go\n',
      'gone.ts': 'bye\n',
    });
    await origin.git('checkout', '-q', '-b', 'change');
    head = await origin.commit('Change', {
      'src/b.ts': Array.from(
        { length: 40 },
        (_, n) => `line ${n === 19 ? 'twenty' : n + 1}\n`,
      ).join(''),
      [odd]: 'told\n',
      'data.json': `{"a":"${endless}"}\n`,
      '.gitattributes': '*.ts -diff\n*.bin binary\n',
      'hidden.ts': 'eval(x)\n',
      'logo.bin': Buffer.from([0, 1, 2, 0]),
      'package-lock.json': '{}\n',
      'no-line-end.txt': 'end',
    });
    mirror = await openMirror({
      directory: join(origin.directory, 'mirror.git'),
      remote: () => Promise.resolve({ url: join(origin.directory, 'origin'), token: null }),
    });
    await mirror.fetch();
    files = (await readChange(mirror, base, head)) ?? [];
  });
  afterAll(() => origin.close());

  const file = (path: string) => files.find((one) => one.path === path);
  const changed = (path: string) =>
    (file(path)?.hunks ?? [])
      .flatMap(({ lines }) => lines)
      .filter(({ kind }) => kind !== 'context')
      .map((line) => [line.old, line.new, line.text]);

  it('numbers what changed, with the lines around it', () => {
    expect(changed('src/b.ts')).toEqual([
      [20, null, 'line 20'],
      [null, 20, 'line twenty'],
    ]);
    expect(file('src/b.ts')?.hunks[0]?.lines).toHaveLength(22);
  });

  it.for([
    ['of an odd name', odd, 'told'],
    ['that .gitattributes would hide', 'hidden.ts', 'eval(x)'],
    ['without a last line end', 'no-line-end.txt', 'end'],
  ] as const)('reads a file %s as itself', ([, path, text]) => {
    expect(changed(path)).toEqual([[null, 1, text]]);
    expect(file(path)?.left_out).toBeNull();
  });

  it.for([
    ['data.json', 'lines too long'],
    ['logo.bin', 'binary'],
    ['package-lock.json', 'a lock file'],
  ] as const)('leaves %s out, and says why', ([path, because]) => {
    expect(file(path)).toMatchObject({ hunks: [], left_out: because });
  });

  it('a line without end hides no other file', () => {
    expect(files.filter(({ left_out }) => left_out === null).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['src/b.ts', 'hidden.ts', odd]),
    );
  });

  it('a file that became a link, and one that may be run, are told', async () => {
    await origin.git('checkout', '-q', '-b', 'modes', base);
    const at = (path: string) => join(origin.directory, 'origin', path);
    await rm(at('was-a-file'));
    await symlink('/etc/passwd', at('was-a-file'));
    await chmod(at('run.sh'), 0o755);
    const modes = await origin.commit('Modes', { 'src/b.ts': 'short\n' });
    await mirror.fetch();
    const found = (await readChange(mirror, base, modes)) ?? [];
    const told = found.map(({ path, left_out, new_mode, hunks }) => [
      path,
      left_out,
      new_mode,
      hunks.length,
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['run.sh', null, '100755', 0],
        ['src/b.ts', null, '100644', 1],
        ['was-a-file', 'a symbolic link', '120000', 0],
      ]),
    );
  });

  it('of a head that git does not have there is none', async () => {
    await expect(
      mirror.patchOf(base, 'f'.repeat(40), ['a'], { context: 3, bytes: 9 }),
    ).resolves.toBeNull();
  });

  it('counts how many of the last commits changed a path', async () => {
    const { commits, touched } = await mirror.churn(head, 50);
    expect(commits).toBeGreaterThanOrEqual(2);
    expect(touched.get('src/b.ts')).toBe(2);
    expect(touched.get(odd)).toBe(1);
    expect((await mirror.churn(head, 1)).commits).toBe(1);
  });
});
