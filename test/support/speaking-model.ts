import type { LanguageModel, ModelReply } from '../../src/ports/language-model.ts';

const usage = { input_tokens: 10, output_tokens: 5, usd: 0.001, estimated: false };

/** A model that calls these tools, a turn each, and stops there; what it heard last is kept. */
export function calling(...turns: readonly (readonly (readonly [string, object])[])[]) {
  let heard = '';
  const model: LanguageModel = {
    complete({ turn, messages }) {
      heard = messages
        .filter(({ role }) => role !== 'assistant')
        .map(({ content }) => content)
        .join('\n');
      const tool_calls = (turns[turn] ?? []).map(([name, input], at) => ({
        id: `${turn}-${at}`,
        name,
        arguments: JSON.stringify(input),
      }));
      return Promise.resolve({ kind: 'answer', content: '', tool_calls, usage, model: 'test' });
    },
  };
  return { model, heard: () => heard };
}

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
