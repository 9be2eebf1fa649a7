import { neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel, ModelToolCall } from '../../ports/language-model.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { OpenWorkspace, WorkspaceChange, WorkspaceHost } from '../../ports/workspace.ts';
import type { AgentOutcome } from '../outcome.ts';
import { quote } from '../prompt.ts';
import { AgentRun, maxRepairs, runAgent } from '../run.ts';
import type { ContributionBrief } from './brief.ts';
import { gateFaults } from './gates.ts';
import { commitMessage, instruct, pullRequestBody, stepText } from './prose.ts';
import type { ContributionProposal, StepReport } from './proposal.ts';
import { runStep, runSteps, stepsPassed } from './steps.ts';
import { parseToolCall, tools, useWorkspace, type ToolCall } from './tools.ts';

export interface ContributorPorts {
  readonly model: LanguageModel;
  readonly workspaces: WorkspaceHost;
  readonly sandbox: Sandbox;
  readonly signal?: AbortSignal | undefined;
}

/** How often the finished work may fail its steps or gates before a human is asked. */
const maxReworks = 3;
/** The same call over and over is a model that is stuck. */
const maxSameCalls = 4;

type Finish = Extract<ToolCall, { name: 'finish' }>['input'];

interface FinishedWork {
  readonly finish: Finish;
  readonly changes: readonly WorkspaceChange[];
  readonly steps: readonly StepReport[];
}

/** From an approved plan to a commit in the host's bare repository; pushing it is not the agent's. */
export function contribute(
  brief: ContributionBrief,
  ports: ContributorPorts,
): Promise<AgentOutcome<ContributionProposal>> {
  const run = new AgentRun({
    model: ports.model,
    agent: 'contributor',
    brief,
    signal: ports.signal,
  });
  return runAgent(run, async () => {
    const capability = ports.sandbox.capability();
    if (capability.kind === 'unavailable') run.fail('sandbox_unavailable', capability.reason);
    const opened = await ports.workspaces.open({
      run: brief.run,
      sha: brief.base,
      branch: brief.branch,
    });
    if (!opened.ok) return run.fail('workspace', opened.refusal.message);
    const workspace = opened.value;
    try {
      const baseline = await runSteps(run, ports.sandbox, brief.steps, workspace.root);
      instruct(run, brief, baseline);
      const work = await workUntilSound(run, brief, ports.sandbox, workspace);
      return await propose(run, brief, workspace, work);
    } finally {
      await workspace.dispose();
    }
  });
}

/** Lets the model work, then lets code judge: steps and gates, run again here whatever the model says it ran. */
async function workUntilSound(
  run: AgentRun,
  brief: ContributionBrief,
  sandbox: Sandbox,
  workspace: OpenWorkspace,
): Promise<FinishedWork> {
  let faults: readonly string[] = [];
  let stepsFailed = false;
  for (let rework = 0; rework <= maxReworks; rework += 1) {
    const finish = await converse(run, brief, sandbox, workspace);
    const steps = await runSteps(run, sandbox, brief.steps, workspace.root);
    const changes = await workspace.changes();
    const patch = await workspace.patch();
    const gates =
      changes.ok && patch.ok
        ? gateFaults(changes.value, patch.value)
        : [changes, patch].flatMap((result) => (result.ok ? [] : [result.refusal.message]));
    for (const fault of gates) run.note('gate', fault);
    stepsFailed = !stepsPassed(steps);
    if (changes.ok && gates.length === 0 && !stepsFailed)
      return { finish, changes: changes.value, steps };
    const failed = steps.filter((step) => !step.ok);
    faults = [...gates, ...failed.map((step) => `step ${step.name} failed`)];
    run.say(
      'user',
      [
        'The work is not sound yet. Mend it, then call finish again.',
        ...gates.map((fault) => `- ${fault}`),
        ...failed.map((step) => stepText(run, brief.nonce, step)),
      ].join('\n'),
    );
  }
  return run.fail(
    stepsFailed ? 'steps_failed' : 'gate',
    `After ${maxReworks} attempts to mend it the change still has faults: ${faults.join('; ')}. ` +
      'Make the plan more exact, or take the work over.',
  );
}

/** The conversation until the model calls `finish`. */
async function converse(
  run: AgentRun,
  brief: ContributionBrief,
  sandbox: Sandbox,
  workspace: OpenWorkspace,
): Promise<Finish> {
  let malformed = 0;
  let last = { call: '', times: 0 };
  for (;;) {
    const reply = await run.ask({ tools });
    const faults: string[] = [];
    let finish: Finish | null = null;
    if (reply.tool_calls.length === 0) faults.push('no tool was called');
    for (const asked of reply.tool_calls) {
      const spelled = `${asked.name} ${asked.arguments}`;
      last = { call: spelled, times: spelled === last.call ? last.times + 1 : 1 };
      if (last.times > maxSameCalls)
        run.malformed([`it made the same call ${last.times} times: ${spelled.slice(0, 200)}`]);
      const call = parseToolCall(asked);
      if (finish !== null) run.toolResult(asked.id, 'Not done: it came after finish.');
      else if (typeof call === 'string') {
        faults.push(call);
        run.toolResult(asked.id, `Refused: ${call}.`);
      } else if (call.name === 'finish') {
        finish = call.input;
        run.toolResult(asked.id, 'The steps are run and the change is checked.');
      } else run.toolResult(asked.id, await answer(run, brief, sandbox, workspace, asked, call));
    }
    if (finish !== null && faults.length === 0) return finish;
    malformed = faults.length === 0 ? 0 : malformed + 1;
    if (malformed > maxRepairs) run.malformed(faults);
    if (faults.length > 0) {
      run.note('repair', faults.join('; '));
      run.say(
        'user',
        `${faults.join('; ')}. Work by tool calls only, and call finish when the work is done.`,
      );
    }
  }
}

async function answer(
  run: AgentRun,
  brief: ContributionBrief,
  sandbox: Sandbox,
  workspace: OpenWorkspace,
  asked: ModelToolCall,
  call: Exclude<ToolCall, { name: 'finish' }>,
): Promise<string> {
  run.note('tool', `${asked.name} ${asked.arguments.slice(0, 200)}`);
  if (call.name !== 'run')
    return quote(run, brief.nonce, call.name, await useWorkspace(workspace, call), 40_000);
  const step = brief.steps.find((candidate) => candidate.name === call.input.step);
  if (!step)
    return `There is no step "${call.input.step}"; there are ${brief.steps.map(({ name }) => name).join(', ') || 'none'}.`;
  return stepText(run, brief.nonce, await runStep(run, sandbox, step, workspace.root));
}

async function propose(
  run: AgentRun,
  brief: ContributionBrief,
  workspace: OpenWorkspace,
  { finish, changes, steps }: FinishedWork,
): Promise<ContributionProposal> {
  const commit = await workspace.commit({
    message: commitMessage(brief, finish.title, finish.summary),
    author: brief.author,
    at: brief.at,
  });
  if (!commit.ok) return run.fail('workspace', commit.refusal.message);
  return {
    title: neutraliseLine(finish.title, 100),
    body: pullRequestBody(brief, finish.summary, steps, run.usage),
    branch: brief.branch,
    base: brief.base,
    commit: commit.value,
    files: changes,
    steps,
    summary: finish.summary,
  };
}
