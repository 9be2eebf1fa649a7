import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createGitLedgerBranch } from '../../../src/adapters/git/ledger-branch.ts';
import { describeLedgerBranch } from './suite.ts';

const root = mkdtempSync(join(tmpdir(), 'assent-ledger-branch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
const bareRepository = (): string => {
  const path = join(root, `${(made += 1)}.git`);
  execFileSync('git', ['init', '--quiet', '--bare', path]);
  return path;
};

const author = { name: 'assent', email: 'assent@example.invalid' };
const makeBranch = (repository: string) =>
  createGitLedgerBranch({ repository, branch: 'assent/ledger', author });

describeLedgerBranch('a bare git repository', async () => makeBranch(bareRepository()));

describe('a ledger branch in git', () => {
  it('keeps the message, subject and trailer, as git reads them', async () => {
    const repository = bareRepository();
    const hash = 'b'.repeat(64);
    await makeBranch(repository).commit({
      expected: null,
      files: [{ path: '.ai_metadata/queue.json', content: '{}\n' }],
      subject: 'ledger: issue-1 is opened [skip ci]',
      body: `1 item.created issue-1\n\nAssent-Head: 1 ${hash}`,
    });
    const format = '%s|%an|%(trailers:key=Assent-Head,valueonly,separator=%x2C)';
    const log = execFileSync('git', ['log', `--format=${format}`, 'assent/ledger'], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect(log).toBe(`ledger: issue-1 is opened [skip ci]|assent|1 ${hash}\n`);
  });

  it('reads only what is the ledger of a branch that holds more', async () => {
    const repository = bareRepository();
    const branch = makeBranch(repository);
    const oid = await branch.commit({
      expected: null,
      files: [
        { path: 'README.md', content: 'not the ledger\n' },
        { path: 'src/INTERNAL_LOG.md', content: 'nor this\n' },
        { path: '.ai_metadata/queue.json', content: '{}\n' },
      ],
      subject: 'begin',
      body: '',
    });
    expect(oid.ok && [...(await branch.read(oid.value)).keys()]).toEqual([
      '.ai_metadata/queue.json',
    ]);
  });

  it('faults, and does not call it a lost race, where there is no repository', async () => {
    const branch = makeBranch(join(root, 'absent.git'));
    await expect(branch.head()).rejects.toThrow(/absent\.git/);
  });
});
