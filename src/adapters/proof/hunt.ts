import type { Term } from './term.ts';
import { and, equal, integer, no, not, real, same, symbol, yes } from './term.ts';
import type { FreeTruth } from './encoder.ts';
import type { Found, Model, Solver } from './solver.ts';
import type { SymbolicRequest } from './variables.ts';

/** What came of looking for a counterexample. */
export type Hunt<T> =
  | { readonly answer: 'proved' }
  | { readonly answer: 'refuted'; readonly witness: T }
  | { readonly answer: 'not_provable'; readonly why: string };

interface Game<T> {
  readonly solver: Solver;
  readonly request: SymbolicRequest;
  /** What the counterexample has to make true. */
  readonly goal: Term;
  /** What the model does not follow; it may be anything there. */
  readonly free: readonly FreeTruth[];
  readonly milliseconds: number;
  /** A counterexample as the real evaluator has it; null where it does not hold there. */
  readonly replay: (model: Model) => T | null;
}

const maxAttempts = 12;
const maxLemmas = 400;

/**
 * Looks for a model and replays it. One that does not replay took a free truth for what it is not; so another one is asked
 * for, with other free truths, a few times. Only a "there is none" before that proves anything.
 */
export async function hunt<T>(game: Game<T>): Promise<Hunt<T>> {
  if (game.goal === no) return { answer: 'proved' };
  const script = game.request.script();
  const tried: Term[] = [];
  const lemmas: Term[] = [];
  while (tried.length < maxAttempts) {
    const found = await possible(game, script, tried, lemmas);
    if (found.result === 'unknown')
      return unprovable(`the solver gave up (${found.why})`, game.free);
    if (found.result === 'none' && tried.length === 0) return { answer: 'proved' };
    if (found.result === 'none') break;
    const witness = game.replay(found.model);
    if (witness !== null) return { answer: 'refuted', witness };
    tried.push(otherThan(found.model, game.free));
  }
  return unprovable('what the model found does not hold in the evaluator', game.free);
}

/** A model whose texts there are. Adds to the lemmas what texts make impossible, which holds for whatever is tried later. */
async function possible<T>(
  game: Game<T>,
  script: string,
  tried: readonly Term[],
  lemmas: Term[],
): Promise<Found> {
  while (lemmas.length < maxLemmas) {
    const asserted = [game.goal, ...tried, ...lemmas].map((term) => `(assert ${term})`);
    const found = await game.solver.solve(`${script}\n${asserted.join('\n')}`, game.milliseconds);
    if (found.result !== 'model') return found;
    const texts = game.request.texts.realise(found.model);
    if (texts.result === 'texts')
      return { result: 'model', model: new Map([...found.model, ...texts.words]) };
    if (texts.result === 'unknown')
      return { result: 'unknown', why: 'its texts are too intricate' };
    lemmas.push(...texts.lemmas);
  }
  return { result: 'unknown', why: 'its texts are too intricate' };
}

/** Other free truths; where none mattered, other values altogether. */
function otherThan(model: Model, free: readonly FreeTruth[]): Term {
  const names = free
    .flatMap(({ name }) => [name, `${name}?error`])
    .filter((name) => model.has(name));
  const chosen =
    names.length > 0
      ? names
      : [...model.keys()].filter((name) => typeof model.get(name) !== 'string');
  return not(and(chosen.map((name) => valued(name, model.get(name)))));
}

function valued(name: string, value: boolean | number | string | undefined): Term {
  if (typeof value === 'boolean') return same(value ? yes : no, symbol(name));
  const number = Number(value ?? 0);
  return equal(symbol(name), Number.isInteger(number) ? integer(number) : real(number));
}

function unprovable(what: string, free: readonly FreeTruth[]): Hunt<never> {
  const reasons = [...new Set(free.map(({ why }) => why))];
  const used =
    reasons.length === 0 ? '' : `; the conditions use what is not modelled: ${reasons.join(', ')}`;
  return { answer: 'not_provable', why: `${what}${used}` };
}
