import type { Doer } from '../actor.ts';
import { GitHubRefusal } from '../errors.ts';
import type { Signature } from '../git/commit.ts';
import { editTree } from '../git/edit-tree.ts';
import type { TreeChange } from '../git/edit-tree.ts';
import type { RepositoryRecord } from '../model.ts';
import { grantedRole } from '../permissions.ts';
import { emailOf } from '../representations/commit.ts';
import type { World } from '../world.ts';
import { countContent } from './events.ts';
import { webSignature } from './merge.ts';
import { directWriteRefusal } from './protection.ts';
import { ruleRefusal } from './rulesets.ts';
import { moveRefs } from './refs.ts';
import { signatureRefusal } from './signatures.ts';

export interface FileWrite {
  readonly path: string;
  /** Null deletes. */
  readonly content: Buffer | null;
}

export type CommitOutcome =
  | { readonly kind: 'done'; readonly sha: string }
  /** The branch is not where it was expected. */
  | { readonly kind: 'stale'; readonly actual: string | null }
  | { readonly kind: 'protected'; readonly message: string };

/** One commit of several files, only if the branch is still at `expected`. */
export function commitFiles(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: {
    branch: string;
    expected: string | null;
    files: readonly FileWrite[];
    message: string;
    author?: Signature;
    committer?: Signature;
  },
): Promise<CommitOutcome> {
  return world.exclusive(repository, async () => {
    const { git } = repository;
    const actual = await git.branch(input.branch);
    if (actual !== input.expected) return { kind: 'stale', actual };
    const change = actual === null ? 'creation' : 'forward';
    const refusal = writeRefusal(repository, by, input.branch, change, input.files);
    if (refusal !== null) return { kind: 'protected', message: refusal };
    const changes = await Promise.all(
      input.files.map((file) => changeOf(repository, actual, file)),
    );
    const tree = await editTree(git, actual, new Map(changes));
    const own = {
      name: by.account.name ?? by.account.login,
      email: emailOf(by.account),
      date: world.time(),
    };
    const sha = await git.writeCommit({
      tree,
      parents: actual === null ? [] : [actual],
      author: input.author ?? own,
      committer: input.committer ?? webSignature(world),
      message: input.message,
    });
    if (input.author === undefined && input.committer === undefined) world.signed.add(sha);
    const unsigned = await signatureRefusal(world, repository, input.branch, by, {
      before: actual,
      after: sha,
    });
    if (unsigned !== null) return { kind: 'protected', message: unsigned };
    const moved = await moveRefs(world, repository, by, [
      { ref: `refs/heads/${input.branch}`, before: actual, after: sha },
    ]);
    if (!moved) return { kind: 'stale', actual: await git.branch(input.branch) };
    countContent(world, by);
    return { kind: 'done', sha };
  });
}

async function changeOf(
  repository: RepositoryRecord,
  commit: string | null,
  { path, content }: FileWrite,
): Promise<[path: string, change: TreeChange]> {
  if (content === null) {
    await requireFile(repository, commit, path);
    return [path, null];
  }
  const [mode, sha] = await Promise.all([
    modeOf(repository, commit, path),
    repository.git.write('blob', content),
  ]);
  return [path, { mode, sha }];
}

function writeRefusal(
  repository: RepositoryRecord,
  by: Doer,
  branch: string,
  change: 'creation' | 'forward',
  files: readonly FileWrite[],
): string | null {
  const workflow = files.find((file) => isWorkflow(file.path));
  if (workflow !== undefined && by.app !== null && by.app.permissions['workflows'] !== 'write') {
    return workflowRefusal(workflow.path);
  }
  const isAdmin = by.app === null && grantedRole(repository, by.account) === 'admin';
  return (
    ruleRefusal(repository, branch, by, change) ?? directWriteRefusal(repository, branch, isAdmin)
  );
}

const isWorkflow = (path: string): boolean => path.startsWith('.github/workflows/');

const workflowRefusal = (path: string): string =>
  `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`;

async function requireFile(
  repository: RepositoryRecord,
  commit: string | null,
  path: string,
): Promise<void> {
  const object = commit === null ? null : await repository.git.object(`${commit}:${path}`);
  if (object?.type !== 'blob') {
    throw new GitHubRefusal(422, `A path was requested for deletion which does not exist: ${path}`);
  }
}

async function modeOf(
  repository: RepositoryRecord,
  commit: string | null,
  path: string,
): Promise<string> {
  if (commit === null) return '100644';
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? `${commit}:` : `${commit}:${path.slice(0, slash)}`;
  const object = await repository.git.object(folder);
  if (object?.type !== 'tree') return '100644';
  const name = path.slice(slash + 1);
  const entry = (await repository.git.tree(object.sha)).find((one) => one.name === name);
  return entry?.mode === '100755' ? '100755' : '100644';
}

/** A path git would take and nobody could misuse. */
export const isSafePath = (path: string): boolean =>
  path !== '' &&
  !/[\0-\x1f\x7f]/.test(path) &&
  path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
