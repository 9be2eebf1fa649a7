import type { AgentUsage } from '../../agents/outcome.ts';
import type { RefusedCall } from '../../domain/agents/tools.ts';
import type { Result } from '../../domain/result.ts';
import { neutraliseLine } from '../../domain/text.ts';
import type { AgentName, Item } from '../../domain/work-item/state.ts';
import { workOf } from '../../domain/work-item/work.ts';
import type { Session } from '../session.ts';

/** A program that asks on and on would keep people busy instead of being of use. */
const QUESTIONS = 5;

/** Null: it may ask. */
export const asksTooMuch = ({ state }: Session, { id }: Item, agent: AgentName): string | null =>
  (workOf(state, id).question?.asked ?? 0) < QUESTIONS
    ? null
    : `The ${agent} asked ${QUESTIONS} questions and wants to ask another: make the issue more exact, or take the work over.`;

export function askHuman(
  session: Session,
  item: Item,
  asked: {
    readonly run: string;
    readonly agent: AgentName;
    readonly question: string;
    readonly checkpoint: unknown;
    readonly usage: AgentUsage;
  },
): Result<null> {
  const { run, agent, question, checkpoint } = asked;
  const { input_tokens, output_tokens, usd, model } = asked.usage;
  const usage = { input_tokens, output_tokens, usd, model };
  return session.give({
    kind: 'ask_human',
    item: item.id,
    asked: { run, agent, question, checkpoint, usage },
  });
}

export function recordRefusedTools(
  session: Session,
  item: Item,
  {
    run,
    agent,
    calls,
  }: { readonly run: string; readonly agent: AgentName; readonly calls: readonly RefusedCall[] },
): void {
  if (calls.length === 0) return;
  // A tool's name is whatever a model wrote.
  const told = calls.map((call) => ({ ...call, tool: neutraliseLine(call.tool, 100) }));
  session.give({
    kind: 'record_refused_tools',
    item: item.id,
    refused: { run, agent, calls: told },
  });
}
