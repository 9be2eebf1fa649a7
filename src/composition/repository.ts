import { REPOSITORY_CONFIG_PATH } from '../domain/repository-config.ts';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sha256 } from '../adapters/crypto/sha256.ts';
import { createGitLedgerBranch } from '../adapters/git/ledger-branch.ts';
import { createLocalPast } from '../adapters/git/ledger-past.ts';
import { openMirror } from '../adapters/git/mirror.ts';
import { createWorkspaceHost } from '../adapters/git/workspace.ts';
import { type GitHub } from '../adapters/github/github.ts';
import { createLedgerBranch } from '../adapters/github/ledger-branch.ts';
import { readLedgerFiles } from '../adapters/github/ledger-files.ts';
import { createHostedPast } from '../adapters/github/ledger-past.ts';
import { loadRepositoryConfig } from '../adapters/policy/repository-config.ts';
import { createLedgerStore } from '../application/ledger/ledger-store.ts';
import type { OnForeignCommit } from '../application/ledger/quarantine.ts';
import type { Repository } from '../application/repository.ts';
import type { RepositoryRef } from '../ports/code-host.ts';
import { zodEventShapes } from '../adapters/ledger-format/event-shapes.ts';

/** One repository as GitHub has it: its mirror, its workspaces, and its ledger. */
export async function openRepository(
  github: GitHub,
  ref: RepositoryRef,
  folder: string,
): Promise<Repository> {
  const host = github.repository(ref);
  const mirror = join(folder, 'mirrors', ref.owner, `${ref.name}.git`);
  const files = await openMirror({
    directory: mirror,
    remote: (fresh) => host.gitCredentials(fresh),
  });
  await files.fetch();
  const { default_branch } = await host.describe();
  const base = await files.head(default_branch);
  const config = loadRepositoryConfig(
    base === null ? null : await files.readFile(base, REPOSITORY_CONFIG_PATH),
  );
  const branch = config.ok ? config.value.ledger.branch : 'assent/ledger';
  const apart = branch !== default_branch;
  const local = createGitLedgerBranch({
    repository: mirror,
    branch,
    author: { name: 'assent', email: 'assent@localhost' },
  });
  // Written through GitHub, which compares and swaps; read from the mirror, which costs no request.
  const context = github.contextOf(ref);
  const byApi = readLedgerFiles(context);
  const past = createLocalPast({ repository: mirror, branch });
  const ledger = createLedgerBranch(context, branch, async (oid) => {
    await files.fetch();
    // What no branch leads to any more is not fetched; GitHub still has it for a while.
    return (await past.knows(oid)) ? local.read(oid) : byApi(oid);
  });
  const onForeignCommit = async (): Promise<OnForeignCommit> => {
    const now = await files.head(default_branch);
    const text = now === null ? null : await files.readFile(now, REPOSITORY_CONFIG_PATH);
    const loaded = loadRepositoryConfig(text);
    return loaded.ok ? loaded.value.ledger.on_foreign_commit : 'stop';
  };
  return {
    ref,
    host,
    // What Assent wrote to its ledger it need not fetch back: it is fetched where somebody reads it from the branch.
    files: { ...files, fetch: () => files.fetch(apart ? { without: branch } : {}) },
    workspaces: createWorkspaceHost({
      mirror,
      // Runs are named by item: two repositories must not meet in one folder.
      directory: join(folder, 'workspaces', ref.owner, ref.name),
    }),
    ledger: createLedgerStore(ledger, sha256, {
      shapes: zodEventShapes,
      guard: {
        past: { ...past, ...createHostedPast(context) },
        name: branch,
        onForeignCommit,
        now: () => new Date().toISOString(),
        newId: randomUUID,
      },
    }),
    ledgerBranch: branch,
    async ledgerFiles() {
      await files.fetch();
      const oid = await local.head();
      return oid === null ? new Map() : local.read(oid);
    },
  };
}
