import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Commit, Signature } from '../git/commit.ts';
import { isDirectory } from '../git/tree.ts';
import type { TreeEntry } from '../git/tree.ts';
import { commitFiles, isSafePath } from '../operations/commits.ts';
import { gitCommit } from '../representations/commit.ts';
import { repositoryApi, repositoryHtml } from '../representations/common.ts';
import { readContents, writeContents } from '../access.ts';
import { decodeBase64 } from '../git/base64.ts';
import type { Body } from './body.ts';
import { wrapped } from './git.ts';
import { findCommit } from './resolve.ts';
import { doer, inRepository, ok, param } from './request.ts';
import type { Reply, RepositoryRequest, Route } from './request.ts';

async function commitAsked(request: RepositoryRequest): Promise<{ ref: string; commit: Commit }> {
  const ref = request.query.get('ref') ?? request.repository.defaultBranch;
  const commit = await findCommit(request.repository, ref);
  if (commit === null) throw new GitHubRefusal(404, `No commit found for the ref ${ref}`);
  return { ref, commit };
}

async function contents(request: RepositoryRequest): Promise<Reply> {
  const { repository, accept } = request;
  const path = (request.params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const { ref, commit } = await commitAsked(request);
  if (path !== '' && !isSafePath(path)) throw notFound();
  const object = await repository.git.object(path === '' ? commit.tree : `${commit.sha}:${path}`);
  if (object === null) throw notFound();
  if (object.type === 'tree') {
    const entries = await repository.git.tree(object.sha);
    const prefix = path === '' ? '' : `${path}/`;
    return ok(
      await Promise.all(
        entries.map(async (entry) => ({
          ...shown(request, ref, `${prefix}${entry.name}`, entry.sha, kindOf(entry)),
          size: isDirectory(entry)
            ? 0
            : ((await repository.git.object(entry.sha))?.content.length ?? 0),
        })),
      ),
    );
  }
  if (/vnd\.github(?:\.v3)?\.raw/.test(accept)) return raw(object.content);
  return ok(fileShown(request, ref, path, object.sha, object.content));
}

const raw = (content: Buffer): Reply => ({
  status: 200,
  body: content,
  headers: { 'content-type': 'application/vnd.github.v3.raw; charset=utf-8' },
});

const kindOf = (entry: TreeEntry): string => {
  if (isDirectory(entry)) return 'dir';
  if (entry.mode === '120000') return 'symlink';
  return entry.mode === '160000' ? 'submodule' : 'file';
};

function shown(request: RepositoryRequest, ref: string, path: string, sha: string, type: string) {
  const { world, repository } = request;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${repositoryApi(world, repository)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${repositoryApi(world, repository)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`;
  const html = `${repositoryHtml(world, repository)}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${encoded}`;
  return {
    type,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url:
      type === 'file' ? `${repositoryHtml(world, repository)}/raw/${ref}/${encoded}` : null,
    _links: { git, self: url, html },
  };
}

const fileShown = (
  request: RepositoryRequest,
  ref: string,
  path: string,
  sha: string,
  content: Buffer,
) => ({
  ...shown(request, ref, path, sha, 'file'),
  size: content.length,
  encoding: 'base64',
  content: wrapped(content),
});

const get = inRepository('GET', '/contents/{path+}', readContents, contents);
const root = inRepository('GET', '/contents', readContents, contents);
const rootSlash = inRepository('GET', '/contents/', readContents, contents);

const readme = inRepository('GET', '/readme', readContents, async (request) => {
  const { repository, accept } = request;
  const { ref, commit } = await commitAsked(request);
  const entry = (await repository.git.tree(commit.tree)).find((one) =>
    /^readme(\.|$)/i.test(one.name),
  );
  const object = entry === undefined ? null : await repository.git.object(entry.sha);
  if (entry === undefined || object?.type !== 'blob') throw notFound();
  if (/vnd\.github(?:\.v3)?\.raw/.test(accept)) return raw(object.content);
  return ok(fileShown(request, ref, entry.name, object.sha, object.content));
});

const put = inRepository('PUT', '/contents/{path+}', writeContents, async (request) => {
  const { repository, body } = request;
  const path = param(request, 'path');
  if (!isSafePath(path)) throw unprocessable('path contains a malformed path component');
  const content = decodeBase64(body.text('content'));
  if (content === null) throw unprocessable('content is not valid Base64');
  const existing = await existingSha(request, path);
  const given = body.optionalText('sha');
  if (existing !== null && given === undefined) {
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  }
  if (given !== undefined && given !== existing) {
    throw new GitHubRefusal(409, `${path} does not match ${given}`);
  }
  const sha = await commitOne(request, path, content);
  const commit = await repository.git.requireCommit(sha);
  const blob = await repository.git.object(`${sha}:${path}`);
  return {
    status: existing === null ? 201 : 200,
    body: {
      content: {
        ...shown(request, branchOf(request), path, blob?.sha ?? '', 'file'),
        size: content.length,
      },
      commit: gitCommit(request.world, repository, commit),
    },
  };
});

const branchOf = ({ body, repository }: RepositoryRequest): string =>
  body.optionalText('branch') ?? repository.defaultBranch;

async function existingSha(request: RepositoryRequest, path: string): Promise<string | null> {
  const { git } = request.repository;
  const head = await git.branch(branchOf(request));
  if (head === null) {
    if ((await git.refs('refs/heads')).size === 0) return null;
    throw new GitHubRefusal(404, `Branch ${branchOf(request)} not found`);
  }
  const object = await git.object(`${head}:${path}`);
  return object?.type === 'blob' ? object.sha : null;
}

async function commitOne(
  request: RepositoryRequest,
  path: string,
  content: Buffer | null,
): Promise<string> {
  const { world, repository, body } = request;
  const branch = branchOf(request);
  const author = person(request, body.inner('author'));
  const committer = person(request, body.inner('committer'));
  const outcome = await commitFiles(world, repository, doer(request), {
    branch,
    expected: await repository.git.branch(branch),
    files: [{ path, content }],
    message: body.text('message'),
    ...(author === null ? {} : { author }),
    ...(committer === null ? {} : { committer }),
  });
  if (outcome.kind === 'stale') {
    throw new GitHubRefusal(
      409,
      `is at ${outcome.actual ?? 'nothing'} but expected another commit`,
    );
  }
  if (outcome.kind === 'protected') {
    throw new GitHubRefusal(409, `Could not update file: ${outcome.message}`);
  }
  return outcome.sha;
}

function person(request: RepositoryRequest, given: Body | undefined): Signature | null {
  if (given === undefined) return null;
  return {
    name: given.text('name'),
    email: given.text('email'),
    date: given.optionalText('date') ?? request.world.time(),
  };
}

const remove = inRepository('DELETE', '/contents/{path+}', writeContents, async (request) => {
  const { repository, body } = request;
  const path = param(request, 'path');
  const existing = await existingSha(request, path);
  if (existing === null) throw notFound();
  if (body.text('sha') !== existing) {
    throw new GitHubRefusal(409, `${path} does not match ${body.text('sha')}`);
  }
  const sha = await commitOne(request, path, null);
  return ok({
    content: null,
    commit: gitCommit(request.world, repository, await repository.git.requireCommit(sha)),
  });
});

export const contentRoutes: readonly Route[] = [root, rootSlash, get, readme, put, remove];
