import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openMirror } from '../../src/adapters/git/mirror.ts';
import { createWorkspaceHost } from '../../src/adapters/git/workspace.ts';
import { createHostDemoSandbox } from '../../src/adapters/sandbox/host.ts';
import type { ContributionBrief } from '../../src/agents/contributor/brief.ts';
import { contribute } from '../../src/agents/contributor/contributor.ts';
import type { ContributionProposal } from '../../src/agents/contributor/proposal.ts';
import { govern } from '../../src/agents/governor/governor.ts';
import type { CycleMerge } from '../../src/agents/governor/brief.ts';
import type { GovernorProposal } from '../../src/agents/governor/proposal.ts';
import type { AgentOutcome } from '../../src/agents/outcome.ts';
import { review } from '../../src/agents/reviewer/reviewer.ts';
import { readChange } from '../../src/application/runs/review-change.ts';
import { sha256 } from '../../src/composition.ts';
import { riskOf } from '../../src/domain/review/risk.ts';
import type { ReviewProposal } from '../../src/agents/reviewer/proposal.ts';
import type { TriageProposal } from '../../src/agents/triager/proposal.ts';
import { triage } from '../../src/agents/triager/triager.ts';
import { demoIssues, demoLabels } from '../../src/entrypoints/cli/demo/issues.ts';
import { defaultRepositoryConfig } from '../../src/domain/repository-config.ts';
import { createIssueIndex } from '../../src/domain/triage/issue-index.ts';
import { knownLabels } from '../../src/domain/triage/label-kinds.ts';
import type { LanguageModel } from '../../src/ports/language-model.ts';
import type { RepositoryFiles } from '../../src/ports/repository-files.ts';

export const demoProject = join(import.meta.dirname, '../../src/entrypoints/cli/demo/project');

const run = promisify(execFile);
const repository = 'acme/widgets';
const nonce = 'b1946ac92492d234';
const at = '2026-11-21T09:00:00Z';
const author = { name: 'assent[bot]', email: 'assent[bot]@users.noreply.github.com' };

/** The demo's project as a real repository, with its mirror, workspaces and steps. */
export interface DemoTable {
  readonly directory: string;
  readonly origin: string;
  readonly mirror: RepositoryFiles;
  readonly base: string;
  git(...args: readonly string[]): Promise<string>;
  contribute(
    issue: number,
    round: number,
    base: string,
  ): Promise<AgentOutcome<ContributionProposal>>;
  triage(issue: number): Promise<AgentOutcome<TriageProposal>>;
  review(
    issue: number,
    round: number,
    head: string,
    number: number,
  ): Promise<AgentOutcome<ReviewProposal>>;
  govern(merges: readonly CycleMerge[]): Promise<AgentOutcome<GovernorProposal>>;
  /** Merges into main of the origin as GitHub would; gives the merge commit. */
  merge(head: string): Promise<string>;
  close(): Promise<void>;
}

export async function setDemoTable(model: LanguageModel): Promise<DemoTable> {
  const directory = await mkdtemp(join(tmpdir(), 'assent-demo-'));
  const origin = join(directory, 'origin');
  const git = async (...args: readonly string[]) => {
    const done = await run(
      'git',
      ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', '-C', origin, ...args],
      {
        env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
      },
    );
    return done.stdout.trim();
  };
  await cp(demoProject, origin, { recursive: true });
  await run('git', ['init', '-q', '-b', 'main', origin]);
  await git('add', '--all');
  await git('commit', '-q', '-m', 'Tables from CSV');
  const base = await git('rev-parse', 'HEAD');
  const mirrorDirectory = join(directory, 'mirror.git');
  const mirror = await openMirror({
    directory: mirrorDirectory,
    remote: () => Promise.resolve({ url: origin, token: null }),
  });
  await mirror.fetch();
  const workspaces = createWorkspaceHost({
    mirror: mirrorDirectory,
    directory: join(directory, 'workspaces'),
  });
  const sandbox = createHostDemoSandbox();
  const header = (item: string, round: number) => ({ item, round, nonce, repository });
  const plans = new Map<number, NonNullable<TriageProposal['plan']>>();

  const similarTo = (number: number) => {
    const earlier = demoIssues.filter((issue) => issue.number < number);
    const index = createIssueIndex(earlier.map((issue) => ({ ...issue, labels: [] })));
    return index.similar(briefIssue(number), { limit: 5, least: 0.2 }).flatMap((found) =>
      earlier
        .filter((issue) => issue.number === found.number)
        .map(({ title, body }) => ({
          ...found,
          meaning: null,
          title,
          body,
          state: 'open' as const,
        })),
    );
  };

  const table: DemoTable = {
    directory,
    origin,
    mirror,
    base,
    git,
    async triage(number) {
      const outcome = await triage(
        {
          ...header(`issue-${number}`, 0),
          issue: briefIssue(number),
          labels_available: demoLabels.map(({ name }) => name),
          labels: knownLabels(
            demoLabels.map(({ name }) => name),
            defaultRepositoryConfig.labels,
          ),
          guesses: [],
          similar: similarTo(number),
          likeness_trouble: null,
          asked: [],
          files: await mirror.listFiles(base, ''),
          roadmap_items: [],
        },
        { model },
      );
      if (outcome.kind === 'proposal' && outcome.proposal.plan !== null)
        plans.set(number, outcome.proposal.plan);
      return outcome;
    },
    async contribute(number, round, from) {
      const plan = plans.get(number);
      if (!plan) throw new Error(`issue ${number} has no plan yet`);
      return contribute(contributionBrief(number, round, from, plan), {
        model,
        workspaces,
        sandbox,
      });
    },
    async review(number, round, head, pull) {
      const files = await readChange(mirror, base, head);
      if (files === null) throw new Error(`there is no ${head}`);
      return review(
        {
          ...header(`issue-${number}`, round),
          pull_request: {
            number: pull,
            title: 'A change',
            body: '',
            author: 'assent[bot]',
            head,
            base: 'main',
          },
          files,
          facts: {
            risk: riskOf({
              files,
              secrets: [],
              checks: [],
              dependencies: [],
              coverage: null,
              churn: null,
            }),
            secrets: [],
            coverage: null,
          },
          instructions: '',
          checks: [{ name: 'test', conclusion: 'success' }],
          plan: plans.get(number) ?? null,
          previous: null,
          author_model: null,
        },
        { model, sha256 },
      );
    },
    async govern(merges) {
      const text = (await mirror.readFile(base, 'ROADMAP.md')) ?? '';
      return govern(
        {
          ...header('cycle-1', 0),
          cycle: 1,
          merges,
          roadmap: { path: 'ROADMAP.md', text, items: itemsOf(text) },
          version: '0.1.0',
          earlier: [],
          carried: [],
          refused: [],
          cited: [],
          change_labels: { breaking: [], feature: [], fix: [] },
          facts: {
            failing_checks: [],
            checked_merges: 5,
            overrides: [],
            invalidated_approvals: 1,
            model_outages: 2,
            reworks: 1,
            ledger: { sequence: 120, hash: 'a'.repeat(64), verified: true, detail: '120 events.' },
          },
        },
        { model },
      );
    },
    async merge(head) {
      await git('fetch', '-q', mirrorDirectory, head);
      await git('merge', '-q', '--no-ff', '-m', 'Merge a pull request', head);
      return git('rev-parse', 'HEAD');
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
  return table;
}

function contributionBrief(
  number: number,
  round: number,
  base: string,
  plan: NonNullable<TriageProposal['plan']>,
): ContributionBrief {
  return {
    item: `issue-${number}`,
    round,
    nonce,
    repository,
    run: `issue-${number}-${round}`,
    at,
    base,
    branch: `assent/issue-${number}`,
    issue: briefIssue(number),
    plan: { ...plan, digest: 'd'.repeat(64) },
    review_feedback:
      round === 0
        ? []
        : [
            {
              author: 'maintainer',
              body: 'Negative and decimal numbers should count as numbers, and an empty cell should not matter.',
            },
          ],
    steps: [{ name: 'test', run: 'node --test' }],
    author,
  };
}

function briefIssue(number: number) {
  const issue = demoIssues.find((candidate) => candidate.number === number);
  if (!issue) throw new Error(`there is no issue ${number}`);
  return { ...issue, labels: [], comments: [] };
}

const itemsOf = (roadmap: string) =>
  roadmap.split('\n').flatMap((text, index) => {
    const [, item, status] = /^\| (.+?) \| (Planned|Done) \|$/.exec(text) ?? [];
    return item === undefined || status === undefined
      ? []
      : [
          {
            line: index + 1,
            text: item,
            status: status === 'Done' ? ('done' as const) : ('planned' as const),
            cites: [],
          },
        ];
  });
