import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Account, PullIssue } from '../model.ts';
import { mergeabilityOf, pullFacts } from '../operations/derive.ts';
import { mayEdit, mayTriage } from '../operations/issues.ts';
import { mergePull, updateBranch } from '../operations/merge.ts';
import { createPull, editPull, setPullState } from '../operations/pulls.ts';
import { requestReview, withdrawReviewRequest } from '../operations/review-requests.ts';
import { grantedRole } from '../permissions.ts';
import { commit, diffEntry } from '../representations/commit.ts';
import { issueHtml } from '../representations/issue.ts';
import { pull, pullSimple } from '../representations/pull-request.ts';
import { user } from '../representations/user.ts';
import { pullsOf } from '../world.ts';
import { readContents, readPulls, sayOnPulls, triagePulls, writeContents } from '../access.ts';
import { created, doer, inRepository, noContent, ok, page, param, pullOf } from './request.ts';
import type { Reply, RepositoryRequest, Route } from './request.ts';

async function shown(request: RepositoryRequest, issue: PullIssue): Promise<unknown> {
  const { world, repository } = request;
  const [facts, mergeability] = await Promise.all([
    pullFacts(repository, issue),
    mergeabilityOf(world, repository, issue),
  ]);
  return pull(world, repository, issue, facts, mergeability);
}

const list = inRepository('GET', '/pulls', readPulls, (request) => {
  const { world, repository, query } = request;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const found = pullsOf(repository).filter(
    (one) =>
      (state === 'all' || one.state === state) &&
      (base === null || one.pull.baseRef === base) &&
      (head === null || `${one.pull.headOwner.login}:${one.pull.headRef}` === head),
  );
  const byUpdate = query.get('sort') === 'updated';
  const up = byUpdate ? found.toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1)) : found;
  const ascending =
    query.get('direction') === 'asc' || (byUpdate && query.get('direction') === null);
  return page(request, ascending ? up : up.toReversed(), (one) =>
    pullSimple(world, repository, one),
  );
});

const get = inRepository(
  'GET',
  '/pulls/{pull_number}',
  readPulls,
  async (request): Promise<Reply> => {
    const issue = pullOf(request);
    const form = /application\/vnd\.github(?:\.v3)?\.(diff|patch)/.exec(request.accept)?.[1];
    if (form === undefined) return ok(await shown(request, issue));
    const { git } = request.repository;
    const { mergeBase } = await pullFacts(request.repository, issue);
    const range = `${mergeBase ?? issue.pull.baseSha}..${issue.pull.headSha}`;
    const text =
      form === 'diff'
        ? await git.run(['diff', '--full-index', range])
        : await git.run(['format-patch', '--stdout', range]);
    return {
      status: 200,
      body: text.stdout,
      headers: { 'content-type': `application/vnd.github.v3.${form}; charset=utf-8` },
    };
  },
);

const open = inRepository('POST', '/pulls', sayOnPulls, async (request) => {
  const { world, repository, body } = request;
  const made = await world.exclusive(repository, () =>
    createPull(world, repository, request.actor, doer(request), {
      title: body.text('title'),
      body: body.optionalText('body') ?? null,
      head: body.text('head'),
      headRepository: body.optionalText('head_repo') ?? null,
      base: body.text('base'),
      draft: body.flag('draft') ?? false,
      maintainerCanModify: body.flag('maintainer_can_modify') ?? null,
    }),
  );
  return created(await shown(request, made));
});

const patch = inRepository('PATCH', '/pulls/{pull_number}', sayOnPulls, async (request) => {
  const { world, repository, body } = request;
  const by = doer(request);
  const issue = pullOf(request);
  const title = body.optionalText('title');
  const text = body.nullableText('body');
  const base = body.optionalText('base');
  const state = body.choice('state', ['open', 'closed']);
  const opened = body.flag('maintainer_can_modify');
  const edits = title !== undefined || text !== undefined || base !== undefined;
  const mayClose = issue.author.id === by.account.id || mayTriage(repository, by);
  if (opened !== undefined && issue.author.id !== by.account.id) {
    throw new GitHubRefusal(403, 'Only its author lets others change a pull request.');
  }
  if ((edits && !mayEdit(repository, by, issue.author)) || (state !== undefined && !mayClose)) {
    throw new GitHubRefusal(403, 'Must have admin rights to Repository.');
  }
  await editPull(world, repository, by, issue, {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
    ...(base === undefined ? {} : { base }),
    ...(opened === undefined ? {} : { maintainerCanModify: opened }),
  });
  if (state !== undefined) await setPullState(world, repository, by, issue, state);
  await world.exclusive(repository, () => world.queues.changed(world, repository, by, issue));
  return ok(await shown(request, issue));
});

const files = inRepository('GET', '/pulls/{pull_number}/files', readPulls, async (request) => {
  const { world, repository } = request;
  const issue = pullOf(request);
  const facts = await pullFacts(repository, issue);
  return page(request, facts.files, (one) => diffEntry(world, repository, issue.pull.headSha, one));
});

const commits = inRepository('GET', '/pulls/{pull_number}/commits', readPulls, async (request) => {
  const { world, repository } = request;
  const facts = await pullFacts(repository, pullOf(request));
  return page(request, facts.commits, (one) => commit(world, repository, one));
});

const isMerged = inRepository('GET', '/pulls/{pull_number}/merge', readContents, (request) => {
  if (pullOf(request).pull.mergedAt === null) throw notFound();
  return noContent;
});

const merge = inRepository('PUT', '/pulls/{pull_number}/merge', writeContents, async (request) => {
  const { world, repository, body } = request;
  const sha = await mergePull(world, repository, doer(request), pullOf(request), {
    sha: body.optionalText('sha') ?? null,
    method: body.choice('merge_method', ['merge', 'squash', 'rebase']) ?? 'merge',
    title: body.optionalText('commit_title') ?? null,
    message: body.optionalText('commit_message') ?? null,
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
});

const update = inRepository(
  'PUT',
  '/pulls/{pull_number}/update-branch',
  { app: [['pull_requests', 'write']], role: 'write' },
  async (request) => {
    const { world, repository, body } = request;
    const issue = pullOf(request);
    const expected = body.optionalText('expected_head_sha') ?? null;
    await updateBranch(world, repository, doer(request), issue, expected);
    return {
      status: 202,
      body: { message: 'Updating pull request branch.', url: issueHtml(world, repository, issue) },
    };
  },
);

const reviewers = inRepository(
  'GET',
  '/pulls/{pull_number}/requested_reviewers',
  readPulls,
  (request) =>
    ok({
      users: pullOf(request).pull.requestedReviewers.map((one) => user(request.world, one)),
      teams: [],
    }),
);

function reviewersIn(request: RepositoryRequest): Account[] {
  // There are no teams to ask; a list of them must still be a list.
  request.body.texts('team_reviewers');
  return (request.body.texts('reviewers') ?? []).map((login) => {
    const account = request.world.account(login);
    if (account === undefined || grantedRole(request.repository, account) === 'none') {
      throw unprocessable(
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ' +
          `${request.repository.owner.login}/${request.repository.name} repository.`,
      );
    }
    return account;
  });
}

const ask = inRepository(
  'POST',
  '/pulls/{pull_number}/requested_reviewers',
  triagePulls,
  (request) => {
    const { world, repository } = request;
    const issue = pullOf(request);
    for (const one of reviewersIn(request))
      requestReview(world, repository, doer(request), issue, one);
    return created(pullSimple(world, repository, issue));
  },
);

const unask = inRepository(
  'DELETE',
  '/pulls/{pull_number}/requested_reviewers',
  triagePulls,
  (request) => {
    const { world, repository } = request;
    const issue = pullOf(request);
    for (const one of reviewersIn(request)) {
      withdrawReviewRequest(world, repository, doer(request), issue, one);
    }
    return ok(pullSimple(world, repository, issue));
  },
);

const ofCommit = inRepository('GET', '/commits/{commit_sha}/pulls', readPulls, async (request) => {
  const { world, repository } = request;
  const sha = param(request, 'commit_sha');
  const found: PullIssue[] = [];
  for (const issue of pullsOf(repository)) {
    const { commits: own } = await pullFacts(repository, issue);
    if (own.some((one) => one.sha === sha) || issue.pull.mergeCommitSha === sha) found.push(issue);
  }
  return page(request, found, (one) => pullSimple(world, repository, one));
});

export const pullRoutes: readonly Route[] = [
  list,
  open,
  get,
  patch,
  files,
  commits,
  isMerged,
  merge,
  update,
  reviewers,
  ask,
  unask,
  ofCommit,
];
