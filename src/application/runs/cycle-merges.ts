import type { CycleFacts, CycleMerge } from '../../agents/governor/brief.ts';
import { breaksIn } from '../../domain/changelog/classify.ts';
import { closedBy } from '../../domain/roadmap/citations.ts';
import { revertsIn, takenBack, type MergedWords } from '../../domain/roadmap/reverts.ts';
import type {
  ClosedCycle,
  CountedMerge,
  GovernanceState,
  Item,
} from '../../domain/work-item/state.ts';
import type { PullRequestFacts } from '../../ports/code-host.ts';
import type { Deps, Repository } from '../repository.ts';
import { mergedChange, type MergedChange } from './merged-change.ts';

interface Looked {
  readonly merge: CountedMerge;
  readonly pull: PullRequestFacts | null;
  /** Null: git could not tell. */
  readonly change: MergedChange | null;
  readonly words: MergedWords;
}

/** Where it is written down that something could not be told: the governor's answer then waits for it. */
type Log = Pick<Deps['log'], 'warn'>;

/** The merges of a cycle as the governor is told of them; which of them were taken back since, later merges tell. */
export async function cycleMerges(
  repository: Repository,
  log: Log,
  state: GovernanceState,
  item: Item,
  /** Of cycles before it, oldest first. */
  carried: readonly CountedMerge[],
): Promise<Readonly<Record<'carried' | 'merges', readonly CycleMerge[]>>> {
  const { full_name } = repository.ref;
  const before = await look(repository, log, carried);
  const own = await look(repository, log, state.closed_cycles[item.id]?.merges ?? []);
  const since = await look(repository, log, mergesAfter(state, item.number));
  const back = takenBack(
    [...before, ...own, ...since].map(({ words }) => words),
    full_name,
  );
  const told = (looked: Looked): CycleMerge => {
    const { pull_request, issue } = looked.merge;
    const reverts = revertsIn(looked.words, full_name).flatMap((number) => {
      const cycle = state.counted[String(number)];
      return cycle === undefined || number === pull_request
        ? []
        : [{ pull_request: number, cycle }];
    });
    const said = closedBy(looked.pull?.body ?? '', full_name);
    const closes = [...new Set([...(issue === null ? [] : [issue]), ...said])];
    return cycleMerge(looked, { reverts, reverted_by: back.get(pull_request) ?? null, closes });
  };
  return { carried: before.map(told), merges: own.map(told) };
}

/** Counted after that cycle was closed, as far as the state still holds them. */
function mergesAfter(
  { cycle, closed_cycles }: GovernanceState,
  number: number,
): readonly CountedMerge[] {
  const later = Object.entries(closed_cycles)
    .map(([id, { merges }]) => ({ cycle: Number(id.replace('cycle-', '')), merges }))
    .filter((closed) => closed.cycle > number)
    .sort((a, b) => a.cycle - b.cycle);
  return [...later.flatMap(({ merges }) => merges), ...cycle.merges];
}

const look = (
  repository: Repository,
  log: Log,
  merges: readonly CountedMerge[],
): Promise<readonly Looked[]> => Promise.all(merges.map((merge) => lookAt(repository, log, merge)));

async function lookAt(repository: Repository, log: Log, merge: CountedMerge): Promise<Looked> {
  const { pull_request } = merge;
  const pull = await repository.host.pullRequest(pull_request);
  // A commit that is gone (a branch pushed over by force) leaves the question open; it is not answered with "nothing".
  const change = await orNull(log, pull_request, mergedChange(repository, merge, pull));
  const subjects = change?.commits.map(({ subject }) => subject) ?? [];
  const texts = [merge.title, pull?.title ?? '', pull?.body ?? '', ...subjects];
  return { merge, pull, change, words: { pull_request, texts } };
}

async function orNull<T>(log: Log, pull_request: number, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    log.warn({ pull_request, err: error }, 'what a merge brought could not be told');
    return null;
  }
}

const MOST_COMMITS = 100;
const MOST_BREAKS = 10;

function cycleMerge(
  { merge, pull, change }: Looked,
  related: Pick<CycleMerge, 'reverts' | 'reverted_by' | 'closes'>,
): CycleMerge {
  return {
    pull_request: merge.pull_request,
    // The pull request's own title says what kind of change it is; the version is decided by that.
    title: pull?.title ?? merge.title,
    issue: merge.issue,
    files:
      change?.files.map(({ path, additions, deletions }) => ({ path, additions, deletions })) ??
      null,
    labels: pull?.labels ?? [],
    author: pull?.author.type === 'User' ? pull.author.login : null,
    subjects: change?.commits.map(({ subject }) => subject).slice(0, MOST_COMMITS) ?? [],
    breaks: [pull?.body ?? '', ...(change?.commits ?? []).map(({ body }) => body)]
      .flatMap(breaksIn)
      .slice(0, MOST_BREAKS),
    merged_at: merge.at,
    merge_sha: merge.sha,
    revert: change?.revert ?? null,
    ...related,
    // Who approved two steps is named once.
    approvals: [...new Set(merge.approvals)],
    by: merge.by,
    usage: { input_tokens: merge.tokens, output_tokens: 0, usd: null },
  };
}

/** How the checks stood at each merge; null where one could not be asked. */
export async function checksAtMerges(
  { host }: Repository,
  log: Log,
  { merges }: ClosedCycle,
): Promise<Pick<CycleFacts, 'failing_checks' | 'checked_merges'>> {
  const perMerge = await Promise.all(
    merges.map(async ({ pull_request, sha }) => {
      const checks = await orNull(log, pull_request, host.checks(sha));
      return checks?.map(({ name, conclusion }) => ({ pull_request, name, conclusion })) ?? null;
    }),
  );
  const known = perMerge.filter((checks) => checks !== null);
  return {
    checked_merges: known.filter((checks) => checks.length > 0).length,
    failing_checks:
      known.length < merges.length
        ? null
        : known
            .flat()
            .filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out')
            .map(({ pull_request, name }) => ({ pull_request, name })),
  };
}
