import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGitLedgerBranch } from '../../../src/adapters/git/ledger-branch.ts';
import { createLedgerStore } from '../../../src/application/ledger/ledger-store.ts';
import type { EventDraft } from '../../../src/domain/ledger/envelope.ts';
import type { LedgerBranch } from '../../../src/ports/ledger-branch.ts';
import type { Terminal } from '../../../src/entrypoints/cli/command.ts';
import { sha256 } from '../../support/ledger-story.ts';

export const createRoot = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'assent-history-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export const writeFiles = (
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): string => {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

export const git = (folder: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=mallory', '-c', 'user.email=mallory@example.invalid', ...args],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );

export const createBare = (
  path: string,
): { readonly path: string; readonly branch: LedgerBranch } => {
  execFileSync('git', ['init', '--quiet', '--bare', path]);
  const author = { name: 'assent', email: 'assent@example.invalid' };
  return {
    path,
    branch: createGitLedgerBranch({ repository: path, branch: 'assent/ledger', author }),
  };
};

/** Records the events in commits of `batch`, as the service would. */
export const record = async (
  branch: LedgerBranch,
  drafts: readonly EventDraft[],
  batch: number,
): Promise<void> => {
  const store = createLedgerStore(branch, sha256);
  for (let from = 0; from < drafts.length; from += batch) {
    const appended = await store.append(() => drafts.slice(from, from + batch));
    if (!appended.ok) throw new Error(appended.refusal.message);
  }
};

export const checkout = (bare: string, folder: string): string => {
  execFileSync('git', ['clone', '--quiet', '--branch', 'assent/ledger', bare, folder]);
  return folder;
};

/** A terminal that keeps what was written to it. */
export const recordTerminal = (): Terminal & {
  readonly lines: string[];
  readonly text: () => string;
} => {
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
  };
  return { out: keep, err: keep, interactive: false, lines, text: () => lines.join('\n') };
};
