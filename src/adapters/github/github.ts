import type {
  CodeHost,
  GitCredentials,
  RepositoryFacts,
  RepositoryHost,
  RepositoryRef,
} from '../../ports/code-host.ts';
import { deleteBranch } from './branches.ts';
import { ask } from './call.ts';
import type { RememberedChecks } from './checks.ts';
import { failures } from './check-failures.ts';
import { checks, reportCheck } from './checks.ts';
import { createClient } from './client.ts';
import type { RememberedComments } from './comments.ts';
import { upsertComment } from './comments.ts';
import type { Identity, RepositoryContext } from './context.ts';
import { deliveries, redeliver } from './deliveries.ts';
import { comments, labelEvents, reviewComments, reviews } from './evidence.ts';
import { issueWithEvidence, pullRequestWithEvidence } from './evidence-at-once.ts';
import { CodeHostFault } from './fault.ts';
import { identityOf, installations, repositoriesOf } from './installations.ts';
import { closeIssue, issue, issuePage, issuesSince, labels, openIssues } from './issues.ts';
import { changeLabels } from './labels.ts';
import { dequeue, enqueue, enqueuer, mergeGroup, queueStanding } from './merge-queue.ts';
import { merge } from './merge.ts';
import { once } from './once.ts';
import type { GitHubOptions } from './options.ts';
import { baseUrlOf, gitHostOf } from './options.ts';
import { collaborators, teamMembers } from './directory.ts';
import { organizationsOf, permission, seesTeam, teamsOf } from './people.ts';
import type { NodeIds } from './proposals.ts';
import { describePullRequest, markReady, openPullRequest } from './proposals.ts';
import { commits, mergedSince, openPullRequests, pullRequest } from './pull-requests.ts';
import { reviewThreads } from './review-threads.ts';
import { publishReview } from './reviews.ts';
import type { Tokens } from './tokens.ts';
import { clientsOf, createTokens } from './tokens.ts';
import { createFetch } from './transport.ts';

/** GitHub, GitHub Enterprise Server or a simulator of it, as the App that `privateKey` belongs to. */
export function createGitHub(options: GitHubOptions): GitHub {
  const fetch = createFetch(options);
  const tokens = createTokens(options, fetch);
  const app = createClient(options, fetch, tokens.app());
  const overview = (installation: number) =>
    clientsOf(options, fetch, tokens, installation, null)('describe');

  const identity = once(async (): Promise<Identity> => {
    const [first] = await installations(app);
    if (first === undefined)
      throw new CodeHostFault('who the App is', new Error('the App is installed nowhere yet'));
    return identityOf(app, overview(first));
  });

  const kept = new Map<number, Set<string>>();
  const keptIn = (ref: RepositoryRef): Set<string> => {
    const branches = kept.get(ref.id) ?? new Set(['assent/ledger']);
    kept.set(ref.id, branches);
    return branches;
  };

  const contextOf = (ref: RepositoryRef): RepositoryContext => ({
    ref,
    at: { owner: ref.owner, repo: ref.name },
    client: clientsOf(options, fetch, tokens, ref.installation, ref.id),
    identity,
    kept: keptIn(ref),
  });

  return {
    identity,
    repositories: async () => {
      const found = await installations(app);
      const each = await Promise.all(found.map((id) => repositoriesOf(overview(id), id)));
      return each.flat();
    },
    contextOf,
    repository: (ref) => repositoryHost(contextOf(ref), options, tokens),
    deliveries: (since) => deliveries(app, since),
    redeliver: (id) => redeliver(app, id),
  };
}

export interface GitHub extends CodeHost {
  /** For the other parts of this adapter that act in one repository, such as the ledger's branch. */
  contextOf(ref: RepositoryRef): RepositoryContext;
}

function repositoryHost(
  context: RepositoryContext,
  options: GitHubOptions,
  tokens: Tokens,
): RepositoryHost {
  const ourComments: RememberedComments = new Map();
  const ourChecks: RememberedChecks = new Map();
  const nodes: NodeIds = new Map();
  return {
    ref: context.ref,
    describe: () => describe(context),
    issue: (number) => issue(context, number),
    openIssues: (limit) => openIssues(context, limit),
    issuePage: (page) => issuePage(context, page),
    issuesSince: (since, limit) => issuesSince(context, since, limit),
    labels: () => labels(context),
    pullRequest: (number) => pullRequest(context, number),
    openPullRequests: () => openPullRequests(context),
    mergedSince: (base, since) => mergedSince(context, base, since),
    reviews: (pull) => reviews(context, pull),
    reviewComments: (pull) => reviewComments(context, pull),
    reviewThreads: (pull) => reviewThreads(context, pull),
    comments: (number) => comments(context, number),
    labelEvents: (number) => labelEvents(context, number),
    issueWithEvidence: (number) => issueWithEvidence(context, number),
    pullRequestWithEvidence: (number) => pullRequestWithEvidence(context, number),
    commits: (pull) => commits(context, pull),
    queueStanding: (pull) => queueStanding(context, pull),
    mergeGroup: (group) => mergeGroup(context, group),
    enqueuer: (pull) => enqueuer(context, pull),
    checks: (sha) => checks(context, sha),
    failures: (sha) => failures(context, sha),
    permission: (login) => permission(context, login),
    collaborators: () => collaborators(context),
    teamMembers: (team) => teamMembers(context, team),
    teamsOf: (login, teams) => teamsOf(context, login, teams),
    seesTeam: (team) => seesTeam(context, team),
    organizationsOf: (login, organizations) => organizationsOf(context, login, organizations),
    upsertComment: (number, marker, body) =>
      upsertComment(context, ourComments, number, marker, body),
    closeIssue: (number) => closeIssue(context, number),
    changeLabels: (number, change) => changeLabels(context, number, change),
    openPullRequest: (draft) => openPullRequest(context, nodes, draft),
    describePullRequest: (pull, body) => describePullRequest(context, pull, body),
    markReady: (pull) => markReady(context, nodes, pull),
    publishReview: (draft) => publishReview(context, draft),
    reportCheck: (report) => reportCheck(context, ourChecks, report),
    merge: (input) => merge(context, input),
    enqueue: (input) => enqueue(context, input),
    dequeue: (pull) => dequeue(context, pull),
    deleteBranch: (branch) => deleteBranch(context, branch),
    gitCredentials: (fresh = false) => gitCredentials(context, options, tokens, fresh),
  };
}

async function describe(context: RepositoryContext): Promise<RepositoryFacts> {
  const { data } = await ask(`repository ${context.ref.full_name}`, () =>
    // Only who may push is told which merges are allowed.
    context.client('push').repos.get(context.at),
  );
  return {
    full_name: data.full_name,
    default_branch: data.default_branch,
    private: data.private,
    merge_methods: mergeMethods(data),
  };
}

const methods = ['merge', 'squash', 'rebase'] as const;

/** GitHub shows these settings to those who may push. */
function mergeMethods(data: {
  readonly allow_merge_commit?: boolean;
  readonly allow_squash_merge?: boolean;
  readonly allow_rebase_merge?: boolean;
}): RepositoryFacts['merge_methods'] {
  const allowed = {
    merge: data.allow_merge_commit,
    squash: data.allow_squash_merge,
    rebase: data.allow_rebase_merge,
  };
  if (methods.some((method) => allowed[method] === undefined)) return null;
  return methods.filter((method) => allowed[method]);
}

async function gitCredentials(
  context: RepositoryContext,
  options: GitHubOptions,
  tokens: Tokens,
  fresh: boolean,
): Promise<GitCredentials> {
  const { installation, id, full_name: fullName } = context.ref;
  return {
    url: `${gitHostOf(baseUrlOf(options))}/${fullName}.git`,
    token: await tokens.raw(installation, id, 'push', fresh),
  };
}
