import { nothingSpent, noUsage, type AgentUsage } from '../../agents/outcome.ts';
import { addAnswer } from '../../agents/run.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { TextEmbedding } from '../../ports/text-embedding.ts';
import type { Session } from '../session.ts';
import type { FinishedRun } from './run-result.ts';

/** Writes down what a run cost that nothing else in the history tells: it failed, or somebody was faster. */
export function recordSpending(session: Session, { run, result }: FinishedRun): void {
  const { input_tokens, output_tokens, usd, model, requests } = result.outcome.usage;
  const known = session.state.unreported[run];
  if (known === undefined || (requests === 0 && input_tokens + output_tokens === 0)) return;
  const usage = { input_tokens, output_tokens, usd, model };
  session.give({ kind: 'record_spending', spent: { run, agent: known.agent, usage } });
}

/** The model, with what was taken of it: a run that breaks off by a fault of ours says nothing itself. */
export function metered(model: LanguageModel): {
  readonly model: LanguageModel;
  readonly spent: () => AgentUsage;
} {
  let spent: AgentUsage = nothingSpent;
  const complete: LanguageModel['complete'] = async (request) => {
    const reply = await model.complete(request);
    if (reply.kind === 'answer') spent = addAnswer(spent, reply);
    return reply;
  };
  const { absent, embedding } = model;
  const counted = (one: TextEmbedding): TextEmbedding => ({
    ...one,
    embed: async (request) => {
      const reply = await one.embed(request);
      if (reply.kind === 'vectors')
        spent = addAnswer(spent, { usage: reply.usage, model: one.model });
      return reply;
    },
  });
  return {
    model: {
      ...(absent === undefined ? {} : { absent }),
      ...(embedding === undefined ? {} : { embedding: counted(embedding) }),
      complete,
    },
    spent: () => (spent.requests === 0 ? noUsage : spent),
  };
}
