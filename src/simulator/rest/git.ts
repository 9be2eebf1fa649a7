import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Signature } from '../git/commit.ts';
import { isSafeRefName } from '../git/repository.ts';
import { editTree } from '../git/edit-tree.ts';
import type { TreeChange } from '../git/edit-tree.ts';
import { isDirectory } from '../git/tree.ts';
import type { TreeEntry } from '../git/tree.ts';
import type { RepositoryRecord } from '../model.ts';
import { isSafePath } from '../operations/commits.ts';
import { signatureOfDoer } from '../operations/merge.ts';
import { directWriteRefusal } from '../operations/protection.ts';
import { ruleRefusal, type BranchChange } from '../operations/rulesets.ts';
import { signatureRefusal } from '../operations/signatures.ts';
import { moveRefs } from '../operations/refs.ts';
import { countContent } from '../operations/events.ts';
import { grantedRole } from '../permissions.ts';
import { gitCommit } from '../representations/commit.ts';
import { nodeId, repositoryApi } from '../representations/common.ts';
import type { World } from '../world.ts';
import { readContents, writeContents } from '../access.ts';
import type { Body } from './body.ts';
import { findCommit } from './resolve.ts';
import { created, doer, inRepository, noContent, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

function shownRef(
  world: World,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
  type: string,
) {
  const url = repositoryApi(world, repository);
  return {
    ref,
    node_id: nodeId('ref', `${repository.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}

const getRef = inRepository('GET', '/git/ref/{ref+}', readContents, async (request) => {
  const { world, repository } = request;
  const ref = `refs/${param(request, 'ref')}`;
  const found = isSafeRefName(ref) ? await repository.git.object(ref) : null;
  if (found === null) throw notFound();
  return ok(shownRef(world, repository, ref, found.sha, found.type));
});

const matching = inRepository('GET', '/git/matching-refs/{ref+}', readContents, async (request) => {
  const { world, repository } = request;
  const prefix = `refs/${param(request, 'ref')}`;
  const all = [...(await repository.git.refs())].filter(([ref]) => ref.startsWith(prefix));
  return page(request, all, ([ref, sha]) => shownRef(world, repository, ref, sha, 'commit'));
});

const createRef = inRepository('POST', '/git/refs', writeContents, async (request) => {
  const { world, repository, body } = request;
  const ref = body.text('ref');
  const sha = body.text('sha');
  if (!/^refs\/[^/]+\/./.test(ref) || !isSafeRefName(ref) || ref.startsWith('refs/pull/')) {
    throw unprocessable(`Reference name '${ref}' is not valid.`);
  }
  const object = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.object(sha) : null;
  if (object === null) throw unprocessable('Object does not exist');
  if (ref.startsWith('refs/heads/') && object.type !== 'commit')
    throw unprocessable('Reference is not a commit');
  requireUnprotected(request, ref, 'creation');
  const moved = await world.exclusive(repository, async () => {
    await requireSignatures(request, ref, { before: null, after: sha });
    return moveRefs(world, repository, doer(request), [{ ref, before: null, after: sha }]);
  });
  if (!moved) throw unprocessable('Reference already exists');
  return created(shownRef(world, repository, ref, sha, object.type));
});

const updateRef = inRepository('PATCH', '/git/refs/{ref+}', writeContents, (request) => {
  const { world, repository, body } = request;
  const ref = `refs/${param(request, 'ref')}`;
  const sha = body.text('sha');
  const force = body.flag('force') ?? false;
  return world.exclusive(repository, async () => {
    const before = await repository.git.ref(ref);
    if (before === null) throw unprocessable('Reference does not exist');
    if ((await repository.git.commit(sha)) === null) throw unprocessable('Object does not exist');
    const forward = await repository.git.isAncestor(before, sha);
    if (!forward && !force) throw unprocessable('Update is not a fast forward');
    requireUnprotected(request, ref, forward ? 'forward' : 'forced');
    await requireSignatures(request, ref, { before, after: sha });
    const moved = await moveRefs(world, repository, doer(request), [{ ref, before, after: sha }]);
    if (!moved) throw unprocessable('Reference cannot be updated');
    return ok(shownRef(world, repository, ref, sha, 'commit'));
  });
});

const removeRef = inRepository('DELETE', '/git/refs/{ref+}', writeContents, (request) => {
  const { world, repository } = request;
  const ref = `refs/${param(request, 'ref')}`;
  return world.exclusive(repository, async () => {
    const before = await repository.git.ref(ref);
    if (before === null) throw unprocessable('Reference does not exist');
    if (ref === `refs/heads/${repository.defaultBranch}`) {
      throw unprocessable('Cannot delete the default branch');
    }
    requireUnprotected(request, ref, 'deletion');
    await moveRefs(world, repository, doer(request), [{ ref, before, after: null }]);
    return noContent;
  });
});

async function requireSignatures(
  request: RepositoryRequest,
  ref: string,
  move: { readonly before: string | null; readonly after: string },
): Promise<void> {
  const { world, repository } = request;
  if (!ref.startsWith('refs/heads/')) return;
  const branch = ref.slice('refs/heads/'.length);
  const refusal = await signatureRefusal(world, repository, branch, doer(request), move);
  if (refusal !== null) throw unprocessable(refusal);
}

function requireUnprotected(request: RepositoryRequest, ref: string, how: BranchChange): void {
  const { repository } = request;
  if (!ref.startsWith('refs/heads/')) {
    if (ref.startsWith('refs/tags/')) return;
    throw unprocessable('Reference cannot be updated');
  }
  const branch = ref.slice('refs/heads/'.length);
  const violated = ruleRefusal(repository, branch, doer(request), how);
  if (violated !== null) throw unprocessable(violated);
  const protection = repository.protections.get(branch);
  if (protection === undefined || how === 'creation') return;
  if (how === 'forced' && !protection.allowForcePushes)
    throw unprocessable('Cannot force-push to this branch');
  if (how === 'deletion' && !protection.allowDeletions)
    throw unprocessable('Cannot delete this protected branch');
  const { account, app } = doer(request);
  const isAdmin = app === null && grantedRole(repository, account) === 'admin';
  const refusal = directWriteRefusal(repository, branch, isAdmin);
  if (refusal !== null) throw unprocessable(refusal);
}

const getCommit = inRepository(
  'GET',
  '/git/commits/{commit_sha}',
  readContents,
  async (request) => {
    const { world, repository } = request;
    const sha = param(request, 'commit_sha');
    const found = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.commit(sha) : null;
    if (found === null) throw notFound();
    return ok(gitCommit(world, repository, found));
  },
);

const createCommit = inRepository('POST', '/git/commits', writeContents, async (request) => {
  const { world, repository, body } = request;
  const tree = body.text('tree');
  const parents = body.texts('parents') ?? [];
  if ((await repository.git.object(tree))?.type !== 'tree')
    throw unprocessable('Tree SHA does not exist');
  for (const parent of parents) {
    if ((await repository.git.object(parent))?.type !== 'commit') {
      throw unprocessable('Parent SHA does not exist or is not a commit object');
    }
  }
  const by = doer(request);
  const given = {
    author: person(body.inner('author')),
    committer: person(body.inner('committer')),
  };
  const author = given.author ?? signatureOfDoer(world, by);
  const sha = await repository.git.writeCommit({
    tree,
    parents,
    author,
    committer: given.committer ?? author,
    message: body.text('message'),
  });
  // An App's commit is signed unless it says itself who is to have made it; a person's is not.
  if (by.app !== null && given.author === null && given.committer === null) world.signed.add(sha);
  countContent(world, by);
  return created(gitCommit(world, repository, await repository.git.requireCommit(sha)));
  function person(given: Body | undefined): Signature | null {
    if (given === undefined) return null;
    return {
      name: given.text('name'),
      email: given.text('email'),
      date: given.optionalText('date') ?? world.time(),
    };
  }
});

const getTree = inRepository('GET', '/git/trees/{tree_sha+}', readContents, async (request) => {
  const { repository, query } = request;
  const name = param(request, 'tree_sha');
  const object = /^[0-9a-f]{40}$/.test(name) ? await repository.git.object(name) : null;
  const tree = object?.type === 'tree' ? object.sha : (await findCommit(repository, name))?.tree;
  if (tree === undefined) throw notFound();
  const recursive = query.has('recursive');
  return ok(await shownTree(request, tree, recursive));
});

async function shownTree(request: RepositoryRequest, sha: string, recursive: boolean) {
  const { world, repository } = request;
  const url = repositoryApi(world, repository);
  const entries = await walk(repository, sha, '', recursive);
  const tree = await Promise.all(
    entries.map(async ({ path, entry }) => {
      const type = isDirectory(entry) ? 'tree' : entry.mode === '160000' ? 'commit' : 'blob';
      const size =
        type === 'blob' ? (await repository.git.object(entry.sha))?.content.length : undefined;
      return {
        path,
        mode: entry.mode.padStart(6, '0'),
        type,
        sha: entry.sha,
        ...(size === undefined ? {} : { size }),
        ...(type === 'commit' ? {} : { url: `${url}/git/${type}s/${entry.sha}` }),
      };
    }),
  );
  return { sha, url: `${url}/git/trees/${sha}`, tree, truncated: false };
}

async function walk(
  repository: RepositoryRecord,
  tree: string,
  prefix: string,
  recursive: boolean,
): Promise<{ path: string; entry: TreeEntry }[]> {
  const found: { path: string; entry: TreeEntry }[] = [];
  for (const entry of await repository.git.tree(tree)) {
    const path = `${prefix}${entry.name}`;
    found.push({ path, entry });
    if (recursive && isDirectory(entry)) {
      found.push(...(await walk(repository, entry.sha, `${path}/`, true)));
    }
  }
  return found;
}

const modes = ['100644', '100755', '040000', '160000', '120000'] as const;

const createTree = inRepository('POST', '/git/trees', writeContents, async (request) => {
  const { repository, body } = request;
  const base = body.optionalText('base_tree') ?? null;
  const baseObject = base === null ? null : await repository.git.object(`${base}^{tree}`);
  if (base !== null && baseObject === null)
    throw unprocessable('base_tree is not a valid tree oid');
  const changes = new Map<string, TreeChange>();
  for (const entry of body.requiredList('tree')) {
    const path = entry.text('path');
    if (!isSafePath(path))
      throw unprocessable(`tree.path contains a malformed path component: ${path}`);
    changes.set(path, await treeChange(repository, entry));
  }
  const sha = await editTree(repository.git, baseObject?.sha ?? null, changes);
  return created(await shownTree(request, sha, false));
});

async function treeChange(repository: RepositoryRecord, entry: Body): Promise<TreeChange> {
  if (entry.raw('sha') === null) return null;
  const mode = (entry.choice('mode', modes) ?? '100644').replace(/^0/, '');
  const content = entry.optionalText('content');
  if (content !== undefined)
    return { mode, sha: await repository.git.write('blob', Buffer.from(content)) };
  const sha = entry.text('sha');
  if (mode !== '160000' && (await repository.git.object(sha)) === null) {
    throw unprocessable(`tree.sha ${sha} is not a valid object`);
  }
  return { mode, sha };
}

const getBlob = inRepository('GET', '/git/blobs/{file_sha}', readContents, async (request) => {
  const { world, repository, accept } = request;
  const sha = param(request, 'file_sha');
  const found = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.object(sha) : null;
  if (found?.type !== 'blob') throw notFound();
  if (/vnd\.github(?:\.v3)?\.raw/.test(accept)) {
    return {
      status: 200,
      body: found.content,
      headers: { 'content-type': 'application/vnd.github.v3.raw; charset=utf-8' },
    };
  }
  return ok({
    sha,
    node_id: nodeId('commit', sha),
    size: found.content.length,
    url: `${repositoryApi(world, repository)}/git/blobs/${sha}`,
    content: wrapped(found.content),
    encoding: 'base64',
  });
});

/** Base64 in lines of sixty, as GitHub sends it. */
export const wrapped = (content: Buffer): string =>
  content.toString('base64').replace(/.{1,60}/g, (line) => `${line}\n`);

const createBlob = inRepository('POST', '/git/blobs', writeContents, async (request) => {
  const { world, repository, body } = request;
  const encoding = body.choice('encoding', ['utf-8', 'base64']) ?? 'utf-8';
  const content = Buffer.from(body.text('content'), encoding === 'base64' ? 'base64' : 'utf8');
  if (content.length > 100_000_000) throw new GitHubRefusal(422, 'Blob is too large');
  const sha = await repository.git.write('blob', content);
  return created({ sha, url: `${repositoryApi(world, repository)}/git/blobs/${sha}` });
});

export const gitRoutes: readonly Route[] = [
  getRef,
  matching,
  createRef,
  updateRef,
  removeRef,
  getCommit,
  createCommit,
  getTree,
  createTree,
  getBlob,
  createBlob,
];
