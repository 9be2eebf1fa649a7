import { noUsage, type AgentOutcome } from '../../agents/outcome.ts';
import { unanswered } from '../../agents/governor/answers.ts';
import type { GovernorBrief } from '../../agents/governor/brief.ts';
import { govern } from '../../agents/governor/governor.ts';
import type { ProgramAgent } from '../../agents/process/program.ts';
import type { GovernorProposal } from '../../agents/governor/proposal.ts';
import { INTERNAL_LOG_PATH, renderInternalLog } from '../../domain/ledger/internal-log.ts';
import { QUEUE_PATH, renderQueue } from '../../domain/ledger/projection.ts';
import { ok, type Result } from '../../domain/result.ts';
import { nextToOpen } from '../../domain/roadmap/milestone.ts';
import type { Flip, Revision } from '../../domain/roadmap/revise.ts';
import type { Milestone, Roadmap } from '../../domain/roadmap/roadmap.ts';
import type { OpenWorkspace } from '../../ports/workspace.ts';
import { pullRequestBody } from './cycle-body.ts';
import { cycleChangelog, type ChangelogChange } from './cycle-changelog.ts';
import type { RunContext } from './run-context.ts';
import type { RoadmapChange, ToldChangelog } from './run-result.ts';
import { readRoadmapText, reviseRoadmap, type RevisedRoadmap } from '../tools/roadmap-tools.ts';

/** The governor's judgement, turned by code into a commit of single-line edits, the log and the queue as of this cycle. */
export async function governCycle(
  context: RunContext,
  brief: GovernorBrief,
  ports: { readonly program: ProgramAgent | undefined; readonly signal: AbortSignal },
): Promise<AgentOutcome<RoadmapChange>> {
  const open = unanswered(brief);
  if (open.length > 0) return notAnswered(brief, open);
  const outcome = await govern(brief, { model: context.deps.model, ...ports });
  if (outcome.kind !== 'proposal') return outcome;
  const change = await commitChange(context, brief, outcome.proposal);
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
  brief: GovernorBrief,
  proposal: GovernorProposal,
): Promise<Result<RoadmapChange>> {
  const revised = revisedRoadmap(context, brief, proposal);
  if (!revised.ok) return revised;
  const date = context.item.opened_at.slice(0, 10);
  const changelog = await cycleChangelog(context, brief, proposal.version?.to ?? null, date);
  const branch = `assent/cycle-${brief.cycle}`;
  const run = context.run.replaceAll(/[^A-Za-z0-9-]/g, '-');
  const opened = await context.repository.workspaces.open({ run, sha: context.base, branch });
  if (!opened.ok) return opened;
  try {
    return await writeChange(
      context,
      { brief, proposal, revised: revised.value, changelog, branch },
      opened.value,
    );
  } finally {
    await opened.value.dispose();
  }
}

interface Revised extends RevisedRoadmap {
  /** Gates that the change would open, and those that it cannot, as where a heading says no status. */
  readonly opens: readonly Milestone[];
  readonly to_open_by_hand: readonly Milestone[];
}

function revisedRoadmap(
  context: RunContext,
  brief: GovernorBrief,
  proposal: GovernorProposal,
): Result<Revised> {
  const { deps, policies } = context;
  const roadmap = readRoadmapText(deps.roadmap, brief.roadmap.text);
  const revision = revisionOf(context, brief, proposal, roadmap);
  const revised = reviseRoadmap(deps.roadmap, roadmap, revision);
  if (!revised.ok) return revised;
  const gates = policies.milestones.filter(({ gated }) => gated).map(({ name }) => name);
  const next = nextToOpen(readRoadmapText(deps.roadmap, revised.value.text), gates);
  const [opens, to_open_by_hand] = [
    next.filter(({ slots }) => slots.length > 0),
    next.filter(({ slots }) => slots.length === 0),
  ];
  if (opens.length === 0) return ok({ ...revised.value, opens, to_open_by_hand });
  const flips = opens.flatMap(({ title }) => openingFlip(roadmap, title));
  const opening = reviseRoadmap(deps.roadmap, roadmap, {
    ...revision,
    flips: [...revision.flips, ...flips],
  });
  // The cycle's own lines are not held up by a heading that cannot be changed.
  return ok(
    opening.ok
      ? { ...opening.value, opens, to_open_by_hand }
      : { ...revised.value, opens: [], to_open_by_hand: next },
  );
}

/** A line of the history may have moved the heading; its words have not. */
function openingFlip({ milestones }: Roadmap, title: string): readonly Flip[] {
  const heading = milestones.find((milestone) => milestone.title === title);
  return heading === undefined ? [] : [{ line: heading.line, text: title, to: 'in_progress' }];
}

function revisionOf(
  { item }: RunContext,
  brief: GovernorBrief,
  proposal: GovernorProposal,
  roadmap: Roadmap,
): Revision {
  const { version } = proposal;
  return {
    // By the roadmap's own words: a proposal's are made harmless for people to read, and differ.
    flips: proposal.flips.map(({ line, item, to }) => ({
      line,
      text: brief.roadmap.items.find((one) => one.line === line)?.text ?? item,
      to,
    })),
    version: version?.to ?? null,
    history:
      version === null || roadmap.history === null
        ? null
        : {
            version: version.to,
            date: item.opened_at.slice(0, 10),
            type: versionType(version),
            summary: `Cycle ${brief.cycle}: ${brief.merges.map(({ pull_request }) => `#${pull_request}`).join(', ')}`,
          },
  };
}

function versionType({ from, to }: { readonly from: string; readonly to: string }): string {
  const [a, b] = [from, to].map((version) => version.replace(/^v/, '').split('.'));
  if (a?.[0] !== b?.[0]) return 'Major';
  return a?.[1] === b?.[1] ? 'Patch' : 'Minor';
}

interface Change {
  readonly brief: GovernorBrief;
  readonly proposal: GovernorProposal;
  readonly revised: Revised;
  readonly changelog: ChangelogChange | null;
  readonly branch: string;
}

async function writeChange(
  { deps, ledger }: RunContext,
  { brief, proposal, revised, changelog, branch }: Change,
  workspace: OpenWorkspace,
): Promise<Result<RoadmapChange>> {
  const contents: readonly (readonly [path: string, text: string])[] = [
    ...(changelog?.file == null ? [] : [[changelog.file.path, changelog.file.text] as const]),
    [brief.roadmap.path, revised.text],
    [INTERNAL_LOG_PATH, renderInternalLog(ledger, ledger.head)],
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
    body: pullRequestBody({ brief, proposal, ...revised, changelog }),
    changelog: changelogTold(changelog),
    files: files.value,
    lines_changed: revised.edits.length,
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
