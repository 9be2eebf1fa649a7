import { GraphqlResponseError } from '@octokit/graphql';

import type { Refusal, Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { PullRequestDraft, PullRequestFacts } from '../../ports/code-host.ts';
import { act, ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { fromDetail, openPullRequests, pullRequestDetail } from './pull-requests.ts';

/** GraphQL's names of the pull requests we opened; they never change. */
export type NodeIds = Map<number, string>;

/** One open pull request for a head branch. Asked for again, it gives the one that is open. */
export async function openPullRequest(
  context: RepositoryContext,
  nodes: NodeIds,
  draft: PullRequestDraft,
): Promise<Result<PullRequestFacts>> {
  const already = await openFrom(context, draft);
  if (already !== null) return already;
  const opened = await act(
    `pull request from ${draft.branch} in ${context.ref.full_name}`,
    async () => {
      const { data } = await context.client('propose').pulls.create({
        ...context.at,
        head: draft.branch,
        base: draft.base,
        title: draft.title,
        body: draft.body,
        draft: draft.draft,
      });
      nodes.set(data.number, data.node_id);
      return fromDetail(data);
    },
    (status, message) => (status === 422 ? whyNotOpened(draft, message) : null),
  );
  // Between the look and the deed another run of ours opened it.
  if (!opened.ok && opened.refusal.code === 'pull_request.exists')
    return (await openFrom(context, draft)) ?? opened;
  return opened;
}

async function openFrom(
  context: RepositoryContext,
  draft: PullRequestDraft,
): Promise<Result<PullRequestFacts> | null> {
  const open = (await openPullRequests(context, draft.branch)).filter(
    // An unknown `head` filter is ignored by some hosts, and then everything is in the list.
    (pull) => pull.head_branch === draft.branch && pull.head_repository === context.ref.full_name,
  );
  const [found] = open;
  if (found === undefined) return null;
  if (open.every(({ base }) => base !== draft.base))
    return refuse(
      'pull_request.other_base',
      `${numbered(context, found.number)} from ${draft.branch} goes into ${found.base}, not ${draft.base}. Close it first.`,
    );
  return ok(open.find(({ base }) => base === draft.base) ?? found);
}

function whyNotOpened(draft: PullRequestDraft, message: string): Refusal {
  const because = (code: string, text: string) => ({ code: `pull_request.${code}`, message: text });
  if (/already exists/i.test(message))
    return because('exists', `There is a pull request from ${draft.branch} already.`);
  if (/no commits between/i.test(message))
    return because('no_commits', `${draft.branch} has nothing that ${draft.base} has not.`);
  if (/draft pull requests are not supported/i.test(message))
    return because('no_drafts', 'This repository does not allow draft pull requests.');
  return because('refused', `GitHub refused the pull request from ${draft.branch}: ${message}`);
}

export async function describePullRequest(
  context: RepositoryContext,
  number: number,
  body: string,
): Promise<Result<null>> {
  return act(
    `description of ${numbered(context, number)}`,
    async () => {
      await context.client('propose').pulls.update({ ...context.at, pull_number: number, body });
      return null;
    },
    (status, message) =>
      [404, 410, 422].includes(status)
        ? {
            code: 'pull_request.not_described',
            message: `GitHub did not take the description of ${numbered(context, number)}: ${message}`,
          }
        : null,
  );
}

const MARK_READY = `mutation MarkReady($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

/** Only GraphQL can; ready already is success. What we opened ourselves needs no look first, unless GitHub says no. */
export async function markReady(
  context: RepositoryContext,
  nodes: NodeIds,
  number: number,
): Promise<Result<null>> {
  const item = numbered(context, number);
  const known = nodes.get(number);
  if (known !== undefined && (await isMadeReady(context, known))) return ok(null);
  const pull = await pullRequestDetail(context, number);
  if (pull === null) return refuse('pull_request.no_item', `There is no pull request ${item}.`);
  if (pull.draft !== true) return ok(null);
  if (pull.state !== 'open')
    return refuse('pull_request.closed', `${item} is closed; it cannot be made ready.`);
  await ask(`making ${item} ready`, () =>
    context.client('merge').graphql(MARK_READY, { id: pull.node_id }),
  );
  return ok(null);
}

interface Marked {
  readonly markPullRequestReadyForReview: {
    readonly pullRequest: { readonly isDraft: boolean } | null;
  } | null;
}

const isMadeReady = (context: RepositoryContext, id: string): Promise<boolean> =>
  ask(`making a pull request of ${context.ref.full_name} ready`, async () => {
    try {
      const done = await context.client('merge').graphql<Marked>(MARK_READY, { id });
      return done.markPullRequestReadyForReview?.pullRequest?.isDraft === false;
    } catch (error) {
      if (error instanceof GraphqlResponseError) return false;
      throw error;
    }
  });
