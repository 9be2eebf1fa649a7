import type { LanguageModel, ModelReply } from '../../src/ports/language-model.ts';

const usage = { input_tokens: 10, output_tokens: 5, usd: 0.001, estimated: false };

/** A model that says these things in turn; what it was asked is kept. */
export function speaking(...answers: readonly (object | string)[]) {
  const asked: string[] = [];
  const model: LanguageModel = {
    complete(request) {
      asked.push(request.messages.map(({ content }) => content).join('\n'));
      const content = answers[Math.min(request.turn, answers.length - 1)] ?? '';
      const reply: ModelReply = {
        kind: 'answer',
        content: typeof content === 'string' ? content : JSON.stringify(content),
        tool_calls: [],
        usage,
        model: 'test',
      };
      return Promise.resolve(reply);
    },
  };
  return { model, asked };
}
