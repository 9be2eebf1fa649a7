import type { ModelUsage } from './model-usage.ts';
import type { TextEmbedding } from './text-embedding.ts';
import type { AgentName } from '../domain/work-item/state.ts';

export type { ModelUsage } from './model-usage.ts';

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it: to be parsed and distrusted by whoever asked. */
  readonly arguments: string;
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string;
      readonly tool_calls: readonly ModelToolCall[];
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

/** `agent/subject/round/turn` names a request for good: a tape finds its answer by it. */
export interface ModelRequest {
  readonly agent: AgentName;
  /** The work item's id. */
  readonly subject: string;
  /** 0 for the first run on the item, one more for each rework. */
  readonly round: number;
  /** 0 for the first request of a run. */
  readonly turn: number;
  /** The run's fence nonce: masked where requests of two runs are compared. */
  readonly nonce: string;
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly ModelTool[] | undefined;
  /** JSON Schema of the wanted answer; a hint to the model, never trusted. */
  readonly schema?: { readonly name: string; readonly schema: JsonSchema } | undefined;
  readonly max_output_tokens: number;
  /** As `.github/assent.yml` names it for this agent; absent: the service's own. */
  readonly model?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ModelReply =
  | {
      readonly kind: 'answer';
      readonly content: string;
      readonly tool_calls: readonly ModelToolCall[];
      readonly usage: ModelUsage;
      readonly model: string;
    }
  /** The service gave no answer and may give one later: the item waits (law 8). */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly retry_after_seconds: number | null;
    }
  /** The service will not answer this configuration; the reason says what to change. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface LanguageModel {
  /**
   * Why there is none, where the operator has named none: nothing waits for it to come back. Absent where there is one, be it
   * down or not.
   */
  readonly absent?: string;
  /** Absent where the service gives no vectors, or the operator named no model for them. */
  readonly embedding?: TextEmbedding;
  /** Never throws for what the service does; only for an aborted signal. */
  complete(request: ModelRequest): Promise<ModelReply>;
}

/** What a program asked of the model by itself. */
export interface ModelSpending {
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** True as soon as one answer did not say what it cost, and an upper bound stands in. */
  readonly estimated: boolean;
  /** As the service names it; null before its first answer. */
  readonly model: string | null;
}

/** A program's own way to the model service, for one run: HTTP on a Unix socket, as OpenAI and Anthropic speak it. */
export interface ModelAccess {
  /** Path on this machine. */
  readonly socket: string;
  /** What the program has to send as its key; good for this socket alone. */
  readonly key: string;
  /** The model that answers, whatever the program asks for. */
  readonly model: string;
  spent(): ModelSpending;
  close(): Promise<void>;
}

export interface ModelAccessHost {
  /** Null: there is no model service to lead to. `tokens`: of the whole run; what is over is refused. */
  open(run: {
    readonly model: string | null;
    readonly tokens: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<ModelAccess | null>;
}
