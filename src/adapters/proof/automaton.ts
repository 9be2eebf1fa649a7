import type { Language } from './language.ts';
import type { Pattern, Ranges } from './pattern.ts';
import { Unmodelled } from './unmodelled.ts';

/** States by number; the last one accepts. */
interface Automaton {
  readonly steps: readonly (readonly { readonly ranges: Ranges; readonly to: number }[])[];
  readonly silent: readonly (readonly number[])[];
  readonly start: readonly number[];
  readonly end: number;
}

const maxStates = 4000;
const built = new WeakMap<Pattern, Automaton>();

function automatonOf(pattern: Pattern): Automaton {
  const known = built.get(pattern);
  if (known !== undefined) return known;
  const steps: { ranges: Ranges; to: number }[][] = [];
  const silent: number[][] = [];
  const state = (): number => {
    if (steps.length >= maxStates) throw new Unmodelled('a pattern so large');
    silent.push([]);
    return steps.push([]) - 1;
  };
  /** Adds what a pattern matches after a state; answers the state in which it has. */
  const add = (part: Pattern, from: number): number => {
    switch (part.type) {
      case 'set': {
        const to = state();
        steps[from]?.push({ ranges: part.ranges, to });
        return to;
      }
      case 'sequence':
        return part.parts.reduce((at, each) => add(each, at), from);
      case 'choice': {
        const to = state();
        for (const each of part.parts) silent[add(each, from)]?.push(to);
        return to;
      }
      case 'repeat':
        return repeat(part, from);
      default:
        throw new Unmodelled('an anchor inside a pattern');
    }
  };
  const repeat = ({ part, least, most }: Extract<Pattern, { type: 'repeat' }>, from: number) => {
    let at = from;
    for (let index = 0; index < least; index += 1) at = add(part, at);
    if (most === Infinity) {
      const loop = state();
      silent[at]?.push(loop);
      silent[add(part, loop)]?.push(loop);
      return loop;
    }
    const to = state();
    silent[at]?.push(to);
    for (let index = least; index < most; index += 1) {
      at = add(part, at);
      silent[at]?.push(to);
    }
    return to;
  };
  const first = state();
  const end = add(pattern, first);
  const made = { steps, silent, start: closure([first], silent), end };
  built.set(pattern, made);
  return made;
}

function closure(states: readonly number[], silent: Automaton['silent']): readonly number[] {
  const found = new Set(states);
  for (const each of found) for (const to of silent[each] ?? []) found.add(to);
  return [...found].sort((a, b) => a - b);
}

/** A language that a text is to be in, or out of. */
export interface Side {
  readonly language: Language;
  readonly within: boolean;
}

export interface Wanted {
  readonly sides: readonly Side[];
  /** In code points; null for any. */
  readonly length: number | null;
}

/** The shortest text that is wanted and is none of those taken; null if there is none at all, undefined if that is not known. */
export function shortestText(
  wanted: Wanted,
  taken: ReadonlySet<string>,
): string | null | undefined {
  const { sides, length } = wanted;
  const automata = sides.map(({ language }) => automatonOf(language.pattern));
  const accepts = (at: readonly (readonly number[])[]) =>
    sides.every(({ within }, index) => at[index]?.includes(automata[index]?.end ?? -1) === within);
  // The same states may be reached once for each text that is taken, and once more.
  const visits = new Map<string, number>();
  let queue: {
    readonly text: string;
    readonly size: number;
    readonly at: readonly (readonly number[])[];
  }[] = [{ text: '', size: 0, at: automata.map(({ start }) => start) }];
  let seen = 0;
  while (queue.length > 0) {
    const next: typeof queue = [];
    for (const { text, size, at } of queue) {
      if ((length === null || length === size) && !taken.has(text) && accepts(at)) return text;
      if (length !== null && size >= length) continue;
      for (const { character, to } of stepsFrom(at, automata)) {
        const key = `${length === null ? '' : size} ${to.map((each) => each.join()).join(';')}`;
        const before = visits.get(key) ?? 0;
        if (before > taken.size) continue;
        visits.set(key, before + 1);
        if ((seen += 1) > maxSteps) return undefined;
        next.push({ text: text + character, size: size + 1, at: to });
      }
    }
    queue = next;
  }
  return null;
}

const maxSteps = 30_000;

/** One step for each set of characters that no automaton tells apart. */
function stepsFrom(at: readonly (readonly number[])[], automata: readonly Automaton[]) {
  const cuts = new Set([0]);
  for (const [index, states] of at.entries()) {
    for (const state of states) {
      for (const { ranges } of automata[index]?.steps[state] ?? []) {
        for (const [low, high] of ranges) cuts.add(low).add(high + 1);
      }
    }
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const classes = sorted
    .map((low, index) => [low, (sorted[index + 1] ?? 0x110000) - 1] as const)
    .filter(([low, high]) => low <= high && low <= 0x10ffff);
  const steps = classes.map((range) => ({
    character: readable(range),
    to: at.map((states, index) => move(states, range[0], automata[index])),
  }));
  // What people can read comes first, and so into the shortest text.
  return steps.sort((a, b) => rank(a.character) - rank(b.character));
}

function move(
  states: readonly number[],
  code: number,
  automaton: Automaton | undefined,
): readonly number[] {
  if (automaton === undefined) return [];
  const reached = states.flatMap((state) =>
    (automaton.steps[state] ?? [])
      .filter(({ ranges }) => ranges.some(([low, high]) => low <= code && code <= high))
      .map(({ to }) => to),
  );
  return closure([...new Set(reached)], automaton.silent);
}

const favourites = [0x78, 0x61, 0x62, 0x30, 0x31, 0x41, 0x2d, 0x2e, 0x2f, 0x20, 0x21];

/** A character of a range, one that can be read if there is any. */
function readable([low, high]: readonly [number, number]): string {
  const inside = (code: number) => low <= code && code <= high;
  const code =
    favourites.find(inside) ??
    (low <= 0x7e && high >= 0x21 ? Math.max(low, 0x21) : pastSurrogates(low, high));
  return String.fromCodePoint(code);
}

/** Half a character is none. */
const pastSurrogates = (low: number, high: number) =>
  low >= 0xd800 && low <= 0xdfff && high > 0xdfff ? 0xe000 : low;

function rank(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (/[a-z0-9]/.test(character)) return 0;
  return code >= 0x21 && code <= 0x7e ? 1 : 2;
}

/** Whether a text is in a language. */
export function includes({ pattern }: Language, text: string): boolean {
  const automaton = automatonOf(pattern);
  const reached = Array.from(text).reduce<readonly number[]>(
    (states, character) => move(states, character.codePointAt(0) ?? 0, automaton),
    automaton.start,
  );
  return reached.includes(automaton.end);
}
