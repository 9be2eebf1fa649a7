import type { CheckRunRecord, CheckSuiteRecord, RepositoryRecord, StatusRecord } from '../model.ts';
import { latestStatuses } from '../operations/statuses.ts';
import { suiteState } from '../representations/check.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';

export function suiteObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  suite: CheckSuiteRecord,
) {
  const { status, conclusion, runs } = suiteState(repository, suite);
  return {
    __typename: 'CheckSuite',
    id: nodeId('checkSuite', suite.id),
    databaseId: suite.id,
    status: status.toUpperCase(),
    conclusion: conclusion?.toUpperCase() ?? null,
    createdAt: suite.createdAt,
    updatedAt: suite.updatedAt,
    app: {
      id: nodeId('app', suite.app.id),
      databaseId: suite.app.id,
      slug: suite.app.slug,
      name: suite.app.name,
    },
    checkRuns: (args: ConnectionArguments) =>
      connection('checkRuns', runs, args, (run) => runObject(context, repository, run)),
  };
}

const runObject = (context: GraphQLContext, repository: RepositoryRecord, run: CheckRunRecord) => ({
  __typename: 'CheckRun',
  id: nodeId('checkRun', run.id),
  databaseId: run.id,
  name: run.name,
  status: run.status.toUpperCase(),
  conclusion: run.conclusion?.toUpperCase() ?? null,
  externalId: run.externalId,
  title: run.output.title,
  summary: run.output.summary,
  text: run.output.text,
  startedAt: run.startedAt,
  completedAt: run.completedAt,
  detailsUrl: run.detailsUrl,
  url: `${repositoryHtml(context.world, repository)}/runs/${run.id}`,
  checkSuite: () => suiteObject(context, repository, run.suite),
});

const statusObject = (status: StatusRecord) => ({
  __typename: 'StatusContext',
  id: nodeId('status', status.id),
  context: status.context,
  state: status.state.toUpperCase(),
  description: status.description,
  targetUrl: status.targetUrl,
  createdAt: status.createdAt,
});

/** Null where nothing has reported. */
export function rollup(context: GraphQLContext, repository: RepositoryRecord, sha: string) {
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === sha);
  const statuses = latestStatuses(repository, sha);
  if (runs.length + statuses.length === 0) return null;
  const failed =
    runs.some(
      (run) =>
        run.conclusion !== null && !['success', 'neutral', 'skipped'].includes(run.conclusion),
    ) || statuses.some((one) => one.state === 'failure' || one.state === 'error');
  const waiting =
    runs.some((run) => run.status !== 'completed') ||
    statuses.some((one) => one.state === 'pending');
  return {
    __typename: 'StatusCheckRollup',
    id: nodeId('commit', `rollup:${sha}`),
    state: failed ? 'FAILURE' : waiting ? 'PENDING' : 'SUCCESS',
    contexts: (args: ConnectionArguments) =>
      connection('contexts', [...runs, ...statuses], args, (one) =>
        'suite' in one ? runObject(context, repository, one) : statusObject(one),
      ),
  };
}
