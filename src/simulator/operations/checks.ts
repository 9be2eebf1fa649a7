import type { Doer } from '../actor.ts';
import type {
  AppRecord,
  CheckAnnotationRecord,
  CheckConclusion,
  CheckRunRecord,
  CheckStatus,
  CheckSuiteRecord,
  RepositoryRecord,
  StatusRecord,
  StatusState,
} from '../model.ts';
import { commit as representCommit } from '../representations/commit.ts';
import { checkRunInWebhook } from '../representations/check.ts';
import { repositoryApi } from '../representations/common.ts';
import { fullName, isFromFork, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { announce } from './announce.ts';

export interface CheckChange {
  name?: string;
  externalId?: string | null;
  detailsUrl?: string | null;
  status?: CheckStatus;
  conclusion?: CheckConclusion;
  startedAt?: string;
  completedAt?: string;
  output?: {
    title: string | null;
    summary: string | null;
    text: string | null;
    annotations: readonly CheckAnnotationRecord[];
  };
}

export async function createCheckRun(
  world: World,
  repository: RepositoryRecord,
  by: Doer & { app: AppRecord },
  name: string,
  headSha: string,
  input: CheckChange,
): Promise<CheckRunRecord> {
  const suite = await suiteFor(world, repository, by.app, headSha);
  const run: CheckRunRecord = {
    id: world.id(),
    suite,
    app: by.app,
    headSha,
    name,
    externalId: null,
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: world.time(),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
  };
  repository.checkRuns.set(run.id, run);
  apply(world, run, input);
  announceRun(world, repository, by, 'created', run);
  if (run.status === 'completed') announceRun(world, repository, by, 'completed', run);
  return run;
}

export function updateCheckRun(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  run: CheckRunRecord,
  input: CheckChange,
): void {
  const was = run.status;
  apply(world, run, input);
  if (run.status === 'completed' && was !== 'completed') {
    announceRun(world, repository, by, 'completed', run);
  }
}

function apply(world: World, run: CheckRunRecord, input: CheckChange): void {
  if (input.name !== undefined) run.name = input.name;
  if (input.externalId !== undefined) run.externalId = input.externalId;
  if (input.detailsUrl !== undefined) run.detailsUrl = input.detailsUrl;
  if (input.startedAt !== undefined) run.startedAt = input.startedAt;
  if (input.output !== undefined) run.output = input.output;
  if (input.status !== undefined) {
    run.status = input.status;
    if (input.status !== 'completed') {
      run.conclusion = null;
      run.completedAt = null;
    }
  }
  if (input.conclusion !== undefined) {
    // A conclusion completes the run, whatever status was given.
    run.status = 'completed';
    run.conclusion = input.conclusion;
    run.completedAt = input.completedAt ?? world.time();
  }
  run.suite.updatedAt = world.time();
}

async function suiteFor(
  world: World,
  repository: RepositoryRecord,
  app: AppRecord,
  headSha: string,
): Promise<CheckSuiteRecord> {
  const existing = repository.checkSuites.find((one) => one.app === app && one.headSha === headSha);
  if (existing !== undefined) return existing;
  const pull = pullsOf(repository).find(
    (one) => one.pull.headSha === headSha && !isFromFork(repository, one.pull),
  );
  const suite: CheckSuiteRecord = {
    id: world.id(),
    app,
    headSha,
    headBranch: pull?.pull.headRef ?? (await branchAt(repository, headSha)),
    createdAt: world.time(),
    updatedAt: world.time(),
  };
  repository.checkSuites.push(suite);
  return suite;
}

async function branchAt(repository: RepositoryRecord, sha: string): Promise<string | null> {
  const found = [...(await repository.git.refs('refs/heads'))].find(([, at]) => at === sha);
  return found?.[0].slice('refs/heads/'.length) ?? null;
}

/** Somebody asks the App to check again; what it makes of that is its own affair. */
export function requestAgain(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  run: CheckRunRecord,
): void {
  announceRun(world, repository, by, 'rerequested', run);
}

function announceRun(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  action: 'created' | 'completed' | 'rerequested',
  run: CheckRunRecord,
): void {
  announce(world, repository, by, 'check_run', () => ({
    action,
    check_run: checkRunInWebhook(world, repository, run),
  }));
}

export async function createStatus(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: {
    sha: string;
    state: StatusState;
    context: string;
    description: string | null;
    targetUrl: string | null;
  },
): Promise<StatusRecord> {
  const status: StatusRecord = {
    id: world.id(),
    creator: by.account,
    createdAt: world.time(),
    ...input,
  };
  repository.statuses.push(status);
  const commit = await repository.git.requireCommit(input.sha);
  const branches = [...(await repository.git.refs('refs/heads'))].filter(
    ([, at]) => at === input.sha,
  );
  announce(world, repository, by, 'status', () => ({
    id: status.id,
    sha: status.sha,
    name: fullName(repository),
    avatar_url: `${world.url}/avatars/${by.account.id}`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: representCommit(world, repository, commit),
    branches: branches.map(([ref, sha]) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha, url: `${repositoryApi(world, repository)}/commits/${sha}` },
      protected: repository.protections.has(ref.slice('refs/heads/'.length)),
    })),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  }));
  return status;
}
