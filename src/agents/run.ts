import type { z } from 'zod';
import { everyTool, refusedCall, type RefusedCall } from '../domain/agents/tools.ts';
import { stripHidden } from '../domain/text.ts';
import type { AgentName } from '../domain/work-item/state.ts';
import type {
  JsonSchema,
  LanguageModel,
  ModelMessage,
  ModelReply,
  ModelSpending,
  ModelTool,
} from '../ports/language-model.ts';
import type { BriefHeader, RunLimits } from './brief.ts';
import type { ProgramAgent } from './process/program.ts';
import {
  nothingSpent,
  type AgentOutcome,
  type AgentUsage,
  type FailureCode,
  type TraceEntry,
} from './outcome.ts';

const defaultLimits: RunLimits = { turns: 40, tokens: 400_000, output_tokens: 8_000 };

/** Asking again helps a model that slipped, not one that cannot: two repairs, then a human. */
export const maxRepairs = 2;

export type Answer = Extract<ModelReply, { kind: 'answer' }>;

/** Kept of one run; the rest says nothing new. */
const maxRefusals = 20;

/** Why a run ends without a proposal; thrown inside an agent and turned into an outcome by `runAgent`. */
class RunStopped extends Error {
  readonly outcome: AgentOutcome<never>;

  constructor(outcome: AgentOutcome<never>) {
    super(outcome.kind);
    this.name = 'RunStopped';
    this.outcome = outcome;
  }
}

/** One run of one agent: its conversation, and what it has cost so far. */
export class AgentRun {
  readonly trace: TraceEntry[] = [];
  private readonly model: LanguageModel;
  private readonly agent: AgentName;
  private readonly brief: BriefHeader;
  private readonly limits: RunLimits;
  private readonly signal: AbortSignal | undefined;
  private readonly messages: ModelMessage[] = [];
  readonly program: ProgramAgent | undefined;
  private readonly refused: RefusedCall[] = [];
  private readonly used = new Set<string>();
  /** How many messages the program was told already. */
  private told = 0;
  private turn = 0;
  private spent: AgentUsage = nothingSpent;

  constructor(input: {
    readonly model: LanguageModel;
    readonly agent: AgentName;
    readonly brief: BriefHeader;
    /** Does the work in the model's place. */
    readonly program?: ProgramAgent | undefined;
    readonly signal?: AbortSignal | undefined;
  }) {
    this.model = input.model;
    this.agent = input.agent;
    this.brief = input.brief;
    this.spent = input.brief.spent ?? this.spent;
    this.limits = input.brief.limits ?? defaultLimits;
    this.signal = input.signal;
    this.program = input.program;
  }

  /** What ends the run also ends what it started. */
  get stoppable(): { readonly signal?: AbortSignal } {
    return this.signal === undefined ? {} : { signal: this.signal };
  }

  goOnUnlessStopped(): void {
    this.signal?.throwIfAborted();
  }

  get usage(): AgentUsage {
    return this.spent;
  }

  /** Joined to the message before where that is of the same role: some models take strict turns only. */
  say(role: 'system' | 'user', content: string): void {
    const last = this.messages.at(-1);
    if (last?.role === role)
      this.messages[this.messages.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else this.messages.push({ role, content });
  }

  toolResult(tool_call_id: string, content: string): void {
    this.messages.push({ role: 'tool', tool_call_id, content });
  }

  /** Why the agent may not use a tool, kept for the history; null: it may. */
  refusal(tool: string): RefusedCall | null {
    const refused = refusedCall(this.brief.tools ?? everyTool, tool);
    if (refused === null) {
      this.used.add(tool);
      return null;
    }
    if (this.refused.length < maxRefusals) this.refused.push(refused);
    this.note('gate', `refused ${tool}: ${refused.reason}`);
    return refused;
  }

  get refusals(): { readonly used: readonly string[]; readonly refused?: readonly RefusedCall[] } {
    const used = [...this.used].toSorted();
    return this.refused.length === 0 ? { used } : { used, refused: this.refused };
  }

  note(kind: TraceEntry['kind'], detail: string): void {
    this.trace.push({ turn: this.turn, kind, detail: stripHidden(detail).text.slice(0, 500) });
  }

  /** One request. Ends the run where the model is away, refuses, or the run's caps are spent. */
  async ask(
    options: {
      readonly tools?: readonly ModelTool[];
      readonly schema?: { readonly name: string; readonly schema: JsonSchema };
    } = {},
  ): Promise<Answer> {
    const { turns, tokens, output_tokens } = this.limits;
    // What the brief cost is no turn of the agent's: it is bounded where it is gathered.
    const used = tokensOf(this.spent) - tokensOf(this.brief.spent);
    if (this.turn >= turns || used >= tokens)
      this.fail(
        'budget_exhausted',
        `The ${this.agent} used ${this.turn} of ${turns} turns and ${used} of ${tokens} tokens without an answer. ` +
          'Make the issue smaller, or raise the limits of the agent.',
      );
    const reply = await this.model.complete({
      agent: this.agent,
      subject: this.brief.item,
      round: this.brief.round,
      turn: this.turn,
      nonce: this.brief.nonce,
      messages: [...this.messages],
      tools: options.tools,
      schema: options.schema,
      max_output_tokens: output_tokens,
      model: this.brief.model,
      signal: this.signal,
    });
    if (reply.kind === 'unavailable')
      throw new RunStopped({
        kind: 'model_unavailable',
        reason: reply.reason,
        retry_after_seconds: reply.retry_after_seconds,
        usage: this.spent,
        ...this.refusals,
      });
    if (reply.kind === 'refused') this.fail('model_refused', reply.reason);
    this.turn += 1;
    this.spent = addAnswer(this.spent, reply);
    this.messages.push({
      role: 'assistant',
      content: reply.content,
      tool_calls: reply.tool_calls,
    });
    return reply;
  }

  /**
   * Asks until the answer fits the schema and `check` finds no fault: at most `maxRepairs` times more, each time naming all
   * faults.
   */
  async askFor<Schema extends z.ZodType>(
    schema: Schema,
    shape: { readonly name: string; readonly schema: JsonSchema },
    check: (answer: z.infer<Schema>) => readonly string[],
  ): Promise<z.infer<Schema>> {
    if (this.program !== undefined) return this.askProgram(schema, shape, check, this.program);
    // In words as well: not every service takes a schema beside the messages.
    this.say(
      'user',
      `Answer with one JSON document and nothing else. Its JSON Schema:\n${JSON.stringify(shape.schema)}`,
    );
    let faults: readonly string[] = [];
    for (let attempt = 0; attempt <= maxRepairs; attempt += 1) {
      const reply = await this.ask({ schema: shape });
      // Nothing was offered to call; each call still needs its result or the next request is malformed.
      for (const call of reply.tool_calls)
        this.toolResult(call.id, 'There are no tools here. Answer with the JSON document.');
      const parsed = parseAnswer(schema, reply.content);
      faults = parsed.ok ? check(parsed.value) : parsed.faults;
      if (parsed.ok && faults.length === 0) return parsed.value;
      this.note('repair', faults.join('; '));
      this.say(
        'user',
        `That answer cannot be used:\n${faults.map((fault) => `- ${fault}`).join('\n')}\n` +
          'Answer again with the whole JSON document and nothing else.',
      );
    }
    return this.malformed(faults);
  }

  /**
   * One start of the program, on all that was said. What it answers is held to the same schema and the same check as a model's;
   * it is not asked again for a proposal that cannot be used, since a program would say the same.
   */
  async askProgram<Schema extends z.ZodType>(
    schema: Schema,
    shape: { readonly schema: JsonSchema },
    check: (answer: z.infer<Schema>) => readonly string[],
    program: ProgramAgent,
    work: { readonly workspace: string; readonly files: readonly string[] } | null = null,
  ): Promise<z.infer<Schema>> {
    const said = (from: number): string =>
      this.messages
        .slice(from)
        .map(({ content }) => content)
        .join('\n\n');
    const ended = await program.start({
      brief: this.brief,
      prompt: said(0),
      proposal_schema: shape.schema,
      feedback: this.told === 0 ? null : said(this.told),
      workspace: work?.workspace ?? null,
      files: work?.files ?? [],
      signal: this.signal,
    });
    // A program is run, whatever it does; what it may reach is the model.
    this.used.add('run');
    if (ended.spent !== null && ended.spent.requests > 0) this.used.add('model');
    this.goOnUnlessStopped();
    this.turn += 1;
    if (ended.spent !== null) this.spent = addSpending(this.spent, ended.spent);
    if (ended.log !== '') this.note('step', `its log: ${ended.log.slice(-400)}`);
    if (ended.kind === 'failed') return this.fail(ended.code, ended.reason);
    if (ended.kind === 'waiting') {
      const { question, checkpoint } = ended;
      const { spent: usage, trace } = this;
      throw new RunStopped({
        kind: 'waiting',
        question,
        checkpoint,
        usage,
        trace,
        ...this.refusals,
      });
    }
    // Where it is started again, it is told what it said itself, as a model would be.
    this.messages.push({ role: 'assistant', content: ended.content, tool_calls: [] });
    this.told = this.messages.length;
    const parsed = parseAnswer(schema, ended.content);
    const faults = parsed.ok ? check(parsed.value) : parsed.faults;
    if (parsed.ok && faults.length === 0) return parsed.value;
    return this.fail(
      'malformed_answer',
      `The program that is the ${this.agent} gave no usable proposal: ${faults.join('; ')}. ` +
        `docs/agents.md says what it may answer.${ended.log === '' ? '' : ` Its log ends:\n${ended.log.slice(-1_000)}`}`,
    );
  }

  malformed(faults: readonly string[]): never {
    return this.fail(
      'malformed_answer',
      `The model ${this.spent.model ?? ''} gave no usable answer in ${this.turn} turns: ${faults.join('; ')}. ` +
        'Retry, or configure another model for this agent.',
    );
  }

  fail(code: FailureCode, reason: string): never {
    throw new RunStopped({
      kind: 'failed',
      code,
      reason: stripHidden(reason).text.slice(0, 4_000),
      usage: this.spent,
      trace: this.trace,
      ...this.refusals,
    });
  }
}

/** Runs the agent's steps; a stopped run becomes its outcome, anything else thrown is a fault of ours and passes through. */
export async function runAgent<Proposal>(
  run: AgentRun,
  steps: (run: AgentRun) => Promise<Proposal>,
): Promise<AgentOutcome<Proposal>> {
  try {
    const proposal = await steps(run);
    return { kind: 'proposal', proposal, usage: run.usage, trace: run.trace, ...run.refusals };
  } catch (error) {
    if (error instanceof RunStopped) return error.outcome;
    throw error;
  }
}

const addSpending = (before: AgentUsage, spent: ModelSpending): AgentUsage => ({
  requests: before.requests + spent.requests,
  input_tokens: before.input_tokens + spent.input_tokens,
  output_tokens: before.output_tokens + spent.output_tokens,
  // The proxy knows tokens and no prices.
  usd: spent.requests === 0 ? before.usd : null,
  estimated: before.estimated || spent.estimated,
  model: spent.model ?? before.model,
});

/** What a run has cost once it got this answer, too. */
const tokensOf = (usage: AgentUsage | undefined): number =>
  (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);

export function addAnswer(
  spent: AgentUsage,
  { usage, model }: Pick<Answer, 'usage' | 'model'>,
): AgentUsage {
  return {
    requests: spent.requests + 1,
    input_tokens: spent.input_tokens + usage.input_tokens,
    output_tokens: spent.output_tokens + usage.output_tokens,
    usd: spent.usd === null || usage.usd === null ? null : spent.usd + usage.usd,
    estimated: spent.estimated || usage.estimated,
    model,
  };
}

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly string[] };

const maxAnswer = 200_000;

/** Accepts the document alone or in one code fence, as models are wont to write it; prose around it is a fault. */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  content: string,
): Parsed<z.infer<Schema>> {
  const text = content.trim();
  if (text === '') return { ok: false, faults: ['the answer is empty'] };
  if (text.length > maxAnswer)
    return {
      ok: false,
      faults: [`the answer has ${text.length} characters, at most ${maxAnswer} are read`],
    };
  const fenced = /^```(?:json)?\s*\n([\s\S]*?)\n```$/.exec(text)?.[1] ?? text;
  let json: unknown;
  try {
    json = JSON.parse(fenced);
  } catch (error) {
    return {
      ok: false,
      faults: [
        `the answer is not a JSON document: ${error instanceof Error ? error.message : String(error)}`,
      ],
    };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, faults: faultsOf(parsed.error) };
}

export function faultsOf(error: z.ZodError): readonly string[] {
  return error.issues
    .slice(0, 20)
    .map(
      (issue) =>
        `${issue.path.length === 0 ? 'the document' : issue.path.join('.')}: ${issue.message}`,
    );
}
