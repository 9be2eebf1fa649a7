import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryAt, objectsOf } from '../../../src/adapters/git/objects.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

const module = fileURLToPath(new URL('../../../src/adapters/git/objects.ts', import.meta.url));
let origin: TestRepository;
let base: string;
beforeAll(async () => {
  origin = await createRepository();
  base = await origin.commit('Begin', { 'a/b/c.txt': 'c\n', 'd.txt': 'd\n' });
});
afterAll(() => origin.close());

const at = () => objectsOf(join(origin.path, '.git'));
const nothing = '0'.repeat(40);

describe('an open reader', () => {
  it('answers each of many who ask at once, in whatever is not there, too', async () => {
    const names = Array.from({ length: 300 }, (_, index) =>
      index % 3 === 0 ? nothing : index % 3 === 1 ? base : `${base}^{tree}`,
    );
    const types = (await Promise.all(names.map((name) => at().read(name)))).map(
      (object) => object?.type ?? null,
    );
    expect(types).toEqual(names.map((_, index) => [null, 'commit', 'tree'][index % 3]));
  });

  it('gives what comes in many pieces as it is', async () => {
    const content = randomBytes(3_000_000);
    const head = await origin.commit('Large', { 'large.bin': content, 'empty.txt': '' });
    const [large, empty] = await Promise.all(
      ['large.bin', 'empty.txt'].map(async (path) => {
        const entry = await entryAt(at(), head, path);
        return at().read(entry?.oid ?? '');
      }),
    );
    expect(large?.content.equals(content)).toBe(true);
    expect(empty?.content).toHaveLength(0);
  });

  it('sees what was written since it was opened', async () => {
    await at().read(base);
    const head = await origin.commit('Later', { 'later.txt': 'x\n' });
    expect((await at().read(head))?.type).toBe('commit');
  });

  it.for([
    ['a/b/c.txt', '100644'],
    ['a/b', '40000'],
    ['a/b/c.txt/d', null],
    ['a/x/c.txt', null],
    ['x', null],
    ['', null],
    ['../d.txt', null],
  ] as const)('finds at "%s" %s', async ([path, mode]) => {
    expect((await entryAt(at(), base, path))?.mode ?? null).toBe(mode);
  });

  it('of a revision that is not here says so', async () => {
    await expect(entryAt(at(), nothing, 'd.txt')).rejects.toThrow(`not a tree object: ${nothing}`);
  });

  it('fails everybody who waits where there is no repository, and reads once there is', async () => {
    const later = await createRepository();
    const folder = join(later.path, '.git');
    const asked = [objectsOf(`${folder}x`).read(base), objectsOf(`${folder}x`).read(base)];
    for (const one of asked) await expect(one).rejects.toThrow('git cat-file failed');
    await later.git('init', '-q', '--bare', `${folder}x`);
    expect(await objectsOf(`${folder}x`).read(base)).toBeNull();
    await later.close();
    await rm(`${folder}x`, { recursive: true, force: true });
  });

  it('keeps no program from ending', async () => {
    const program = `
      const { objectsOf } = await import(${JSON.stringify(module)});
      const before = process.getActiveResourcesInfo();
      const object = await objectsOf(${JSON.stringify(join(origin.path, '.git'))}).read('${base}');
      console.log(object.type, process.getActiveResourcesInfo().length - before.length);`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect((await run).stdout).toBe('commit 0\n');
  });
});
