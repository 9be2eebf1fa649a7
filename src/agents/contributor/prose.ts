import { fence, neutralise, neutraliseLine } from '../../domain/text.ts';
import type { AgentUsage } from '../outcome.ts';
import { bullets, dataRule, quote } from '../prompt.ts';
import type { AgentRun } from '../run.ts';
import type { ContributionBrief } from './brief.ts';
import type { StepReport } from './proposal.ts';

const instructions = `You are the contributor of a software project on GitHub. You carry out an approved plan in a checkout, by tool calls:
list, search, read, replace, write, remove, run (a named step), finish.

- Read before you edit. Keep to the plan, and to the style of the code around your change.
- Add or change the tests the plan names. Run the steps before you finish; they are run again after.
- Change nothing else. Rules, workflows and instructions for agents cannot be changed.`;

/** Opens the conversation: who one is, what is asked, how things stand. */
export function instruct(
  run: AgentRun,
  brief: ContributionBrief,
  baseline: readonly StepReport[],
): void {
  const { issue, plan, nonce, review_feedback } = brief;
  run.say('system', `${instructions}\n\n${dataRule(nonce)}`);
  run.say(
    'user',
    [
      `Repository ${brief.repository}, issue ${issue.number}.`,
      quote(run, nonce, 'title', issue.title, 300),
      quote(run, nonce, 'body', issue.body),
      'The approved plan:',
      // Not `quote`: the plan was made harmless when it was proposed, and its marks need no flag.
      fence('plan', planText(plan), nonce, 12_000).text,
      ...(review_feedback.length === 0
        ? []
        : [
            'The work was reviewed and sent back. What the reviewers ask for, within the plan, is to be done now:',
            ...review_feedback.map((feedback) =>
              quote(
                run,
                nonce,
                feedback.path === undefined
                  ? 'review'
                  : `review of ${feedback.path}:${feedback.line ?? ''}`,
                feedback.body,
                4_000,
              ),
            ),
          ]),
      'Steps that can be run, and how they end before any change:',
      bullets(
        brief.steps.map((step) => {
          const report = baseline.find(({ name }) => name === step.name);
          return `${step.name}: ${report === undefined ? 'not run' : report.ok ? 'passes' : 'fails'}`;
        }),
      ),
      ...baseline.filter((report) => !report.ok).map((report) => stepText(run, nonce, report)),
    ].join('\n\n'),
  );
}

const planText = (plan: ContributionBrief['plan']): string =>
  [
    plan.summary,
    'Files:',
    bullets(plan.files),
    'Steps:',
    bullets(plan.steps),
    'Tests:',
    bullets(plan.tests),
    'Risks:',
    bullets(plan.risks),
  ].join('\n');

/** A step's end for the model. No duration: it says nothing and no two runs would read the same. */
export const stepText = (run: AgentRun, nonce: string, report: StepReport): string =>
  `Step ${report.name} ${report.ok ? 'passed' : 'failed'}:\n${quote(run, nonce, `output of ${report.name}`, report.tail, 8_000)}`;

export const commitMessage = (brief: ContributionBrief, title: string, summary: string): string =>
  `${neutraliseLine(title, 100)}\n\n${neutralise(summary, 2_000)}\n\nAssent-Item: ${brief.item}\nAssent-Plan: ${brief.plan.digest}\n`;

export function pullRequestBody(
  brief: ContributionBrief,
  summary: string,
  steps: readonly StepReport[],
  usage: AgentUsage,
): string {
  const cost =
    `${usage.requests} requests, ${usage.input_tokens} tokens in, ${usage.output_tokens} out` +
    `${usage.estimated ? ' (estimated upward)' : ''}, ${neutraliseLine(usage.model ?? 'unknown model', 100)}` +
    (usage.usd === null ? '' : `, ${usage.usd.toFixed(4)} USD`);
  return [
    neutralise(summary, 2_000),
    '### Plan',
    neutralise(brief.plan.summary, 1_000),
    bullets(brief.plan.steps.map((step) => neutraliseLine(step, 500))),
    `Approved as \`${brief.plan.digest}\`.`,
    '### What was run',
    bullets(steps.map(({ name, ok }) => `${neutraliseLine(name)}: ${ok ? 'passed' : 'failed'}`)),
    '### Cost',
    cost,
    `Closes #${brief.issue.number}`,
  ].join('\n\n');
}
