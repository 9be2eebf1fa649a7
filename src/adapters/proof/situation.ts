import type { Condition, PolicySet, Requirement } from '../../domain/policy/rules.ts';
import type { Ear, Hearing } from './approval.ts';
import { Encoder } from './encoder.ts';
import { hindered } from './hindrance.ts';
import { holding } from './language.ts';
import type { Situation } from './outcome.ts';
import { macroDepth, type Expr } from './shape.ts';
import { and, not, or, yes } from './term.ts';
import { after, constant } from './truth.ts';
import type { Truth } from './value.ts';
import { SymbolicRequest, type FactTypes } from './variables.ts';

/** How conditions are read; handed in, because reading them is the policies' business. */
export interface Language {
  readonly facts: FactTypes;
  /** A condition as it is evaluated. */
  readonly parse: (source: string) => Expr;
}

/** Everything a question is put together from. */
export interface Workbench {
  readonly kind: string;
  readonly request: SymbolicRequest;
  readonly encoder: Encoder;
  readonly truth: (condition: Condition | null) => Truth;
  readonly situation: (
    hear: (requirement: Requirement) => Hearing,
    floor: Requirement | null,
  ) => Situation;
}

const maxRounds = 8;

/**
 * Builds a question, again and again until each list has members enough for all that is said of it. A list that is spoken of
 * inside itself never has; what is said of it then stays open.
 */
export function modelled<T>(
  language: Language,
  kind: string,
  sets: readonly PolicySet[],
  build: (bench: Workbench) => T,
): Workbench & { readonly built: T } {
  let capacity = new Map<string, number>();
  for (let round = 0; ; round += 1) {
    const bench = workbench(language, kind, sets, new SymbolicRequest(capacity));
    const built = build(bench);
    const short = [...bench.request.used].filter(
      ([path, used]) => used > (capacity.get(path) ?? 1),
    );
    if (short.length === 0) return { ...bench, built };
    const wanted = short.map(
      ([path, used]) => [path, round < maxRounds ? used : Infinity] as const,
    );
    capacity = new Map([...capacity, ...wanted]);
  }
}

function workbench(
  { facts, parse }: Language,
  kind: string,
  sets: readonly PolicySet[],
  request: SymbolicRequest,
): Workbench {
  const encoder = new Encoder(request, facts);
  const truth = (condition: Condition | null): Truth => {
    if (condition === null) return constant(true);
    const expression = parse(condition.source);
    const made = encoder.truth(expression);
    // Macros inside one another over long lists are given up as too costly; when, is not modelled.
    return macroDepth(expression) < 2
      ? made
      : after(
          request.variable(`costly[${condition.source.replaceAll(/[|\\]/g, '/')}]`, 'Bool'),
          made,
        );
  };
  const is = (path: string, value: string) => request.text(path, holding('is', value, 'none'));
  const nobody = request.isNull('action.agent', 'nullable');
  const by = (agents: readonly string[] | null) =>
    agents === null ? yes : and([not(nobody), or(agents.map((name) => is('action.agent', name)))]);
  request.law(is('action.kind', kind));
  const limits = sets.flatMap((set) => set.limits);
  const stopped = encoder.truth(
    parse('control.halted || (action.agent != null && action.agent in control.disabled_agents)'),
  );
  const acting = {
    kind,
    request,
    by,
    agents: [...new Set(limits.flatMap(({ agents }) => agents ?? []))],
    actions: [...new Set(limits.flatMap(({ actions }) => actions ?? []))],
    stopped: stopped.holds,
  };
  return {
    kind,
    request,
    encoder,
    truth,
    situation: (hear, floor) => {
      const ear: Ear = { truth, hear };
      return { kind, ear, by, floor, hindered: (set) => hindered(set, acting) };
    },
  };
}
