import { includes, shortestText, type Side } from './automaton.ts';
import { lengths, type Language } from './language.ts';
import type { Model } from './solver.ts';
import { and, implies, not, same, symbol, type Term } from './term.ts';

/**
 * What is asked of texts. To the solver each question about a text is a boolean of its own; here it is known which answers
 * no text can give together. The solver's own theory of texts took seconds on two paths and one pattern.
 */
export class Texts {
  /** Questions by path and key. */
  private readonly asked = new Map<string, Map<string, Language>>();
  private readonly numbers = new Map<string, number>();
  private readonly measured = new Set<string>();
  private readonly pairs = new Map<string, readonly [string, string]>();

  /** The name of the boolean that says whether the text at a path is in a language. */
  ask(path: string, language: Language): string {
    const known = this.asked.get(path) ?? new Map<string, Language>();
    this.asked.set(path, known.set(language.key, language));
    if (!this.numbers.has(language.key)) this.numbers.set(language.key, this.numbers.size);
    return this.nameOf(path, language);
  }

  /** The name of the length of the text at a path. */
  measure(path: string): string {
    this.measured.add(path);
    return `${path}#`;
  }

  /** The name of the boolean that says whether two texts are the same. */
  compare(one: string, other: string): string {
    const [first = one, second = other] = [one, other].sort();
    const name = `${first}=${second}`;
    this.pairs.set(name, [first, second]);
    return name;
  }

  /** Every boolean there is, and what is known of them beforehand. Asks of both texts of a pair what it asks of one. */
  laws(): { readonly names: readonly string[]; readonly terms: readonly Term[] } {
    for (const [one, other] of [...this.pairs.values(), ...this.pairs.values()]) {
      for (const language of this.asked.get(one)?.values() ?? []) this.ask(other, language);
      for (const language of this.asked.get(other)?.values() ?? []) this.ask(one, language);
    }
    const names = [...this.asked].flatMap(([path, languages]) =>
      [...languages.values()].map((language) => this.nameOf(path, language)),
    );
    const sameAnswers = [...this.pairs].flatMap(([name, [one, other]]) =>
      [...(this.asked.get(one)?.values() ?? [])].map((language) =>
        implies(
          symbol(name),
          same(symbol(this.nameOf(one, language)), symbol(this.nameOf(other, language))),
        ),
      ),
    );
    return {
      names: [...names, ...this.pairs.keys()],
      terms: [...sameAnswers, ...this.literals(), ...this.bounds(), ...this.relations()],
    };
  }

  /** A text that is known gives every answer. */
  private literals(): readonly Term[] {
    return [...this.asked].flatMap(([path, languages]) =>
      [...languages.values()].flatMap((one) => {
        const literal = literalOf(one);
        if (literal === null) return [];
        const answers = [...languages.values()].map((each) =>
          includes(each, literal) ? this.term(path, each) : not(this.term(path, each)),
        );
        return [implies(this.term(path, one), and(answers))];
      }),
    );
  }

  /** What two questions about one text have to do with each other, known beforehand: to find it out one by one takes long. */
  private relations(): readonly Term[] {
    return [...this.asked].flatMap(([path, languages]) => {
      const all = [...languages.values()];
      return all.flatMap((one, index) =>
        all
          .slice(index + 1)
          .flatMap((other) =>
            relationOf(one, other).map((sides) =>
              not(and(sides.map((side) => this.said(path, side)))),
            ),
          ),
      );
    });
  }

  /** What a text is or holds says how long it is. */
  private bounds(): readonly Term[] {
    return [...this.measured].flatMap((path) =>
      [...(this.asked.get(path)?.values() ?? [])].map((language) => {
        const [least, most] = lengths(language.pattern);
        const size = symbol(`${path}#`);
        const bounds = [
          `(>= ${size} ${least})`,
          ...(most === Infinity ? [] : [`(<= ${size} ${most})`]),
        ];
        // A pattern that matches nothing has no lengths.
        return Number.isFinite(least)
          ? implies(this.term(path, language), and(bounds))
          : not(this.term(path, language));
      }),
    );
  }

  /** A text for each path of which a model speaks; or which answers can never stand together. */
  realise(model: Model): Realised {
    const words = new Map<string, string>();
    const lemmas: Term[] = [];
    const taken = new Set<string>();
    for (const [path, languages] of this.asked) {
      const sides = [...languages.values()].flatMap((language): Side[] => {
        const within = model.get(this.nameOf(path, language));
        return typeof within === 'boolean' ? [{ language, within }] : [];
      });
      const length = model.get(`${path}#`);
      if (sides.length === 0 && typeof length !== 'number') continue;
      const wanted = { sides, length: typeof length === 'number' ? length : null };
      const equal = this.equalTo(path, model, words);
      const word = equal ?? shortestText(wanted, taken) ?? shortestText(wanted, new Set());
      if (word === undefined) return { result: 'unknown' };
      if (word === null) {
        lemmas.push(...this.lemmas(path, sides, wanted.length));
        continue;
      }
      words.set(path, word);
      taken.add(word);
    }
    return lemmas.length > 0 ? { result: 'impossible', lemmas } : { result: 'texts', words };
  }

  private equalTo(
    path: string,
    model: Model,
    words: ReadonlyMap<string, string>,
  ): string | undefined {
    for (const [name, [one, other]] of this.pairs) {
      if (model.get(name) !== true || (one !== path && other !== path)) continue;
      const word = words.get(one === path ? other : one);
      if (word !== undefined) return word;
    }
    return undefined;
  }

  /** The fewest answers that cannot stand together, said of every text of which they are asked. */
  private lemmas(path: string, sides: readonly Side[], length: number | null): readonly Term[] {
    const impossible = (those: readonly Side[], size: number | null) =>
      shortestText({ sides: those, length: size }, new Set()) === null;
    const anyLength = impossible(sides, null);
    const size = anyLength ? null : length;
    const core = sides.reduce<readonly Side[]>((kept, side) => {
      const without = kept.filter((each) => each !== side);
      return impossible(without, size) ? without : kept;
    }, sides);
    if (size !== null) {
      const answers = core.map((side) => this.said(path, side));
      return [not(and([...answers, `(= ${symbol(`${path}#`)} ${size})`]))];
    }
    return [...this.asked].flatMap(([each, languages]) =>
      core.every(({ language }) => languages.has(language.key))
        ? [not(and(core.map((side) => this.said(each, side))))]
        : [],
    );
  }

  private said(path: string, { language, within }: Side): Term {
    const term = this.term(path, language);
    return within ? term : not(term);
  }

  private term(path: string, language: Language): Term {
    return symbol(this.nameOf(path, language));
  }

  private nameOf(path: string, { key }: Language): string {
    return `${path}~${this.numbers.get(key) ?? 0}`;
  }
}

export type Realised =
  | { readonly result: 'texts'; readonly words: ReadonlyMap<string, string> }
  | { readonly result: 'impossible'; readonly lemmas: readonly Term[] }
  | { readonly result: 'unknown' };

const relations = new Map<string, readonly (readonly Side[])[]>();

/** The pairs of answers that no text gives: both, or one and not the other. */
function relationOf(one: Language, other: Language): readonly (readonly Side[])[] {
  const key = `${one.key}\n${other.key}`;
  const known = relations.get(key);
  if (known !== undefined) return known;
  const answers = [true, false].flatMap((first) =>
    [true, false].map((second): readonly Side[] => [
      { language: one, within: first },
      { language: other, within: second },
    ]),
  );
  const found = answers.filter(
    (sides) => shortestText({ sides, length: null }, new Set()) === null,
  );
  if (relations.size >= 10_000) relations.clear();
  relations.set(key, found);
  return found;
}

const literalOf = ({ key }: Language): string | null =>
  key.startsWith('none is ') ? key.slice('none is '.length) : null;
