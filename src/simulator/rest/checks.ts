import { GitHubRefusal, invalidField, notFound, unprocessable } from '../errors.ts';
import type {
  CheckAnnotationRecord,
  CheckConclusion,
  CheckRunRecord,
  CheckStatus,
  RepositoryRecord,
} from '../model.ts';
import type { AppRecord } from '../model.ts';
import type { Doer } from '../actor.ts';
import {
  createCheckRun,
  createStatus,
  requestAgain,
  updateCheckRun,
} from '../operations/checks.ts';
import type { CheckChange } from '../operations/checks.ts';
import { latestStatuses } from '../operations/statuses.ts';
import {
  checkAnnotation,
  checkRun,
  checkSuite,
  simpleStatus,
  status,
} from '../representations/check.ts';
import { repositoryApi } from '../representations/common.ts';
import { repository as representRepository } from '../representations/repository.ts';
import { readChecks, readStatuses, writeChecks, writeStatuses } from '../access.ts';
import type { Body } from './body.ts';
import { resolveCommit } from './resolve.ts';
import { created, doer, inRepository, numberParam, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const statuses: readonly CheckStatus[] = [
  'queued',
  'in_progress',
  'completed',
  'waiting',
  'requested',
  'pending',
];
const conclusions: readonly CheckConclusion[] = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
];

/** Only Apps report check runs. */
function appDoer(request: RepositoryRequest): Doer & { app: AppRecord } {
  const { account, app } = doer(request);
  if (app === null) throw new GitHubRefusal(403, 'You must authenticate via a GitHub App.');
  return { account, app };
}

function change(body: Body): CheckChange {
  const output = body.inner('output');
  const name = body.optionalText('name');
  const externalId = body.optionalText('external_id');
  const detailsUrl = body.optionalText('details_url');
  const state = body.choice('status', statuses);
  const conclusion = body.choice('conclusion', conclusions);
  const startedAt = body.optionalText('started_at');
  const completedAt = body.optionalText('completed_at');
  if (state === 'completed' && conclusion === undefined) {
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(state === undefined ? {} : { status: state }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(output === undefined ? {} : { output: readOutput(output) }),
  };
}

function readOutput(output: Body): NonNullable<CheckChange['output']> {
  const limited = (name: string) => {
    const text = output.optionalText(name) ?? null;
    if (text !== null && text.length > 65_535) {
      throw invalidField(
        'CheckRun',
        name,
        'custom',
        `Only 65535 characters are allowed; ${text.length} were supplied.`,
      );
    }
    return text;
  };
  return {
    title: output.optionalText('title') ?? null,
    summary: limited('summary'),
    text: limited('text'),
    annotations: (output.list('annotations') ?? []).map(readAnnotation),
  };
}

function readAnnotation(annotation: Body): CheckAnnotationRecord {
  const startLine = annotation.number('start_line') ?? 1;
  return {
    path: annotation.text('path'),
    startLine,
    endLine: annotation.number('end_line') ?? startLine,
    level: annotation.choice('annotation_level', ['notice', 'warning', 'failure']) ?? 'notice',
    title: annotation.optionalText('title') ?? null,
    message: annotation.text('message'),
  };
}

const create = inRepository('POST', '/check-runs', writeChecks, async (request) => {
  const { world, repository, body } = request;
  const by = appDoer(request);
  const sha = body.text('head_sha');
  if ((await repository.git.commit(sha)) === null)
    throw unprocessable(`No commit found for SHA: ${sha}`);
  const run = await createCheckRun(world, repository, by, body.text('name'), sha, change(body));
  await world.queues.checked(world, repository, sha);
  return created(checkRun(world, repository, run));
});

function runOf(request: RepositoryRequest): CheckRunRecord {
  const run = request.repository.checkRuns.get(numberParam(request, 'check_run_id'));
  if (run === undefined) throw notFound();
  return run;
}

const get = inRepository('GET', '/check-runs/{check_run_id}', readChecks, (request) =>
  ok(checkRun(request.world, request.repository, runOf(request))),
);

const patch = inRepository('PATCH', '/check-runs/{check_run_id}', writeChecks, async (request) => {
  const { world, repository, body } = request;
  const by = appDoer(request);
  const run = runOf(request);
  if (run.app.id !== by.app.id) {
    throw new GitHubRefusal(
      403,
      'Invalid app_id `' +
        String(by.app.id) +
        '` - check run can only be modified by the GitHub App that created it.',
    );
  }
  updateCheckRun(world, repository, by, run, change(body));
  await world.queues.checked(world, repository, run.headSha);
  return ok(checkRun(world, repository, run));
});

const annotations = inRepository(
  'GET',
  '/check-runs/{check_run_id}/annotations',
  readChecks,
  (request) => {
    const { world, repository } = request;
    const run = runOf(request);
    return page(request, [...run.output.annotations], (one) =>
      checkAnnotation(world, repository, run, one),
    );
  },
);

const rerequest = inRepository(
  'POST',
  '/check-runs/{check_run_id}/rerequest',
  writeChecks,
  (request) => {
    requestAgain(request.world, request.repository, doer(request), runOf(request));
    return created({});
  },
);

/** The newest of each name and App unless `filter=all`. */
function runsAt(
  repository: RepositoryRecord,
  sha: string,
  query: URLSearchParams,
): CheckRunRecord[] {
  const all = [...repository.checkRuns.values()].filter(
    (run) =>
      run.headSha === sha &&
      (query.get('check_name') ?? run.name) === run.name &&
      (query.get('status') ?? run.status) === run.status &&
      (query.get('app_id') ?? String(run.app.id)) === String(run.app.id),
  );
  if (query.get('filter') === 'all') return all.toReversed();
  const newest = new Map(all.map((run) => [`${run.app.id} ${run.name}`, run]));
  return [...newest.values()].toReversed();
}

const forRef = inRepository('GET', '/commits/{ref+}/check-runs', readChecks, async (request) => {
  const { world, repository, query } = request;
  const { sha } = await resolveCommit(repository, param(request, 'ref'));
  const runs = runsAt(repository, sha, query);
  return page(
    request,
    runs,
    (run) => checkRun(world, repository, run),
    (list) => ({ total_count: runs.length, check_runs: list }),
  );
});

async function suiteShown(request: RepositoryRequest, id: number): Promise<unknown> {
  const { world, repository } = request;
  const suite = repository.checkSuites.find((one) => one.id === id);
  if (suite === undefined) throw notFound();
  const head = await repository.git.requireCommit(suite.headSha);
  return checkSuite(world, repository, suite, {
    id: head.sha,
    tree_id: head.tree,
    message: head.message,
    timestamp: head.committer.date,
    author: { name: head.author.name, email: head.author.email },
    committer: { name: head.committer.name, email: head.committer.email },
  });
}

const suites = inRepository('GET', '/commits/{ref+}/check-suites', readChecks, async (request) => {
  const { repository } = request;
  const { sha } = await resolveCommit(repository, param(request, 'ref'));
  const found = repository.checkSuites.filter((one) => one.headSha === sha);
  const represented = await Promise.all(found.map((one) => suiteShown(request, one.id)));
  return page(
    request,
    represented,
    (one) => one,
    (list) => ({ total_count: found.length, check_suites: list }),
  );
});

const suite = inRepository('GET', '/check-suites/{check_suite_id}', readChecks, async (request) =>
  ok(await suiteShown(request, numberParam(request, 'check_suite_id'))),
);

const runsOfSuite = inRepository(
  'GET',
  '/check-suites/{check_suite_id}/check-runs',
  readChecks,
  (request) => {
    const { world, repository } = request;
    const id = numberParam(request, 'check_suite_id');
    const runs = [...repository.checkRuns.values()].filter((run) => run.suite.id === id);
    return page(
      request,
      runs,
      (run) => checkRun(world, repository, run),
      (list) => ({ total_count: runs.length, check_runs: list }),
    );
  },
);

const say = inRepository('POST', '/statuses/{sha}', writeStatuses, async (request) => {
  const { world, repository, body } = request;
  const sha = param(request, 'sha');
  if ((await repository.git.commit(sha)) === null)
    throw unprocessable(`No commit found for SHA: ${sha}`);
  const state = body.choice('state', ['error', 'failure', 'pending', 'success']);
  if (state === undefined) throw invalidField('Status', 'state', 'missing_field');
  const made = await createStatus(world, repository, doer(request), {
    sha,
    state,
    context: body.optionalText('context') ?? 'default',
    description: body.optionalText('description') ?? null,
    targetUrl: body.optionalText('target_url') ?? null,
  });
  await world.queues.checked(world, repository, sha);
  return created(status(world, repository, made));
});

const listed = inRepository('GET', '/commits/{ref+}/statuses', readStatuses, async (request) => {
  const { world, repository } = request;
  const { sha } = await resolveCommit(repository, param(request, 'ref'));
  const found = repository.statuses.filter((one) => one.sha === sha).toReversed();
  return page(request, found, (one) => status(world, repository, one));
});

const combined = inRepository('GET', '/commits/{ref+}/status', readStatuses, async (request) => {
  const { world, repository } = request;
  const { sha } = await resolveCommit(repository, param(request, 'ref'));
  const found = latestStatuses(repository, sha);
  const any = (...states: string[]) => found.some((one) => states.includes(one.state));
  const state = any('failure', 'error')
    ? 'failure'
    : found.length === 0 || any('pending')
      ? 'pending'
      : 'success';
  const url = `${repositoryApi(world, repository)}/commits/${sha}`;
  return page(
    request,
    found,
    (one) => simpleStatus(world, repository, one),
    (list) => ({
      state,
      statuses: list,
      sha,
      total_count: found.length,
      repository: representRepository(world, repository),
      commit_url: url,
      url: `${url}/status`,
    }),
  );
});

export const checkRoutes: readonly Route[] = [
  create,
  get,
  patch,
  annotations,
  rerequest,
  forRef,
  suites,
  suite,
  runsOfSuite,
  say,
  listed,
  combined,
];
