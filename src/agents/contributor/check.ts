import { passGates, readWhole } from '../../domain/contribution/gates/gates.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { OpenWorkspace, WorkspaceChange, WorkspaceHost } from '../../ports/workspace.ts';
import type { AgentRun } from '../run.ts';
import type { ContributionBrief } from './brief.ts';
import type { ChangedCoverage } from '../../domain/review/coverage.ts';
import { coverageIn, reportsIn } from './coverage.ts';
import { commitMessage } from './prose.ts';
import type { StepReport } from './proposal.ts';
import { runSteps, stepsPassed } from './steps.ts';

/** What whoever did the work says of it; the commit's message is made of it. */
export interface Account {
  readonly title: string;
  readonly summary: string;
}

export interface CheckedWork {
  /** In the host's bare repository. */
  readonly commit: string;
  readonly changes: readonly WorkspaceChange[];
  readonly steps: readonly StepReport[];
  /** Of its lines, where the steps left a report. */
  readonly coverage: ChangedCoverage | null;
  /** What the gates let through and people should look at. */
  readonly flags: readonly string[];
}

export type Check =
  | { readonly kind: 'sound'; readonly work: CheckedWork }
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'faulty';
      readonly gates: readonly string[];
      readonly steps: readonly StepReport[];
    };

export interface CheckPorts {
  readonly workspaces: WorkspaceHost;
  readonly sandbox: Sandbox;
}

/**
 * Code's own judgement of finished work, whoever did it: the gates on what git says was changed, and the steps in a fresh
 * checkout of it. In the workspace they would pass by what lies about there: ignored files, what an earlier step built.
 */
export async function checkWork(
  run: AgentRun,
  brief: ContributionBrief,
  ports: CheckPorts,
  workspace: OpenWorkspace,
  account: Account,
): Promise<Check> {
  const changes = await workspace.changes();
  if (!changes.ok) return faulty(run, [changes.refusal.message], []);
  if (changes.value.length === 0) return { kind: 'empty' };
  const [patch, texts] = [
    await workspace.patch(),
    await workspace.compare(readWhole(changes.value)),
  ];
  if (!patch.ok || !texts.ok)
    return faulty(
      run,
      [patch, texts].flatMap((result) => (result.ok ? [] : [result.refusal.message])),
      [],
    );
  const gates = passGates({ files: changes.value, patch: patch.value, texts: texts.value });
  const commit = await workspace.commit({
    message: commitMessage(brief, account.title, account.summary),
    author: brief.author,
    at: brief.at,
  });
  if (!commit.ok) return run.fail('workspace', commit.refusal.message);
  const change = { commit: commit.value, changes: changes.value, patch: patch.value };
  const { steps, coverage } = await runAfresh(run, brief, ports, change);
  if (gates.faults.length > 0 || !stepsPassed(steps)) return faulty(run, gates.faults, steps);
  for (const flag of gates.flags) run.note('gate', flag);
  const { flags } = gates;
  const work = { commit: commit.value, changes: changes.value, steps, coverage, flags };
  return { kind: 'sound', work };
}

function faulty(
  run: AgentRun,
  gates: readonly string[],
  steps: readonly StepReport[],
): Extract<Check, { kind: 'faulty' }> {
  for (const fault of gates) run.note('gate', fault);
  return { kind: 'faulty', gates, steps: steps.filter(({ ok }) => !ok) };
}

async function runAfresh(
  run: AgentRun,
  brief: ContributionBrief,
  { workspaces, sandbox }: CheckPorts,
  { commit, changes, patch }: Pick<CheckedWork, 'commit' | 'changes'> & { readonly patch: string },
): Promise<Pick<CheckedWork, 'steps' | 'coverage'>> {
  if (brief.steps.length === 0) return { steps: [], coverage: null };
  const checkout = { ...brief, run: `${brief.run}-check`, base: commit };
  return inCheckout(run, workspaces, checkout, async (at) => {
    const stale = await reportsIn(at);
    const steps = await runSteps(run, sandbox, brief.steps, at.root);
    return { steps, coverage: await coverageIn(at, stale, changes, patch) };
  });
}

/** Opens a checkout of `base` and takes it away again, whatever happens in it. */
export async function inCheckout<T>(
  run: AgentRun,
  workspaces: WorkspaceHost,
  at: Pick<ContributionBrief, 'run' | 'base' | 'branch'>,
  work: (workspace: OpenWorkspace) => Promise<T>,
): Promise<T> {
  const opened = await workspaces.open({ run: at.run, sha: at.base, branch: at.branch });
  if (!opened.ok) return run.fail('workspace', opened.refusal.message);
  try {
    return await work(opened.value);
  } finally {
    await opened.value.dispose();
  }
}
