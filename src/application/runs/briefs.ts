import type { BriefHeader, BriefIssue, Plan as BriefPlan } from '../../agents/brief.ts';
import type { TriageBrief } from '../../agents/triager/brief.ts';
import type { Plan } from '../../domain/work-item/state.ts';
import { agentOf } from '../decisions/agent-of.ts';
import type { IssueShelf } from './issue-shelf.ts';
import type { RunContext } from './run-context.ts';
import { rememberedFor } from './reminders.ts';
import { gatherTriage } from './triage-brief.ts';

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
