import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { Answer } from '../../ports/policy-prover.ts';
import type { Language } from './situation.ts';
import type { Draft } from './witness.ts';

/** What the prover is given of the policies' own business. */
export interface Parts extends Language {
  /** A draft as the request it is; null where it is none. */
  readonly read: (draft: Draft) => PolicyRequest | null;
}

export const worst = (questions: readonly { readonly answer: Answer }[]): Answer =>
  (['refuted', 'not_provable'] as const).find((answer) =>
    questions.some((each) => each.answer === answer),
  ) ?? 'proved';
