import type { ContributionBrief, FailingCheck } from '../../agents/contributor/brief.ts';
import { reaches } from '../../domain/approval/people.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { Account, CheckFailure, RepositoryHost } from '../../ports/code-host.ts';
import { briefIssue, briefPlan, header } from './briefs.ts';
import type { RunContext } from './run-context.ts';
import { rememberedFor } from './reminders.ts';

/** null: the issue is gone, or its plan. */
export async function contributionBrief(context: RunContext): Promise<ContributionBrief | null> {
  const { deps, item, config, run, base, repository } = context;
  const issue = await briefIssue(context);
  if (issue === null || item.plan === null) return null;
  const { login, id } = await deps.codeHost.identity();
  const pull = item.pull_request;
  const [review_feedback, failing] =
    pull === null
      ? [[], []]
      : await Promise.all([
          feedback(repository.host, item, pull.number),
          repository.host.failures(pull.head),
        ]);
  return {
    ...header(context, item.round),
    ...rememberedFor(context, [issue.title, item.plan.summary, ...item.plan.files].join('\n')),
    run: run.replaceAll(/[^A-Za-z0-9-]/g, '-'),
    at: deps.now(),
    base: pull?.head ?? base,
    branch: pull?.branch ?? `assent/${item.id}`,
    issue,
    plan: { ...briefPlan(item.plan), digest: item.plan.digest },
    review_feedback,
    failing_checks: failing.map(failingCheck),
    steps: config.agents.contributor.steps,
    author: { name: login, email: `${id}+${login}@users.noreply.github.com` },
  };
}

/** The newest of each kind; whoever has more to say says it in a plan. */
const MOST_REMARKS = 30;

type Remark = ContributionBrief['review_feedback'][number] & { readonly by: Account };

/**
 * What people asked for since our last round, of those who may write here: whatever anybody else writes on a pull request is not
 * for the contributor to do. What Assent's own reviewer said is theirs to take up.
 */
async function feedback(
  host: RepositoryHost,
  item: Item,
  pull: number,
): Promise<ContributionBrief['review_feedback']> {
  const [reviews, remarks, onPull, onIssue] = await Promise.all([
    host.reviews(pull),
    host.reviewComments(pull),
    host.comments(pull),
    host.comments(item.number),
  ]);
  const since = lastRound(item);
  const isNews = ({ user, at, body }: { user: Account; at: string | null; body: string }) =>
    user.type === 'User' && at !== null && Date.parse(at) >= since && saysMore(body);
  const told: readonly Remark[] = [
    ...reviews
      .filter(isNews)
      .filter(({ state }) => state === 'changes_requested' || state === 'commented')
      .slice(-MOST_REMARKS)
      .map(({ user, body }) => ({ by: user, author: user.login, body })),
    ...remarks
      .filter(isNews)
      .slice(-MOST_REMARKS)
      .map(({ user, body, path, line }) => ({
        by: user,
        author: user.login,
        body,
        path,
        ...(line === null ? {} : { line }),
      })),
    ...[...onPull, ...onIssue]
      .filter(isNews)
      .filter(({ hidden }) => hidden !== true)
      .slice(-MOST_REMARKS)
      .map(({ user, body }) => ({ by: user, author: user.login, body })),
  ];
  const writers = await writersAmong(
    host,
    told.map(({ by }) => by),
  );
  return told.filter(({ by }) => writers.has(by.id)).map(({ by: _by, ...remark }) => remark);
}

/** GitHub's clock is not ours, and tells whole seconds. */
const SLACK_MS = 60_000;

const lastRound = ({ completed }: Item): number => {
  const last = completed.findLast(({ stage }) => stage === 'contribution');
  return last === undefined ? 0 : Date.parse(last.at) - SLACK_MS;
};

/** A command alone tells the contributor nothing. */
const saysMore = (body: string): boolean =>
  body.split(/\r?\n/).some((line) => !/^\s*(?:\/assent\s+\S+\s*)?$/.test(line));

async function writersAmong(
  host: RepositoryHost,
  people: readonly Account[],
): Promise<ReadonlySet<number>> {
  const byLogin = new Map(people.map((one) => [one.login, one]));
  const found = await Promise.all(
    [...byLogin.values()].map(async ({ id, login }) => {
      const known = await host.permission(login);
      return known?.account.id === id && reaches(known.permission, 'write') ? id : null;
    }),
  );
  return new Set(found.filter((id) => id !== null));
}

const failingCheck = (check: CheckFailure): FailingCheck => ({
  name: check.name,
  conclusion: check.conclusion,
  says: [
    check.title,
    check.summary,
    check.text,
    ...check.annotations.map(
      ({ path, line, level, message }) => `${path}:${line}: ${level}: ${message}`,
    ),
  ]
    .filter((part) => part !== null && part.trim() !== '')
    .join('\n'),
});
