import { noUsage, type AgentOutcome } from '../../agents/outcome.ts';
import { recheckFacts, unanswered } from '../../agents/governor/answers.ts';
import type { GovernorBrief } from '../../agents/governor/brief.ts';
import { govern } from '../../agents/governor/governor.ts';
import type { ProgramAgent } from '../../agents/process/program.ts';
import type { GovernorProposal } from '../../agents/governor/proposal.ts';
import { INTERNAL_LOG_PATH, renderInternalLog } from '../../domain/ledger/internal-log.ts';
import type { Succession } from '../../domain/ledger/succession.ts';
import { QUEUE_PATH, renderQueue } from '../../domain/ledger/projection.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { OpenWorkspace } from '../../ports/workspace.ts';
import { pullRequestBody, type CycleAccount } from './cycle-body.ts';
import type { GatheredCycle } from './cycle-brief.ts';
import { cycleChangelog, type ChangelogChange } from './cycle-changelog.ts';
import { allOf, cycleDrift } from './cycle-drift.ts';
import { revisedRoadmap } from './cycle-roadmap.ts';
import type { RunContext } from './run-context.ts';
import type { RoadmapChange, ToldChangelog } from './run-result.ts';

/** The governor's judgement, turned by code into a commit of single-line edits, the log and the queue as of this cycle. */
export async function governCycle(
  context: RunContext,
  gathered: GatheredCycle,
  ports: { readonly program: ProgramAgent | undefined; readonly signal: AbortSignal },
): Promise<AgentOutcome<RoadmapChange>> {
  const { brief } = gathered;
  const open = unanswered(brief);
  if (open.length > 0) return notAnswered(brief, open);
  const outcome = await govern(brief, { model: context.deps.model, ...ports });
  if (outcome.kind !== 'proposal') return outcome;
  const change = await commitChange(context, gathered, outcome.proposal);
  if (change.ok) return { ...outcome, proposal: change.value };
  const { usage, trace } = outcome;
  return { kind: 'failed', code: 'workspace', reason: change.refusal.message, usage, trace };
}

/** No model is asked: whatever it wrote, the pull request would not open. */
const notAnswered = ({ cycle }: GovernorBrief, open: readonly string[]): AgentOutcome<never> => ({
  kind: 'failed',
  code: 'gate',
  reason: `the recheck questions cannot be answered from facts: ${open.join('; ')}. Mend that, then say \`/assent retry cycle-${cycle}\` in any issue`,
  usage: noUsage,
  trace: [],
});

async function commitChange(
  context: RunContext,
  gathered: GatheredCycle,
  judged: GovernorProposal,
): Promise<Result<RoadmapChange>> {
  const { brief, history } = gathered;
  const revised = revisedRoadmap(context, brief, judged);
  if (!revised.ok) return revised;
  const { proposal } = revised.value;
  const date = context.item.opened_at.slice(0, 10);
  const changelog = await cycleChangelog(context, brief, proposal.version?.to ?? null, date);
  const drift = await cycleDrift(context, gathered, proposal);
  const branch = `assent/cycle-${brief.cycle}`;
  const run = context.run.replaceAll(/[^A-Za-z0-9-]/g, '-');
  const opened = await context.repository.workspaces.open({ run, sha: context.base, branch });
  if (!opened.ok) return opened;
  try {
    const account = { ...revised.value, brief, changelog, drift, agents: history.agents };
    const succession = successionOf(gathered, account);
    return await writeChange(context, { account, succession, branch }, opened.value);
  } finally {
    await opened.value.dispose();
  }
}

interface Change {
  readonly account: CycleAccount & { readonly text: string };
  readonly succession: Succession;
  readonly branch: string;
}

async function writeChange(
  { deps, ledger }: RunContext,
  { account, succession, branch }: Change,
  workspace: OpenWorkspace,
): Promise<Result<RoadmapChange>> {
  const { brief, changelog, drift, proposal } = account;
  const contents: readonly (readonly [path: string, text: string])[] = [
    ...(changelog?.file == null ? [] : [[changelog.file.path, changelog.file.text] as const]),
    [brief.roadmap.path, account.text],
    [INTERNAL_LOG_PATH, renderInternalLog(ledger, ledger.head, succession)],
    [QUEUE_PATH, renderQueue(ledger.state, ledger.head)],
  ];
  for (const [path, text] of contents) {
    const written = await workspace.write(path, text);
    if (!written.ok) return written;
  }
  const files = await workspace.changes();
  if (!files.ok) return files;
  const title = `docs: roadmap after cycle ${brief.cycle}`;
  const { login, id } = await deps.codeHost.identity();
  const commit = await workspace.commit({
    message: `${title}\n\nFrom ${brief.merges.length} merged pull requests. Ledger ${ledger.head.sequence} ${ledger.head.hash}\n`,
    author: { name: login, email: `${id}+${login}@users.noreply.github.com` },
    at: deps.now(),
  });
  if (!commit.ok) return commit;
  return ok({
    proposal,
    commit: commit.value,
    branch,
    title,
    body: pullRequestBody(account),
    changelog: changelogTold(changelog),
    drift: drift === null ? null : allOf(drift),
    files: files.value,
    lines_changed: account.edits.length,
  });
}

/** For the history: which lines where, of which pull requests. */
const changelogTold = (changelog: ChangelogChange | null): ToldChangelog | null =>
  changelog === null
    ? null
    : {
        path: changelog.file?.path ?? null,
        lines_added: changelog.file?.lines_added ?? 0,
        entries: changelog.added.map(({ pull_request, section }) => ({ pull_request, section })),
      };

/** Rows that are begun, then those that come next, but those that this very change finishes. */
function successionOf(
  { brief, history }: GatheredCycle,
  { proposal, drift }: CycleAccount,
): Succession {
  const finished = new Set(
    proposal.flips.filter(({ to }) => to === 'done').map(({ line }) => line),
  );
  const open = brief.roadmap.items.filter(({ line }) => !finished.has(line));
  const facts = recheckFacts(brief);
  return {
    cycle: brief.cycle,
    merges: brief.merges.map(({ pull_request, title, approvals }) => ({
      pull_request,
      title,
      approvals,
      plan: history.plans.get(pull_request) ?? null,
    })),
    decided: history.decided,
    risks: [...facts.risks_introduced, ...facts.how_it_can_fail],
    drift: drift === null ? null : allOf(drift),
    next: (['in_progress', 'planned'] as const).flatMap((status) =>
      open.filter((item) => item.status === status),
    ),
  };
}
