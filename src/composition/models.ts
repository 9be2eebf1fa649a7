import type { OpenAiOptions } from '../adapters/openai/language-model.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import { readTape, replay } from '../adapters/openai/tape.ts';

/** Its library is large: whoever never asks never loads it. */
export function liveModel(options: OpenAiOptions): LanguageModel {
  let opened: Promise<LanguageModel> | null = null;
  const open = async () =>
    (await import('../adapters/openai/language-model.ts')).createOpenAiModel(options);
  return {
    async complete(request) {
      opened ??= open();
      return (await opened).complete(request);
    },
  };
}

/** A model whose answers come from a tape; nothing is sent. */
const tapeModel = (file: string): LanguageModel =>
  liveModel({
    apiKey: null,
    baseUrl: 'http://tape.invalid/v1',
    model: 'tape',
    transport: replay(readTape(file)),
  });

/** A model service where the environment names one; else the tape, which answers by agent, item and turn. */
export function demoModel(
  environment: Readonly<Record<string, string | undefined>>,
  tape: string,
): { readonly model: LanguageModel; readonly kind: 'tape' | 'live' } {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url, ASSENT_MODEL: name } = environment;
  const model = name ?? 'gpt-5-mini';
  if (key !== undefined || url !== undefined) {
    const live = liveModel({ apiKey: key ?? null, baseUrl: url ?? null, model });
    return { model: live, kind: 'live' };
  }
  return { model: tapeModel(tape), kind: 'tape' };
}
