import { notFound, unprocessable } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import { isSafeRefName } from '../git/repository.ts';
import type { RepositoryRecord } from '../model.ts';

/** A sha, a branch or a tag, as GitHub's `ref` parameters take them. */
export async function findCommit(
  repository: RepositoryRecord,
  name: string,
): Promise<Commit | null> {
  const { git } = repository;
  if (/^[0-9a-f]{7,40}$/.test(name)) {
    const bySha = await git.commit(name);
    if (bySha !== null) return bySha;
  }
  const plain = name === 'HEAD' ? repository.defaultBranch : name;
  if (!isSafeRefName(plain)) return null;
  const candidates = plain.startsWith('refs/')
    ? [plain]
    : [`refs/${plain}`, `refs/heads/${plain}`, `refs/tags/${plain}`];
  for (const candidate of candidates) {
    const found = await git.commit(candidate);
    if (found !== null) return found;
  }
  return null;
}

export async function resolveCommit(repository: RepositoryRecord, name: string): Promise<Commit> {
  const found = await findCommit(repository, name);
  if (found === null) {
    throw /^[0-9a-f]{40}$/.test(name)
      ? unprocessable(`No commit found for SHA: ${name}`)
      : notFound();
  }
  return found;
}
