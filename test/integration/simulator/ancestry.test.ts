import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ancestry } from '../../../src/simulator/git/ancestry.ts';
import { GitRepository } from '../../../src/simulator/git/repository.ts';
import { runGit } from '../../../src/simulator/git/run.ts';
import { emptyTree, serializeTree } from '../../../src/simulator/git/tree.ts';
import { runs } from '../../support/runs.ts';

let directory: string;
let git: GitRepository;
let ancestry: Ancestry;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ancestry-'));
  await runGit(directory, ['init', '--quiet', '--bare', '.']);
  git = new GitRepository(directory);
  ancestry = new Ancestry((sha) => git.commit(sha));
  await git.write('tree', serializeTree([]));
});
afterAll(async () => {
  git.close();
  await rm(directory, { recursive: true, force: true });
});

/** By index of earlier commits; few different seconds, so that many are of the same one. */
const histories = fc.array(
  fc.record({
    parents: fc.uniqueArray(fc.nat({ max: 24 }), { maxLength: 3 }),
    seconds: fc.nat({ max: 5 }),
  }),
  { minLength: 25, maxLength: 25 },
);

async function write(history: readonly { parents: number[]; seconds: number }[], run: number) {
  const shas: string[] = [];
  for (const [index, { parents, seconds }] of history.entries()) {
    const date = new Date(
      Date.UTC(2026, 0, 1, 0, 0, Math.floor(index / 5) + seconds),
    ).toISOString();
    const signature = { name: 'a', email: 'a@example.com', date };
    const before = parents.filter((one) => one < index).map((one) => shas[one] ?? '');
    const message = `${run} ${index}`;
    shas.push(
      await git.writeCommit({
        tree: emptyTree,
        parents: before,
        author: signature,
        committer: signature,
        message,
      }),
    );
  }
  return shas;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

it('who came before whom, what is new and where two parted is what git says', async () => {
  let run = 0;
  const asked = fc.record({
    history: histories,
    a: fc.nat({ max: 24 }),
    b: fc.nat({ max: 24 }),
    limit: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ history, a, b, limit }) => {
      const shas = await write(history, (run += 1));
      const [one = '', other = ''] = [shas[a], shas[b]];
      const bases = await git.run(['merge-base', '--all', one, other], { accept: [0, 1] });
      const best = lines(bases.stdout.toString());
      expect(await ancestry.mergeBase(one, other)).toBe(
        best.length > 1 ? undefined : (best[0] ?? null),
      );
      expect(await ancestry.isAncestor(one, other)).toBe(best.includes(one));
      const news = await git.text(['rev-list', `--max-count=${limit}`, one, `^${other}`]);
      expect(await ancestry.revisions(one, [other], limit)).toEqual(lines(news));
    }),
    { numRuns: runs(20) },
  );
});

it('what is no commit, or is not here, is for git to say', async () => {
  const [first = ''] = await write([{ parents: [], seconds: 0 }], 0);
  const absent = '0123456789'.repeat(4);
  const tag = await git.write(
    'tag',
    Buffer.from(`object ${first}\ntype commit\ntag t\ntagger a <a@example.com> 0 +0000\n\nt\n`),
  );
  for (const odd of [absent, tag, emptyTree]) {
    expect(await ancestry.isAncestor(odd, first)).toBeUndefined();
    expect(await ancestry.isAncestor(first, odd)).toBeUndefined();
    expect(await ancestry.mergeBase(first, odd)).toBeUndefined();
    expect(await ancestry.revisions(odd, [first])).toBeUndefined();
    expect(await ancestry.revisions(first, [odd])).toBeUndefined();
  }
});

it('refs read from their files are those git lists, packed and loose, and a move is seen at once', async () => {
  const [one = '', two = ''] = await write(
    [
      { parents: [], seconds: 0 },
      { parents: [0], seconds: 1 },
    ],
    -1,
  );
  const create = (ref: string, after: string) => ({ ref, before: null, after });
  const made = ['refs/heads/b', 'refs/heads/a/x', 'refs/tags/v1', 'refs/pull/1/head'];
  expect(await git.updateRefs(made.map((ref) => create(ref, one)))).toBe(true);
  await git.run(['pack-refs', '--all']);
  expect(await git.updateRefs([{ ref: 'refs/heads/b', before: one, after: two }])).toBe(true);
  expect(await git.updateRefs([{ ref: 'refs/heads/a/x', before: one, after: null }])).toBe(true);
  // All or nothing, and the next one goes through again.
  expect(
    await git.updateRefs([
      create('refs/heads/c', one),
      { ref: 'refs/heads/b', before: one, after: one },
    ]),
  ).toBe(false);
  expect(await git.updateRefs([create('refs/heads/é', two)])).toBe(true);
  const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)']);
  const read = [...(await git.refs())].map(([ref, sha]) => `${ref} ${sha}`);
  expect(read).toEqual(lines(listed));
  expect([...(await git.refs('refs/heads')).keys()]).toEqual(['refs/heads/b', 'refs/heads/é']);
});
