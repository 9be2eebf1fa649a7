import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifactFolder } from '../../../src/adapters/artifacts/folder.ts';
import { createHostDemoSandbox } from '../../../src/adapters/sandbox/host.ts';
import { keepingArtifacts } from '../../../src/adapters/sandbox/keeping.ts';

const limits = { file: 1_000, together: 2_500, store: 4_000, files: 20 };

describe('what a step made', () => {
  let folder: string;
  let root: string;
  let kept: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assent-artifacts-'));
    [root, kept] = [join(folder, 'workspace'), join(folder, 'kept')];
    await mkdir(root);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const store = () => createArtifactFolder(kept, limits);
  const textOf = async (sha256: string) => {
    const read = await store().read(sha256);
    return read.ok ? Buffer.from(read.value).toString('utf8') : read.refusal.code;
  };

  it('is kept by its contents: the same once, and read back as it was', async () => {
    await mkdir(join(root, 'out/deep'), { recursive: true });
    await writeFile(join(root, 'report.txt'), 'report');
    await writeFile(join(root, 'out/a'), 'report');
    await writeFile(join(root, 'out/deep/b'), 'other');
    const { kept: files, refused } = await store().keep(root, ['report.txt', 'out/']);
    expect(refused).toEqual([]);
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['report.txt', 6],
      ['out/a', 6],
      ['out/deep/b', 5],
    ]);
    expect(files[0]?.sha256).toBe(files[1]?.sha256);
    expect(await readdir(kept)).toHaveLength(2);
    expect(await Promise.all(files.map(({ sha256 }) => textOf(sha256)))).toEqual([
      'report',
      'report',
      'other',
    ]);
  });

  it('that was changed in the store is refused, and gone', async () => {
    await writeFile(join(root, 'a'), 'sound');
    const [artifact] = (await store().keep(root, ['a'])).kept;
    const { sha256 } = artifact ?? { sha256: '' };
    await writeFile(join(kept, sha256), 'sounD');
    expect(await textOf(sha256)).toBe('artifacts.damaged');
    expect(await textOf(sha256)).toBe('artifacts.missing');
  });

  it.each(['../../etc/passwd', '', 'A'.repeat(64), 'abc'])(
    'a name that is no hash: %j',
    async (name) => {
      expect(await textOf(name)).toBe('artifacts.missing');
    },
  );

  describe('is refused', () => {
    it.each([
      ['outside the workspace', '../secret', /plain path/],
      ['by an absolute path', '/etc/passwd', /from the workspace/],
      ['through a link', 'link', /link is a link/],
      ['through a linked folder', 'folder/secret', /folder is a link/],
      ['where it is not there', 'nothing', /no such file/],
      ['where it would be waited for', 'pipe', /only plain files/],
      ['where it is too much', 'big', /1001 bytes are more/],
      ['with a name that hides something', 'a\u0000b', /characters/],
    ] as const)('%s', async (_, path, expected) => {
      await writeFile(join(folder, 'secret'), 'secret');
      await symlink(join(folder, 'secret'), join(root, 'link'));
      await symlink(folder, join(root, 'folder'));
      execFileSync('mkfifo', [join(root, 'pipe')]);
      await writeFile(join(root, 'big'), 'x'.repeat(1_001));
      const { kept: files, refused } = await store().keep(root, [path]);
      expect(files).toEqual([]);
      expect(refused).toEqual([expect.stringMatching(expected)]);
    });

    it('where it is too much together, and where there are too many', async () => {
      const names = Array.from({ length: 25 }, (_, index) => `f${index + 10}`);
      for (const name of names) await writeFile(join(root, name), name.repeat(50));
      const { kept: files, refused } = await store().keep(root, names);
      expect(files).toHaveLength(16);
      expect(refused.at(0)).toContain('more than 20 files');
      expect(refused.at(-1)).toContain('more than may be kept (100)');
    });
  });

  it('is forgotten when there is more than the store may hold: what was longest not asked for first', async () => {
    const keep = async (text: string) => {
      await writeFile(join(root, 'a'), text.repeat(1_000));
      return (await store().keep(root, ['a'])).kept[0]?.sha256 ?? '';
    };
    const digests = [await keep('1'), await keep('2'), await keep('3'), await keep('4')];
    for (const [index, digest] of digests.entries()) {
      await utimes(join(kept, digest), index, index);
    }
    await textOf(digests[0] ?? '');
    await keep('5');
    expect((await Promise.all(digests.map(textOf))).map((text) => text.length > 100)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('comes with what the step says, also where it failed', async () => {
    const sandbox = keepingArtifacts(createHostDemoSandbox(), store());
    const step = { name: 'test', workspace: root, timeout_ms: 10_000, output_cap: 1_000 };
    const command = 'echo broken > report.txt; exit 1';
    const asked = { ...step, command, artifacts: ['report.txt', 'coverage'] };
    expect(await sandbox.run(asked)).toMatchObject({
      ok: false,
      artifacts: [{ path: 'report.txt', bytes: 7 }],
      not_kept: ['coverage: there is no such file'],
    });
    expect(await sandbox.run({ ...step, command: 'true' })).not.toHaveProperty('artifacts');
  });
});
