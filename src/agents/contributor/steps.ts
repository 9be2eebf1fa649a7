import type { Sandbox } from '../../ports/sandbox.ts';
import type { AgentRun } from '../run.ts';
import type { StepReport } from './proposal.ts';

const stepTimeoutMs = 120_000;
const outputCap = 32_000;
const tailLength = 4_000;

export interface Step {
  readonly name: string;
  readonly run: string;
  readonly artifacts?: readonly string[];
}

/** Runs the steps in order and stops at the first that fails: later ones build on it. */
export async function runSteps(
  run: AgentRun,
  sandbox: Sandbox,
  steps: readonly Step[],
  workspace: string,
): Promise<readonly StepReport[]> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    run.goOnUnlessStopped();
    const report = await runStep(run, sandbox, step, workspace);
    reports.push(report);
    if (!report.ok) break;
  }
  return reports;
}

export async function runStep(
  run: AgentRun,
  sandbox: Sandbox,
  step: Step,
  workspace: string,
): Promise<StepReport> {
  const result = await sandbox.run({
    name: step.name,
    command: step.run,
    workspace,
    timeout_ms: stepTimeoutMs,
    output_cap: outputCap,
    ...(step.artifacts === undefined ? {} : { artifacts: step.artifacts }),
    ...run.stoppable,
  });
  if (result.kind === 'unavailable') return run.fail('sandbox_unavailable', result.reason);
  const stopped = result.stopped === null ? '' : `\n[stopped: ${result.stopped}]`;
  run.note(
    'step',
    `${step.name}: ${result.ok ? 'passed' : `failed (exit ${String(result.exit_code)})`}`,
  );
  return {
    name: step.name,
    ok: result.ok,
    ms: result.ms,
    tail: `${result.output.slice(-tailLength)}${stopped}`,
    ...(result.artifacts === undefined ? {} : { artifacts: result.artifacts }),
  };
}

export const stepsPassed = (reports: readonly StepReport[]): boolean =>
  reports.every((report) => report.ok);
