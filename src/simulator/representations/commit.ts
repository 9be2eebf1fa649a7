import type { Commit } from '../git/commit.ts';
import type { FileChange } from '../git/diff.ts';
import type { Account, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi, repositoryHtml } from './common.ts';
import type { Json } from './common.ts';
import { user } from './user.ts';

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** GitHub finds a commit's author by e-mail; here people write `ID+LOGIN@users.noreply.github.com` or `LOGIN@…`. */
export function accountOfEmail(world: World, email: string): Account | null {
  const [local = ''] = email.split('@');
  const id = Number(/^(\d+)\+/.exec(local)?.[1]);
  const byId = world.accounts.find((account) => account.id === id);
  // The id stays theirs when the login does not.
  if (byId !== undefined) return byId;
  const login = local.includes('+') ? local.slice(local.indexOf('+') + 1) : local;
  if (email === 'noreply@github.com') return null;
  return world.account(login) ?? null;
}

export const emailOf = (account: Account): string =>
  `${account.id}+${account.login}@users.noreply.github.com`;

const unsigned = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

const verification = (world: World, { sha, committer }: Commit): Json =>
  world.signed.has(sha)
    ? {
        verified: true,
        reason: 'valid',
        signature: '-----BEGIN PGP SIGNATURE-----\n\nsimulated\n-----END PGP SIGNATURE-----\n',
        payload: `commit ${sha}`,
        verified_at: committer.date,
      }
    : unsigned;

/** Who GitHub names for what was done through its pages and API. */
const webFlow: Account = { id: 19_864_447, login: 'web-flow', name: 'GitHub', type: 'User' };

/** OpenAPI `commit`, as lists have it. */
export function commit(world: World, repository: RepositoryRecord, record: Commit): Json {
  const url = `${repositoryApi(world, repository)}/commits/${record.sha}`;
  const html = repositoryHtml(world, repository);
  const author = accountOfEmail(world, record.author.email);
  const committer =
    record.committer.email === 'noreply@github.com'
      ? webFlow
      : accountOfEmail(world, record.committer.email);
  return {
    sha: record.sha,
    node_id: nodeId('commit', record.sha),
    commit: {
      author: record.author,
      committer: record.committer,
      message: record.message,
      tree: {
        sha: record.tree,
        url: `${repositoryApi(world, repository)}/git/trees/${record.tree}`,
      },
      url: `${repositoryApi(world, repository)}/git/commits/${record.sha}`,
      comment_count: 0,
      verification: verification(world, record),
    },
    url,
    html_url: `${html}/commit/${record.sha}`,
    comments_url: `${url}/comments`,
    author: author === null ? null : user(world, author),
    committer: committer === null ? null : user(world, committer),
    parents: record.parents.map((parent) => ({
      sha: parent,
      url: `${repositoryApi(world, repository)}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
}

/** OpenAPI `git-commit`. */
export function gitCommit(world: World, repository: RepositoryRecord, record: Commit): Json {
  const url = repositoryApi(world, repository);
  const html = repositoryHtml(world, repository);
  return {
    sha: record.sha,
    node_id: nodeId('commit', record.sha),
    url: `${url}/git/commits/${record.sha}`,
    html_url: `${html}/commit/${record.sha}`,
    author: record.author,
    committer: record.committer,
    tree: { sha: record.tree, url: `${url}/git/trees/${record.tree}` },
    message: record.message,
    parents: record.parents.map((parent) => ({
      sha: parent,
      url: `${url}/git/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
    verification: verification(world, record),
  };
}

/** OpenAPI `diff-entry`. */
export function diffEntry(
  world: World,
  repository: RepositoryRecord,
  head: string,
  change: FileChange,
): Json {
  const html = repositoryHtml(world, repository);
  const path = encodePath(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${head}/${path}`,
    raw_url: `${html}/raw/${head}/${path}`,
    contents_url: `${repositoryApi(world, repository)}/contents/${path}?ref=${head}`,
    ...(change.patch === null ? {} : { patch: change.patch }),
    ...(change.previousPath === null ? {} : { previous_filename: change.previousPath }),
  };
}
