import type {
  CheckAnnotationRecord,
  CheckRunRecord,
  CheckSuiteRecord,
  RepositoryRecord,
  StatusRecord,
} from '../model.ts';
import { isFromFork, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { app } from './app.ts';
import { nodeId, repositoryApi, repositoryHtml } from './common.ts';
import type { Json } from './common.ts';
import { pullMinimal } from './pull-request.ts';
import { repository as representRepository } from './repository.ts';
import { user } from './user.ts';

/** GitHub names here no pull request from a fork. */
const pullsAt = (world: World, repository: RepositoryRecord, sha: string): Json[] =>
  pullsOf(repository)
    .filter(
      ({ state, pull }) =>
        state === 'open' && pull.headSha === sha && !isFromFork(repository, pull),
    )
    .map((issue) => pullMinimal(world, repository, issue));

/** OpenAPI `check-run`. */
export function checkRun(world: World, repository: RepositoryRecord, record: CheckRunRecord): Json {
  const url = `${repositoryApi(world, repository)}/check-runs/${record.id}`;
  const html = `${repositoryHtml(world, repository)}/runs/${record.id}`;
  return {
    id: record.id,
    name: record.name,
    node_id: nodeId('checkRun', record.id),
    head_sha: record.headSha,
    external_id: record.externalId ?? '',
    url,
    html_url: html,
    details_url: record.detailsUrl ?? html,
    status: record.status,
    conclusion: record.conclusion,
    started_at: record.startedAt,
    completed_at: record.completedAt,
    output: {
      title: record.output.title,
      summary: record.output.summary,
      text: record.output.text,
      annotations_count: record.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: record.suite.id },
    app: app(world, record.app),
    pull_requests: pullsAt(world, repository, record.headSha),
  };
}

/** OpenAPI `check-annotation`. */
export const checkAnnotation = (
  world: World,
  repository: RepositoryRecord,
  { headSha }: CheckRunRecord,
  annotation: CheckAnnotationRecord,
): Json => ({
  path: annotation.path,
  start_line: annotation.startLine,
  end_line: annotation.endLine,
  start_column: null,
  end_column: null,
  annotation_level: annotation.level,
  title: annotation.title,
  message: annotation.message,
  raw_details: null,
  blob_href: `${repositoryHtml(world, repository)}/blob/${headSha}/${annotation.path}`,
});

export function suiteState(
  repository: RepositoryRecord,
  suite: CheckSuiteRecord,
): { status: string; conclusion: string | null; runs: CheckRunRecord[] } {
  const runs = [...repository.checkRuns.values()].filter((run) => run.suite === suite);
  if (runs.length === 0) return { status: 'queued', conclusion: null, runs };
  if (runs.some((run) => run.status !== 'completed')) {
    return { status: 'in_progress', conclusion: null, runs };
  }
  const bad = runs.find((run) => !['success', 'neutral', 'skipped'].includes(run.conclusion ?? ''));
  return { status: 'completed', conclusion: bad?.conclusion ?? 'success', runs };
}

/** OpenAPI `check-suite`; `headCommit` is a `simple-commit`. */
export function checkSuite(
  world: World,
  repository: RepositoryRecord,
  record: CheckSuiteRecord,
  headCommit: Json,
): Json {
  const url = `${repositoryApi(world, repository)}/check-suites/${record.id}`;
  const { status, conclusion, runs } = suiteState(repository, record);
  return {
    id: record.id,
    node_id: nodeId('checkSuite', record.id),
    head_branch: record.headBranch,
    head_sha: record.headSha,
    status,
    conclusion,
    url,
    before: null,
    after: record.headSha,
    pull_requests: pullsAt(world, repository, record.headSha),
    app: app(world, record.app),
    repository: representRepository(world, repository),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    head_commit: headCommit,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

/** Inside the `check_run` webhook the suite is told, not only named. */
export function checkRunInWebhook(
  world: World,
  repository: RepositoryRecord,
  record: CheckRunRecord,
): Json {
  const { suite } = record;
  const state = suiteState(repository, suite);
  return {
    ...checkRun(world, repository, record),
    check_suite: {
      id: suite.id,
      node_id: nodeId('checkSuite', suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      status: state.status,
      conclusion: state.conclusion,
      url: `${repositoryApi(world, repository)}/check-suites/${suite.id}`,
      before: null,
      after: suite.headSha,
      pull_requests: pullsAt(world, repository, suite.headSha),
      app: app(world, suite.app),
      created_at: suite.createdAt,
      updated_at: suite.updatedAt,
    },
  };
}

/** OpenAPI `status`. */
export function status(world: World, repository: RepositoryRecord, record: StatusRecord): Json {
  return { ...simpleStatus(world, repository, record), creator: user(world, record.creator) };
}

/** OpenAPI `simple-commit-status`. */
export function simpleStatus(
  world: World,
  repository: RepositoryRecord,
  record: StatusRecord,
): Json {
  return {
    url: `${repositoryApi(world, repository)}/statuses/${record.sha}`,
    avatar_url: `${world.url}/avatars/${record.creator.id}`,
    id: record.id,
    node_id: nodeId('status', record.id),
    state: record.state,
    description: record.description,
    target_url: record.targetUrl,
    context: record.context,
    created_at: record.createdAt,
    updated_at: record.createdAt,
  };
}
