import { checkoutInside, createProgram, type ProgramAgent } from '../../agents/process/program.ts';
import { refusedCall } from '../../domain/agents/tools.ts';
import type { AgentUses } from '../../domain/agents/uses.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { AgentName } from '../../domain/work-item/state.ts';
import { workOf } from '../../domain/work-item/work.ts';
import type { ModelAccess } from '../../ports/language-model.ts';
import type { OpenWorkspace } from '../../ports/workspace.ts';
import { noSandbox } from '../decisions/no-sandbox.ts';
import type { RunContext } from './run-context.ts';

/** Tokens of one run of a program, as of one of our own agents. */
const tokens = 400_000;

type ProgramUses = Exclude<AgentUses, { kind: 'built-in' }>;

/** Does the work with the program that the repository's configuration names; `null`: with Assent's own agent. */
export async function withProgram<T>(
  context: RunContext,
  agent: AgentName,
  signal: AbortSignal,
  work: (program: ProgramAgent | undefined) => Promise<T>,
  otherwise: (refusal: { readonly code: string; readonly message: string }) => T,
): Promise<T> {
  const { uses } = context.config.agents[agent];
  if (uses.kind === 'built-in') return work(undefined);
  const { sandbox } = context.deps;
  const message = noSandbox(agent, uses, sandbox.capability());
  if (message !== null) return otherwise({ code: 'sandbox_unavailable', message });
  const taken: Taken = { model: null, checkouts: [] };
  try {
    const program = await prepare(context, agent, uses, signal, taken);
    return program.ok ? await work(program.value) : otherwise(program.refusal);
  } finally {
    await taken.model?.close();
    for (const checkout of taken.checkouts) await checkout.dispose();
  }
}

/** What has to be given back, whatever happens. */
interface Taken {
  model: ModelAccess | null;
  readonly checkouts: OpenWorkspace[];
}

async function prepare(
  context: RunContext,
  role: AgentName,
  uses: ProgramUses,
  signal: AbortSignal,
  taken: Taken,
): Promise<Result<ProgramAgent>> {
  const { deps, config, ledger, item } = context;
  const settings = config.agents[role];
  const found = await findAll(context, uses);
  if (!found.ok) return found;
  if (refusedCall(settings.tools, 'model') === null) {
    taken.model = await deps.modelAccess.open({ model: settings.model, tokens, signal });
  }
  if (uses.kind === 'coder' && taken.model === null) {
    return refuse('program.model', noModel(uses.coder));
  }
  const command = await commandOf(context, role, uses, found.value.path, taken);
  if (!command.ok) return command;
  return ok(
    createProgram({
      role,
      uses,
      argv: command.value.argv,
      folders: [...found.value.folders, ...command.value.folders],
      checkout: command.value.checkout,
      workspace: command.value.workspace,
      sandbox: deps.sandbox,
      model: taken.model,
      tokens,
      question: workOf(ledger.state, item.id).question,
    }),
  );
}

const noModel = (coder: string): string =>
  `${coder} needs a model: set OPENAI_API_KEY or OPENAI_BASE_URL (for claude ANTHROPIC_API_KEY), and let it use the tool "model"`;

interface Found {
  /** Of the coder itself. */
  readonly path: string | null;
  readonly folders: readonly string[];
}

async function findAll({ deps }: RunContext, uses: ProgramUses): Promise<Result<Found>> {
  const names = [...(uses.kind === 'coder' ? [uses.coder] : []), ...uses.programs];
  const results = await Promise.all(names.map((name) => deps.programs.find(name)));
  const missing = results.flatMap((result) => (result.ok ? [] : [result.refusal.message]));
  if (missing.length > 0) return refuse('program.absent', missing.join('; '));
  const programs = results.flatMap((result) => (result.ok ? [result.value] : []));
  return ok({
    path: uses.kind === 'coder' ? (programs[0]?.path ?? null) : null,
    folders: [...new Set(programs.flatMap(({ folder }) => (folder === null ? [] : [folder])))],
  });
}

interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly folders: readonly string[];
  readonly checkout: string | null;
  readonly workspace: string | null;
}

/**
 * What of the command is a file of the repository is read from the default branch, in a checkout of its own: on the branch
 * it works on, a push could change the agent itself.
 */
async function commandOf(
  context: RunContext,
  role: AgentName,
  uses: ProgramUses,
  coder: string | null,
  taken: Taken,
): Promise<Result<Command>> {
  const named = await namedFiles(context, uses);
  // The contributor has a checkout to work in; the others look around in this one.
  const wanted = role !== 'contributor' || named.size > 0;
  const opened = wanted ? await openBase(context) : null;
  if (opened !== null && !opened.ok) return opened;
  const checkout = opened?.value ?? null;
  if (checkout !== null) taken.checkouts.push(checkout);
  const here = (argument: string): string => {
    const file = named.get(argument);
    return file === undefined ? argument : `${checkoutInside}/${file}`;
  };
  const workspace = role === 'contributor' ? null : (checkout?.root ?? null);
  if (uses.kind === 'coder') {
    return coder === null
      ? refuse('program.absent', `${uses.coder} was not found`)
      : ok({ argv: [coder], folders: [], checkout: null, workspace });
  }
  const [first, ...rest] = uses.command;
  const command = await findCommand(context, first, named);
  if (!command.ok) return command;
  return ok({
    argv:
      workspace === null
        ? [here(command.value.path), ...rest.map(here)]
        : [command.value.path, ...rest],
    folders: command.value.folders,
    checkout: workspace === null ? (checkout?.root ?? null) : null,
    workspace,
  });
}

/** By argument, the path in the repository that it names. */
async function namedFiles(
  { repository, base }: RunContext,
  uses: ProgramUses,
): Promise<ReadonlyMap<string, string>> {
  if (uses.kind !== 'process') return new Map();
  const paths = new Set(await repository.files.listFiles(base, ''));
  return new Map(
    uses.command
      .map((argument) => [argument, argument.replace(/^\.\//, '')] as const)
      .filter(([, path]) => paths.has(path)),
  );
}

/** A program of the machine by its name, wherever on PATH it lies; a file of the repository as it is. */
async function findCommand(
  { deps }: RunContext,
  name: string,
  named: ReadonlyMap<string, string>,
): Promise<Result<{ readonly path: string; readonly folders: readonly string[] }>> {
  if (named.has(name) || name.includes('/')) return ok({ path: name, folders: [] });
  const found = await deps.programs.find(name);
  if (!found.ok) return found;
  const { path, folder } = found.value;
  return ok({ path, folders: folder === null ? [] : [folder] });
}

const openBase = ({ repository, base, run }: RunContext): Promise<Result<OpenWorkspace>> =>
  repository.workspaces.open({
    run: `${run.replaceAll(/[^A-Za-z0-9-]/g, '-')}-agent`,
    sha: base,
    branch: 'assent/agent',
  });
