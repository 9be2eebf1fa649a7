import { describe, expect, it } from 'vitest';
import type { LedgerBranch, LedgerCommit } from '../../../src/ports/ledger-branch.ts';

/** Gives a branch that is not there yet. Called for each test; whoever makes one also cleans it up. */
export type MakeBranch = () => Promise<LedgerBranch>;

const history = '.ai_metadata/history/000001.jsonl';
const queue = '.ai_metadata/queue.json';

const commitOf = (expected: string | null, files: Record<string, string>): LedgerCommit => ({
  expected,
  files: Object.entries(files).map(([path, content]) => ({ path, content })),
  subject: 'ledger: issue-1 is opened [skip ci]',
  body: `1 item.created issue-1\n\nAssent-Head: 1 ${'a'.repeat(64)}`,
});

const written = async (branch: LedgerBranch, commit: LedgerCommit): Promise<string> => {
  const result = await branch.commit(commit);
  if (!result.ok) throw new Error(`expected a commit, got ${result.refusal.code}`);
  return result.value;
};

/** What every ledger branch does, wherever it lies. */
export const describeLedgerBranch = (name: string, make: MakeBranch): void => {
  describe(`a ledger branch (${name})`, () => {
    it('has no head before the first commit', async () => {
      const branch = await make();
      expect(await branch.head()).toBeNull();
    });

    it('begins with the first commit, and reads back what was written, to the byte', async () => {
      const branch = await make();
      const files = {
        [history]: '{"title":"naïve 日本語 😀 \\u2028"}\n',
        [queue]: '{\n  "version": 1\n}\n',
        'INTERNAL_LOG.md': '# Internal log\r\n\ttabs and no final newline',
      };
      const oid = await written(branch, commitOf(null, files));
      expect(await branch.head()).toBe(oid);
      expect(Object.fromEntries(await branch.read(oid))).toEqual(files);
    });

    it('leaves alone the files that a commit does not name', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [history]: 'one\n', [queue]: '1\n' }));
      const second = await written(branch, commitOf(first, { [queue]: '2\n' }));
      expect(Object.fromEntries(await branch.read(second))).toEqual({
        [history]: 'one\n',
        [queue]: '2\n',
      });
    });

    it('deletes the files that a commit says to delete', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [history]: 'one\n', [queue]: '1\n' }));
      const commit = { ...commitOf(first, { [queue]: '2\n' }), deletions: [history] };
      const second = await written(branch, commit);
      expect(Object.fromEntries(await branch.read(second))).toEqual({ [queue]: '2\n' });
    });

    it('still reads an older commit as it was', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [queue]: '1\n' }));
      await written(branch, commitOf(first, { [queue]: '2\n' }));
      expect((await branch.read(first)).get(queue)).toBe('1\n');
    });

    it('refuses a commit decided on a head that is no longer there, and writes nothing', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [queue]: '1\n' }));
      const second = await written(branch, commitOf(first, { [queue]: '2\n' }));
      const late = await branch.commit(commitOf(first, { [queue]: 'late\n' }));
      expect(late).toMatchObject({ ok: false, refusal: { code: 'ledger.moved' } });
      expect(await branch.head()).toBe(second);
      expect((await branch.read(second)).get(queue)).toBe('2\n');
    });

    it('refuses to begin a branch that has begun', async () => {
      const branch = await make();
      await written(branch, commitOf(null, { [queue]: '1\n' }));
      const again = await branch.commit(commitOf(null, { [queue]: 'again\n' }));
      expect(again).toMatchObject({ ok: false, refusal: { code: 'ledger.moved' } });
    });

    it('lets exactly one of several writers win who decided on the same head', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [queue]: '0\n' }));
      const results = await Promise.all(
        ['a', 'b', 'c', 'd'].map((who) => branch.commit(commitOf(first, { [queue]: `${who}\n` }))),
      );
      const won = results.filter(({ ok }) => ok);
      expect(won).toHaveLength(1);
      const head = await branch.head();
      expect(won[0]).toEqual({ ok: true, value: head });
    });

    it('writes a commit that changes no content, since its message says what happened', async () => {
      const branch = await make();
      const first = await written(branch, commitOf(null, { [queue]: '1\n' }));
      const second = await written(branch, commitOf(first, { [queue]: '1\n' }));
      expect(second).not.toBe(first);
    });
  });
};
