import type { BriefHeader, BriefIssue, Plan as BriefPlan } from '../../agents/brief.ts';
import type { GovernorBrief } from '../../agents/governor/brief.ts';
import type { TriageBrief } from '../../agents/triager/brief.ts';
import { itemsOf } from '../../domain/roadmap/roadmap.ts';
import type { ClosedCycle, Plan } from '../../domain/work-item/state.ts';
import { agentOf } from '../decisions/agent-of.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import { readRoadmapText } from '../tools/roadmap-tools.ts';
import type { IssueShelf } from './issue-shelf.ts';
import type { RunContext } from './run-context.ts';
import { rememberedFor } from './reminders.ts';
import { gatherTriage } from './triage-brief.ts';
import { checksAtMerges, cycleMerges } from './cycle-merges.ts';

/** Hidden from whoever wrote the text, since it is made for this run alone. */
export const header = (context: RunContext, round: number): BriefHeader => {
  const { deps, repository, item } = context;
  return {
    item: item.id,
    round,
    nonce: deps.newId().replaceAll('-', ''),
    repository: repository.ref.full_name,
    ...settingsOf(context),
  };
};

function settingsOf({ config, item }: RunContext): Pick<BriefHeader, 'model' | 'tools'> {
  const agent = agentOf[item.stage];
  if (agent === null) return {};
  const { model, tools } = config.agents[agent];
  return { ...(model === null ? {} : { model }), tools };
}

/** null: the issue is gone. */
export async function triageBrief(
  context: RunContext,
  shelf: IssueShelf,
): Promise<TriageBrief | null> {
  const issue = await briefIssue(context);
  return issue === null
    ? null
    : gatherTriage(context, shelf, issue, {
        ...header(context, context.item.revisions),
        ...rememberedFor(context, `${issue.title}\n${issue.body}`),
      });
}

export async function briefIssue({ repository, item }: RunContext): Promise<BriefIssue | null> {
  const look = await repository.host.issueWithEvidence(item.number);
  if (look === null) return null;
  const { issue, comments } = look;
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body,
    author: issue.author.login,
    labels: issue.labels,
    // Bots' comments (our own among them) say nothing about what the author wants.
    comments: comments
      .filter(({ user }) => user.type === 'User')
      .map(({ user, body }) => ({ author: user.login, body })),
  };
}

export const briefPlan = ({ summary, files, steps, risks, tests }: Plan): BriefPlan => ({
  summary,
  files,
  steps,
  risks,
  tests,
});

/** null: no such cycle, or no roadmap to govern. */
export async function governorBrief(context: RunContext): Promise<GovernorBrief | null> {
  const { repository, item, base, config, deps, ledger } = context;
  const cycle = ledger.state.closed_cycles[item.id];
  const path = config.agents.governor.roadmap;
  const text = await repository.files.readFile(base, path);
  if (cycle === undefined || text === null) return null;
  const roadmap = readRoadmapText(deps.roadmap, text);
  return {
    ...header(context, item.revisions),
    cycle: item.number,
    merges: await cycleMerges(repository, deps.log, ledger.state, item),
    roadmap: {
      path,
      text,
      items: itemsOf(roadmap).map(({ line, text: words, status }) => ({
        line,
        text: words,
        status,
      })),
    },
    version: roadmap.versions[0]?.version.replace(/^v/, '') ?? null,
    change_labels: config.agents.governor.change_labels,
    facts: cycleFacts(cycle, ledger, await checksAtMerges(repository, deps.log, cycle)),
  };
}

/** The chain was verified when this view was read; every commit since is the store's own. */
function cycleFacts(
  { tally }: ClosedCycle,
  { head }: LoadedLedger,
  checks: Pick<GovernorBrief['facts'], 'failing_checks' | 'checked_merges'>,
): GovernorBrief['facts'] {
  return {
    ...checks,
    overrides: tally.overrides,
    invalidated_approvals: tally.invalidated_approvals,
    model_outages: tally.model_outages,
    reworks: tally.reworks,
    ledger: {
      sequence: head.sequence,
      hash: head.hash,
      verified: true,
      detail: `chain verified from event 1 to ${head.sequence}`,
    },
  };
}
