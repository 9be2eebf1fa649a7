import { notFound, unprocessable } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import { diffTrees } from '../git/diff.ts';
import { emptyTree } from '../git/tree.ts';
import { factsOf } from '../operations/derive.ts';
import { commit, diffEntry } from '../representations/commit.ts';
import { repositoryApi, repositoryHtml } from '../representations/common.ts';
import { readContents } from '../access.ts';
import { isSafePath } from '../operations/commits.ts';
import { findCommit, resolveCommit } from './resolve.ts';
import { inRepository, ok, page, pageOf, param } from './request.ts';
import type { Route } from './request.ts';

const list = inRepository('GET', '/commits', readContents, async (request) => {
  const { world, repository, query } = request;
  const from = await resolveCommit(repository, query.get('sha') ?? repository.defaultBranch);
  const path = (query.get('path') ?? '').replaceAll(/^\/+|\/+$/g, '');
  // Nothing was ever committed there, and git would fail over such a path.
  if (path !== '' && !isSafePath(path)) return page(request, [], () => null);
  const since = query.get('since');
  const until = query.get('until');
  const filters = [
    ...(since === null ? [] : [`--since=${since}`]),
    ...(until === null ? [] : [`--until=${until}`]),
    ...(query.get('author') === null
      ? []
      : ['--fixed-strings', `--author=${query.get('author') ?? ''}`]),
  ];
  const lines = await repository.git.text([
    'rev-list',
    ...filters,
    from.sha,
    ...(path === '' ? [] : ['--', `:(literal)${path}`]),
  ]);
  const shas = lines.split('\n').filter((line) => line !== '');
  const { size, number } = pageOf(request);
  const shown = new Map<string, Commit>();
  for (const sha of shas.slice((number - 1) * size, number * size)) {
    shown.set(sha, await repository.git.requireCommit(sha));
  }
  return page(request, shas, (sha) => {
    const found = shown.get(sha);
    return found === undefined ? null : commit(world, repository, found);
  });
});

const get = inRepository('GET', '/commits/{ref+}', readContents, async (request) => {
  const { world, repository, accept } = request;
  const ref = param(request, 'ref');
  const found = await findCommit(repository, ref);
  // A branch that is not there is told like a sha that is not there: here GitHub has 422 for both.
  if (found === null) throw unprocessable(`No commit found for SHA: ${ref}`);
  if (/application\/vnd\.github(?:\.v3)?\.sha/.test(accept)) {
    return {
      status: 200,
      body: Buffer.from(found.sha),
      headers: { 'content-type': 'application/vnd.github.v3.sha; charset=utf-8' },
    };
  }
  const files = await diffTrees(repository.git, found.parents[0] ?? emptyTree, found.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...commit(world, repository, found),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => diffEntry(world, repository, found.sha, file)),
  });
});

const compare = inRepository('GET', '/compare/{basehead+}', readContents, async (request) => {
  const { world, repository } = request;
  const [baseName = '', headName = ''] = param(request, 'basehead').split('...');
  const plain = (name: string) => name.replace(/^[^:]+:/, '');
  const base = await findCommit(repository, plain(baseName));
  const head = await findCommit(repository, plain(headName));
  if (base === null || head === null) throw notFound();
  const facts = await factsOf(repository, base.sha, head.sha);
  if (facts.mergeBase === null) throw notFound();
  const behind = (await repository.git.revisions(base.sha, [head.sha])).length;
  const ahead = (await repository.git.revisions(head.sha, [base.sha])).length;
  const status =
    ahead === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  const html = `${repositoryHtml(world, repository)}/compare/${baseName}...${headName}`;
  return ok({
    url: `${repositoryApi(world, repository)}/compare/${baseName}...${headName}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commit(world, repository, base),
    merge_base_commit: commit(
      world,
      repository,
      await repository.git.requireCommit(facts.mergeBase),
    ),
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: facts.commits.map((one) => commit(world, repository, one)),
    files: facts.files.map((file) => diffEntry(world, repository, head.sha, file)),
  });
});

export const commitRoutes: readonly Route[] = [list, compare, get];
