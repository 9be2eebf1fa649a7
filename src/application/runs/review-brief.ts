import type { ReviewBrief } from '../../agents/reviewer/brief.ts';
import { markSeen, type ReviewedFile } from '../../domain/review/change.ts';
import { dependencyChanges, isReadManifest } from '../../domain/review/dependencies.ts';
import { standing } from '../../domain/review/memory.ts';
import { riskOf, type FoundSecret, type RiskFacts } from '../../domain/review/risk.ts';
import { markIn } from '../../domain/review/text.ts';
import { findSecrets } from '../../domain/secrets/find.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { PullRequestFacts, ReviewThreadFacts } from '../../ports/code-host.ts';
import type { Repository } from '../repository.ts';
import { briefPlan, header } from './briefs.ts';
import type { RunContext } from './run-context.ts';
import { readChange } from './review-change.ts';

/** Of the repository's own, the first that is there; read from the default branch, never from what is under review. */
const INSTRUCTIONS = ['.github/assent-review.md', 'AGENTS.md'];
const COMMITS_OF_CHURN = 200;
const MANIFESTS_READ = 10;
const SECRETS_TOLD = 20;

/** null: the pull request is gone. */
export async function reviewBrief(context: RunContext): Promise<ReviewBrief | null> {
  const { repository, item } = context;
  const { host } = repository;
  if (item.pull_request === null) return null;
  const pull = await host.pullRequest(item.pull_request.number);
  if (pull === null) return null;
  const { head, base_sha } = pull;
  const [change, before, instructions, all, threads] = await Promise.all([
    readChange(repository.files, base_sha, head),
    item.review === undefined
      ? null
      : readChange(repository.files, base_sha, item.review.head).catch(() => null),
    instructionsOf(context),
    host.checks(head),
    item.review === undefined ? [] : host.reviewThreads(pull.number),
  ]);
  if (change === null) throw new Error(`git has no commit ${head} to review`);
  const files = before === null ? change : markSeen(change, before);
  const { id: ourId, app_id } = await context.deps.codeHost.identity();
  const checks = all
    .filter((check) => check.app_id !== app_id)
    .map(({ name, conclusion }) => ({ name, conclusion }));
  return {
    ...header(context, item.revisions),
    pull_request: {
      number: pull.number,
      title: pull.title,
      body: pull.body,
      author: pull.author.login,
      head,
      base: pull.base,
    },
    files,
    facts: await factsOf(repository, pull, { files, checks, coverage: coverageOf(item, head) }),
    instructions,
    checks,
    plan: item.plan === null ? null : briefPlan(item.plan),
    previous: previousOf(context, files, threads, ourId),
    author_model: item.written_by ?? null,
  };
}

async function instructionsOf({ repository, base }: RunContext): Promise<string> {
  const found = await Promise.all(
    INSTRUCTIONS.map((path) => repository.files.readFile(base, path)),
  );
  return found.find((text) => text !== null) ?? '';
}

/** What was measured of another commit says nothing of this one. */
function coverageOf({ coverage }: Item, head: string): RiskFacts['coverage'] {
  if (coverage?.commit !== head) return null;
  const { commit: _commit, ...measured } = coverage;
  return measured;
}

async function factsOf(
  { files: git }: Repository,
  { base_sha, head }: PullRequestFacts,
  { files, checks, coverage }: Pick<RiskFacts, 'files' | 'checks' | 'coverage'>,
): Promise<ReviewBrief['facts']> {
  const from = (await git.mergeBase(base_sha, head)) ?? base_sha;
  const manifests = files.filter(({ path }) => isReadManifest(path)).slice(0, MANIFESTS_READ);
  // One that is too large to be read tells nothing; that it changed is told all the same.
  const read = (rev: string, path: string) => git.readFile(rev, path).catch(() => null);
  const [churn, changes] = await Promise.all([
    git.churn(from, COMMITS_OF_CHURN),
    Promise.all(
      manifests.map(async ({ path }) => ({
        path,
        before: await read(from, path),
        after: await read(head, path),
      })),
    ),
  ]);
  const secrets = secretsOf(files);
  const dependencies = dependencyChanges(changes);
  const risk = riskOf({ files, secrets, checks, dependencies, coverage, churn });
  return { risk, secrets, coverage };
}

/** In what each hunk adds, read as one: a key has many lines. What is merely worth a look is no reason to ask for changes. */
const secretsOf = (files: readonly ReviewedFile[]): readonly FoundSecret[] =>
  files
    .flatMap(({ path, hunks }) =>
      hunks.flatMap(({ lines }) => {
        const added = lines.filter(({ kind }) => kind === 'added');
        return findSecrets(added.map(({ text }) => text).join('\n'))
          .filter(({ confidence }) => confidence !== 'low')
          .map(({ line, title }) => ({ path, line: added[line - 1]?.new ?? 0, rule: title }));
      }),
    )
    .slice(0, SECRETS_TOLD);

function previousOf(
  { item, deps }: RunContext,
  files: readonly ReviewedFile[],
  threads: readonly ReviewThreadFacts[],
  ourId: number,
): ReviewBrief['previous'] {
  if (item.review === undefined) return null;
  const dismissed = dismissedIn(threads, ourId);
  return {
    memory: item.review,
    findings: standing(item.review.findings, dismissed, files, deps.sha256),
  };
}

/** By mark: who put it aside, where that is known. Anybody can copy a mark; only in our own remark it is one. */
function dismissedIn(
  threads: readonly ReviewThreadFacts[],
  ourId: number,
): ReadonlyMap<string, string | null> {
  return new Map(
    threads.flatMap(({ first, resolved, resolved_by }): [string, string | null][] => {
      const mark = first?.user.id === ourId ? markIn(first.body) : null;
      if (mark === null || !(resolved || first?.hidden === true)) return [];
      return [[mark, resolved ? (resolved_by?.login ?? null) : null]];
    }),
  );
}
