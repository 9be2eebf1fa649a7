import type { IssueFacts, IssuePage, MilestoneRef } from '../../ports/code-host.ts';
import { toAccount } from './accounts.ts';
import { ok, type Result } from '../../domain/result.ts';
import { act, ask, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';

type GitHubIssue = Parameters<typeof toIssue>[0];

/** null also for an issue that was deleted (410) or lies where we may not look. */
export async function issue(
  context: RepositoryContext,
  number: number,
): Promise<IssueFacts | null> {
  const found = await askOrNull(`issue ${numbered(context, number)}`, [404, 410], () =>
    context.client('observe').issues.get({ ...context.at, issue_number: number }),
  );
  return found === null ? null : toIssue(found.data);
}

export const openIssues = (
  context: RepositoryContext,
  limit: number,
): Promise<readonly IssueFacts[]> =>
  atMost(context, `open issues of ${context.ref.full_name}`, limit, {
    state: 'open',
    sort: 'created',
  });

export const issuesSince = (
  context: RepositoryContext,
  since: string,
  limit: number,
): Promise<readonly IssueFacts[]> =>
  atMost(context, `changed issues of ${context.ref.full_name}`, limit, {
    state: 'all',
    sort: 'updated',
    since,
  });

const PAGE = 100;

export async function issuePage(context: RepositoryContext, page: number): Promise<IssuePage> {
  const client = context.client('observe');
  const { data } = await ask(`page ${page} of the issues of ${context.ref.full_name}`, () =>
    client.issues.listForRepo({
      ...context.at,
      state: 'all',
      sort: 'created',
      direction: 'desc',
      per_page: PAGE,
      page,
    }),
  );
  return { issues: data.map((found) => toIssue(found)), last: data.length < PAGE };
}

async function atMost(
  context: RepositoryContext,
  what: string,
  limit: number,
  query: {
    readonly state: 'open' | 'all';
    readonly sort: 'created' | 'updated';
    readonly since?: string;
  },
): Promise<readonly IssueFacts[]> {
  const client = context.client('observe');
  return ask(what, async () => {
    const found: GitHubIssue[] = [];
    const pages = client.paginate.iterator(client.issues.listForRepo, {
      ...context.at,
      ...query,
      direction: 'desc',
      per_page: Math.max(1, Math.min(PAGE, limit)),
    });
    for await (const page of pages) {
      found.push(...page.data);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit).map((one) => toIssue(one));
  });
}

export async function labels(context: RepositoryContext): Promise<readonly string[]> {
  const client = context.client('observe');
  const all = await ask(`labels of ${context.ref.full_name}`, () =>
    client.paginate(client.issues.listLabelsForRepo, { ...context.at, per_page: 100 }),
  );
  return all.map(({ name }) => name);
}

function toIssue(found: {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null;
  readonly state: string;
  readonly user: Parameters<typeof toAccount>[0];
  readonly labels: readonly GitHubLabel[];
  readonly milestone: MilestoneRef | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly pull_request?: unknown;
}): IssueFacts {
  return {
    number: found.number,
    title: found.title,
    body: found.body ?? '',
    state: found.state === 'open' ? 'open' : 'closed',
    author: toAccount(found.user),
    labels: labelNames(found.labels),
    milestone: milestoneRef(found.milestone),
    created_at: found.created_at,
    updated_at: found.updated_at,
    is_pull_request: found.pull_request !== undefined,
  };
}

type GitHubLabel = string | { readonly name?: string };

/** GitHub's description allows bare strings and labels without a name. */
export const labelNames = (labels: readonly GitHubLabel[]): string[] =>
  labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])));

/** Of all GitHub tells of it, what a decision may rest on. */
export const milestoneRef = (found: MilestoneRef | null): MilestoneRef | null =>
  found === null ? null : { number: found.number, title: found.title };

/** Asked first: GitHub would let a second closing change the reason of the first. */
export async function closeIssue(
  context: RepositoryContext,
  number: number,
): Promise<Result<null>> {
  const name = `issue ${numbered(context, number)}`;
  const now = await issue(context, number);
  if (now?.state === 'closed') return ok(null);
  return act(
    `closing ${name}`,
    async () => {
      await context.client('discuss').issues.update({
        ...context.at,
        issue_number: number,
        state: 'closed',
        state_reason: 'not_planned',
      });
      return null;
    },
    (status, message) =>
      status === 404 || status === 410
        ? { code: 'issue.gone', message: `There is no ${name} to close.` }
        : status === 403 || status === 422
          ? { code: 'issue.refused', message: `GitHub refused to close ${name}: ${message}` }
          : null,
  );
}
