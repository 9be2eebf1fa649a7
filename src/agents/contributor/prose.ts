import { fence, neutralise, neutraliseLine } from '../../domain/text.ts';
import type { SandboxCapability } from '../../ports/sandbox.ts';
import type { AgentUsage, TraceEntry } from '../outcome.ts';
import { bullets, dataRule, quote, reminders } from '../prompt.ts';
import type { AgentRun } from '../run.ts';
import type { ContributionBrief } from './brief.ts';
import type { StepReport } from './proposal.ts';

const instructions = `You are the contributor of a software project on GitHub. You carry out an approved plan in a checkout, by tool calls:
list, search, read, replace, write, remove, run (a named step), finish.

- Read before you edit. Keep to the plan, and to the style of the code around your change.
- Add or change the tests the plan names. Run the steps before you finish; they are run again after,
  in a fresh checkout of your change, where nothing lies that git ignores.
- Change nothing else. Rules, workflows and instructions for agents cannot be changed.`;

const programInstructions = `You are the contributor of a software project on GitHub. You carry out an approved plan in a checkout, which is the folder you are in.

- Read before you edit. Keep to the plan, and to the style of the code around your change.
- Add or change the tests the plan names. Steps are run after you are done, in a fresh checkout of your change.
- Change nothing else. Rules, workflows and instructions for agents cannot be changed. Do not commit: what you leave in the files counts.
- In the end say what you did: a title for the pull request in the imperative, and a summary.`;

/** Opens the conversation: who one is, what is asked, how things stand. */
export function instruct(
  run: AgentRun,
  brief: ContributionBrief,
  baseline: readonly StepReport[],
): void {
  const { issue, plan, nonce, review_feedback, failing_checks = [] } = brief;
  const told = run.program === undefined ? instructions : programInstructions;
  run.say('system', `${told}\n\n${dataRule(nonce)}`);
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
            'The work so far is in the checkout; it was reviewed and sent back. What the reviewers ask for, within the plan, is to be done now:',
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
      ...(failing_checks.length === 0
        ? []
        : [
            'Checks of the pull request fail. What they find, as far as the change brought it about, is to be mended now:',
            ...failing_checks.map(({ name, conclusion, says }) =>
              quote(
                run,
                nonce,
                `check ${name} (${conclusion})`,
                says || '(it says nothing)',
                6_000,
              ),
            ),
          ]),
      ...reminders(run, nonce, brief.remembered),
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

export interface Account {
  readonly summary: string;
  readonly flags: readonly string[];
  readonly steps: readonly StepReport[];
  readonly baseline: readonly StepReport[];
  readonly sandbox: SandboxCapability['kind'];
  readonly usage: AgentUsage;
  readonly trace: readonly TraceEntry[];
}

/** What people read above the diff: what was meant, what code saw, what it cost, and how it came about. */
export function pullRequestBody(brief: ContributionBrief, account: Account): string {
  const { summary, flags, steps, usage } = account;
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
    steps.length === 0
      ? 'Nothing: `.github/assent.yml` names no steps.'
      : `In a fresh checkout of the commit, ${places[account.sandbox]}:`,
    ...(steps.length === 0 ? [] : [bullets(steps.map((step) => stepLine(step, account.baseline)))]),
    ...(flags.length === 0
      ? []
      : ['### For you to look at', bullets(flags.map((flag) => neutraliseLine(flag, 300)))]),
    '### Cost',
    cost,
    traceText(account.trace),
    `Closes #${brief.issue.number}`,
  ].join('\n\n');
}

const places: Readonly<Record<SandboxCapability['kind'], string>> = {
  bubblewrap: 'in a sandbox',
  container: 'in a container',
  'host-demo': 'on the machine itself, without a sandbox (the demo)',
  'unsafe-host': 'on the machine itself, without a sandbox',
  unavailable: 'nowhere',
};

function stepLine({ name, ok }: StepReport, baseline: readonly StepReport[]): string {
  const before = baseline.find((report) => report.name === name);
  const news = before !== undefined && !before.ok && ok ? ' (it failed before the change)' : '';
  return `${neutraliseLine(name)}: ${ok ? 'passed' : 'failed'}${news}`;
}

const traceLines = 60;
const traceWidth = 160;

/** Bounded, since it stands in the history for good; the middle of a long one says least. */
function traceText(trace: readonly TraceEntry[]): string {
  const lines = trace.map(
    ({ turn, kind, detail }) => `${turn}. ${kind}: ${neutraliseLine(detail, traceWidth)}`,
  );
  const left = lines.length - traceLines;
  const shown =
    left <= 0
      ? lines
      : [...lines.slice(0, traceLines / 2), `… ${left} more …`, ...lines.slice(-traceLines / 2)];
  return `<details><summary>How it came about: ${trace.length} steps</summary>\n\n${bullets(shown)}\n\n</details>`;
}
