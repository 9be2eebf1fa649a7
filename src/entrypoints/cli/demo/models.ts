import { fileURLToPath } from 'node:url';
import { demoModel } from '../../../composition.ts';
import type { LanguageModel } from '../../../ports/language-model.ts';
import type { Occasion } from './page/view.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ChosenModel {
  readonly model: LanguageModel;
  /** Whose answers they are, for the page and the terminal. */
  readonly said: Occasion['model'];
}

const tape = fileURLToPath(new URL('tape/tape.jsonl', import.meta.url));

/** The model the environment names; else the tape, for the demo's own repository. */
export function modelOfDemo(environment: Environment): ChosenModel {
  const { model, kind } = demoModel(environment, tape);
  const text =
    kind === 'tape'
      ? "The model's answers come from a tape: recorded once, played again. Everything else is real: git, HTTP, the tests that run. Set OPENAI_API_KEY or OPENAI_BASE_URL for a live model."
      : `The model is live: ${hostOf(environment)} answers.`;
  return { model, said: { kind, text } };
}

export const hostOf = ({ OPENAI_BASE_URL: url }: Environment): string =>
  url !== undefined && URL.canParse(url) ? new URL(url).host : 'api.openai.com';
