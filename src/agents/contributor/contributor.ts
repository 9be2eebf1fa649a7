import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { OpenWorkspace, WorkspaceHost } from '../../ports/workspace.ts';
import { nothingChanged } from '../../domain/contribution/gates/gates.ts';
import type { AgentOutcome } from '../outcome.ts';
import { contributionAnswer } from '../process/protocol.ts';
import type { ProgramAgent } from '../process/program.ts';
import { bullets, jsonSchemaOf, quote } from '../prompt.ts';
import { AgentRun, maxRepairs, runAgent } from '../run.ts';
import type { ContributionBrief } from './brief.ts';
import { checkWork, inCheckout, type Check, type CheckedWork } from './check.ts';
import { instruct, pullRequestBody, stepText } from './prose.ts';
import type { ContributionProposal, StepReport } from './proposal.ts';
import { runStep, runSteps } from './steps.ts';
import { inShort, parseToolCall, toolsFor, useWorkspace, type ToolCall } from './tools.ts';

export interface ContributorPorts {
  readonly model: LanguageModel;
  readonly workspaces: WorkspaceHost;
  readonly sandbox: Sandbox;
  /** Does the work in the model's place; what comes of it is judged in the same way. */
  readonly program?: ProgramAgent | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often the finished work may fail its steps or gates before a human is asked. */
const maxReworks = 3;
/** The same call over and over is a model that is stuck. */
const maxSameCalls = 4;

type Finish = Extract<ToolCall, { name: 'finish' }>['input'];

interface FinishedWork extends CheckedWork {
  readonly finish: Finish;
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
    program: ports.program,
    signal: ports.signal,
  });
  return runAgent(run, async () => {
    const capability = ports.sandbox.capability();
    if (capability.kind === 'unavailable') run.fail('sandbox_unavailable', capability.reason);
    return inCheckout(run, ports.workspaces, brief, async (workspace) => {
      const baseline = await runSteps(run, ports.sandbox, brief.steps, workspace.root);
      instruct(run, brief, baseline);
      const work = await workUntilSound(run, brief, ports, workspace, baseline);
      return propose(run, brief, ports.sandbox, baseline, work);
    });
  });
}

/** Lets the model work, then lets code judge, whatever the model says it ran. */
async function workUntilSound(
  run: AgentRun,
  brief: ContributionBrief,
  ports: ContributorPorts,
  workspace: OpenWorkspace,
  baseline: readonly StepReport[],
): Promise<FinishedWork> {
  let found: Exclude<Check, { kind: 'sound' }> = { kind: 'empty' };
  for (let rework = 0; rework <= maxReworks; rework += 1) {
    const finish = await untilDone(run, brief, ports.sandbox, workspace);
    const check = await checkWork(run, brief, ports, workspace, finish);
    if (check.kind === 'sound') return { finish, ...check.work };
    // Said twice, it is an answer: not every plan needs a change.
    if (check.kind === 'empty' && found.kind === 'empty' && rework > 0)
      return run.fail('empty', nothingToDo(finish.summary));
    found = check;
    run.say('user', whatIsMissing(run, brief, check));
  }
  return givenUp(run, found, baseline);
}

const nothingToDo = (summary: string): string =>
  `Nothing was changed, so nothing is proposed. The contributor says: ${neutralise(summary, 1_000)}`;

function whatIsMissing(
  run: AgentRun,
  brief: ContributionBrief,
  check: Exclude<Check, { kind: 'sound' }>,
): string {
  if (check.kind === 'empty') {
    run.note('gate', nothingChanged);
    return (
      'Nothing was changed. Do the work, then call finish again. ' +
      'Where nothing has to be changed, call finish again and say why in the summary: people will read it.'
    );
  }
  return [
    'The work is not sound yet. Mend it, then call finish again.',
    // It names paths and what stands in files.
    ...(check.gates.length === 0
      ? []
      : [quote(run, brief.nonce, 'what the checks of the change found', bullets(check.gates))]),
    ...check.steps.map((step) => stepText(run, brief.nonce, step)),
  ].join('\n');
}

function givenUp(
  run: AgentRun,
  found: Exclude<Check, { kind: 'sound' }>,
  baseline: readonly StepReport[],
): never {
  const { gates, steps } = found.kind === 'empty' ? { gates: [nothingChanged], steps: [] } : found;
  const before = new Set(baseline.filter(({ ok }) => !ok).map(({ name }) => name));
  const faults = [
    ...gates,
    ...steps.map(
      ({ name }) => `step ${name} failed${before.has(name) ? ', as it did before any change' : ''}`,
    ),
  ];
  return run.fail(
    steps.length > 0 ? 'steps_failed' : 'gate',
    `After ${maxReworks} attempts to mend it the change still has faults: ${faults.join('; ')}. ` +
      'Make the plan more exact, or take the work over.',
  );
}

/** Until the work is said to be done: by the model's tool calls, or by a program in the checkout. */
const untilDone = (
  run: AgentRun,
  brief: ContributionBrief,
  sandbox: Sandbox,
  workspace: OpenWorkspace,
): Promise<Finish> =>
  run.program === undefined
    ? converse(run, brief, sandbox, workspace)
    : run.askProgram(
        contributionAnswer,
        jsonSchemaOf('contribution', contributionAnswer),
        () => [],
        run.program,
        { workspace: workspace.root, files: brief.plan.files },
      );

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
    const reply = await run.ask({ tools: toolsFor(brief) });
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
      } else run.toolResult(asked.id, await answer(run, brief, sandbox, workspace, call));
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
  call: Exclude<ToolCall, { name: 'finish' }>,
): Promise<string> {
  const refused = run.refusal(call.name);
  if (refused !== null) return `Refused: ${refused.reason}.`;
  run.note('tool', inShort(call));
  if (call.name !== 'run')
    return quote(run, brief.nonce, call.name, await useWorkspace(workspace, call), 40_000);
  const step = brief.steps.find((candidate) => candidate.name === call.input.step);
  if (!step)
    return `There is no step "${call.input.step}"; there are ${brief.steps.map(({ name }) => name).join(', ') || 'none'}.`;
  return stepText(run, brief.nonce, await runStep(run, sandbox, step, workspace.root));
}

function propose(
  run: AgentRun,
  brief: ContributionBrief,
  sandbox: Sandbox,
  baseline: readonly StepReport[],
  { finish, commit, changes, steps, coverage, flags }: FinishedWork,
): ContributionProposal {
  return {
    title: neutraliseLine(finish.title, 100),
    body: pullRequestBody(brief, {
      summary: finish.summary,
      flags,
      steps,
      baseline,
      sandbox: sandbox.capability().kind,
      usage: run.usage,
      trace: run.trace,
    }),
    branch: brief.branch,
    base: brief.base,
    commit,
    files: changes,
    steps,
    ...(coverage === null ? {} : { coverage }),
    summary: finish.summary,
  };
}
