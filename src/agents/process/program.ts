import type { AgentUses, CoderName } from '../../domain/agents/uses.ts';
import { cap, neutralise, stripHidden } from '../../domain/text.ts';
import type { AgentName, ItemWork } from '../../domain/work-item/state.ts';
import type { JsonSchema, ModelAccess, ModelSpending } from '../../ports/language-model.ts';
import type { ProgramResult, Sandbox } from '../../ports/sandbox.ts';
import type { FailureCode } from '../outcome.ts';
import { coderCall, documentIn, lastMessage } from './coders.ts';
import { forwarder, portMark } from './forwarder.ts';
import { mostCheckpoint, protocolVersion, waitingAnswer, waitingExit } from './protocol.ts';

/** One start of a program in the course of a run. */
export interface ProgramStart {
  readonly brief: object;
  readonly prompt: string;
  readonly proposal_schema: JsonSchema;
  /** What is wrong with its last answer in this run; null at the first start. */
  readonly feedback: string | null;
  /** `Workspace.root`; null: the program's own. */
  readonly workspace: string | null;
  /** Files the work is about, as far as a plan names them. */
  readonly files: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** `log`: what it wrote to standard error, its end. */
export type ProgramEnd = { readonly log: string; readonly spent: ModelSpending | null } & (
  | { readonly kind: 'answer'; readonly content: string }
  | { readonly kind: 'waiting'; readonly question: string; readonly checkpoint: unknown }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly reason: string }
);

export interface ProgramAgent {
  /** Whether it is a coder, which answers in prose around what it was asked for. */
  readonly kind: 'process' | 'coder';
  start(input: ProgramStart): Promise<ProgramEnd>;
}

export interface ProgramSetup {
  readonly role: AgentName;
  readonly uses: Exclude<AgentUses, { kind: 'built-in' }>;
  /** The command as it is started: a coder's absolute path, or a process' own words with paths made absolute. */
  readonly argv: readonly [string, ...string[]];
  /** A checkout that holds the program itself; null: it is no file of the repository, or lies in its workspace. */
  readonly checkout: string | null;
  /** Folders of the host it needs to see. */
  readonly folders: readonly string[];
  /** Where it works when its work needs no checkout of its own. */
  readonly workspace: string | null;
  readonly sandbox: Sandbox;
  /** Null: none is configured, or this agent may not. */
  readonly model: ModelAccess | null;
  readonly tokens: number;
  /** What it asked before in this stage, and what was said to it. */
  readonly question: ItemWork['question'];
}

/** Where the socket is found inside. */
const socketInside = '/run/assent-model';
/** Where the program's own checkout is found inside. */
export const checkoutInside = '/run/assent-checkout';
const outputCap = 1_000_000;
const logCap = 4_000;

export const createProgram = (setup: ProgramSetup): ProgramAgent => ({
  kind: setup.uses.kind,
  async start(input) {
    const { model, sandbox, uses, folders } = setup;
    const workspace = input.workspace ?? setup.workspace;
    const call =
      uses.kind === 'coder' ? coderStart(setup, uses.coder, input) : processStart(setup, input);
    const before = model?.spent() ?? null;
    const ended = await sandbox.execute({
      name: setup.role,
      // `env` finds Node wherever the sandbox has it.
      argv: model === null ? call.argv : ['/usr/bin/env', 'node', '-e', forwarder, ...call.argv],
      workspace,
      input: call.input,
      environment: call.environment,
      socket: model === null ? null : { host: model.socket, inside: socketInside },
      checkout: setup.checkout === null ? null : { host: setup.checkout, inside: checkoutInside },
      programs: folders,
      timeout_ms: uses.timeout_ms,
      output_cap: outputCap,
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    });
    const spent = model === null || before === null ? null : difference(model.spent(), before);
    if (ended.kind === 'unavailable') {
      return { kind: 'failed', code: 'sandbox_unavailable', reason: ended.reason, log: '', spent };
    }
    const places = [workspace, setup.checkout, ...folders].filter((place) => place !== null);
    const log = plainLog(ended.stderr, places, model?.key ?? null);
    return { ...endOf(setup, ended, log), log, spent };
  },
});

type Finished = Extract<ProgramResult, { kind: 'finished' }>;

function endOf(
  { role, uses }: ProgramSetup,
  { exit_code, stdout, stopped, truncated }: Finished,
  log: string,
): Omit<Extract<ProgramEnd, { kind: 'answer' }>, 'log' | 'spent'> | Ended {
  const failed = (reason: string): Ended => ({
    kind: 'failed',
    code: 'program_failed',
    reason: `The program that is the ${role} ${reason}${log === '' ? '' : `. Its log ends:\n${neutralise(log, 2_000)}`}`,
  });
  if (stopped !== null) return failed(`was stopped (${stopped})`);
  if (truncated) return failed(`wrote more than ${outputCap} bytes`);
  if (exit_code === 0) {
    const content = uses.kind === 'coder' ? documentIn(lastMessage(uses.coder, stdout)) : stdout;
    return { kind: 'answer', content };
  }
  if (exit_code === waitingExit && uses.kind === 'process') return waiting(stdout, failed);
  return failed(`ended with exit ${String(exit_code)}`);
}

type Ended =
  | Omit<Extract<ProgramEnd, { kind: 'waiting' }>, 'log' | 'spent'>
  | Omit<Extract<ProgramEnd, { kind: 'failed' }>, 'log' | 'spent'>;

function waiting(stdout: string, failed: (reason: string) => Ended): Ended {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    return failed('ended with exit 3 and no JSON document: {"question": …, "checkpoint": …}');
  }
  const parsed = waitingAnswer.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return failed(`ended with exit 3, and its document cannot be used: ${faults.join('; ')}`);
  }
  const { question, checkpoint } = parsed.data;
  const bytes = new TextEncoder().encode(JSON.stringify(checkpoint)).length;
  return bytes > mostCheckpoint
    ? failed(`has a checkpoint of ${bytes} bytes, at most ${mostCheckpoint} are kept`)
    : { kind: 'waiting', question: stripHidden(question).text, checkpoint };
}

interface Call {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

function processStart(setup: ProgramSetup, input: ProgramStart): Call {
  const { role, argv, model, tokens, question } = setup;
  const document = {
    version: protocolVersion,
    role,
    brief: withoutHidden(input.brief),
    prompt: input.prompt,
    proposal_schema: input.proposal_schema,
    feedback: input.feedback,
    model: model === null ? null : { name: model.model, tokens },
    checkpoint: question?.checkpoint ?? null,
    answer: question?.answer ?? null,
  };
  return {
    argv,
    environment: model === null ? {} : modelEnvironment(model),
    input: `${JSON.stringify(document)}\n`,
  };
}

/** A program may read the brief where a model reads the prompt: what does not show is taken out of both. */
function withoutHidden(value: unknown): unknown {
  if (typeof value === 'string') return stripHidden(value).text;
  if (Array.isArray(value)) return value.map(withoutHidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutHidden(one)]));
}

const modelEnvironment = ({ key, model }: ModelAccess): Readonly<Record<string, string>> => ({
  ASSENT_MODEL_SOCKET: socketInside,
  ASSENT_MODEL: model,
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: `http://127.0.0.1:${portMark}/v1`,
  OPENAI_API_BASE: `http://127.0.0.1:${portMark}/v1`,
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: `http://127.0.0.1:${portMark}`,
});

/** A coder knows no protocol: all there is to know is in the prompt, and its answer is the last thing it says. */
function coderStart(
  { argv, model }: ProgramSetup,
  coder: CoderName,
  { prompt, proposal_schema, files }: ProgramStart,
): Call {
  const [program] = argv;
  if (model === null) throw new TypeError(`${coder} was set up without a model`);
  const ending =
    'When you are done, end with one JSON document and nothing after it. Its JSON Schema:\n' +
    JSON.stringify(proposal_schema);
  const call = coderCall(coder, {
    program,
    prompt: `${prompt}\n\n${ending}\n`,
    model: model.model,
    key: model.key,
    files,
  });
  return { ...call, environment: { ASSENT_MODEL_SOCKET: socketInside, ...call.environment } };
}

const difference = (after: ModelSpending, before: ModelSpending): ModelSpending => ({
  requests: after.requests - before.requests,
  input_tokens: after.input_tokens - before.input_tokens,
  output_tokens: after.output_tokens - before.output_tokens,
  estimated: after.estimated,
  model: after.model,
});

/** For people and for the history: no colours, no hidden characters, no places of this machine, and its end. */
function plainLog(raw: string, places: readonly string[], key: string | null): string {
  let text = stripHidden(raw.replace(/\u001B\[[0-?]*[ -/]*[@-~]/g, '')).text;
  for (const place of places) text = text.replaceAll(place, '.');
  if (key !== null) text = text.replaceAll(key, '[key]');
  const tail = text.trimEnd().slice(-logCap);
  return text.trimEnd().length > logCap ? `[…]${tail}` : cap(tail, logCap);
}
