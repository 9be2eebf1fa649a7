import { wordsOf } from './words.ts';

/** What is compared of an issue. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

export interface KnownIssue extends IssueText {
  readonly number: number;
  readonly labels: readonly string[];
}

export interface Similar {
  readonly number: number;
  /** Cosine of the TF-IDF vectors, 0 to 1, two decimals. */
  readonly similarity: number;
}

/** How many issues hold a word, and which. */
export interface Occurrence {
  readonly word: string;
  readonly issues: readonly number[];
}

/**
 * The issues of a repository, to be asked two things: which are like this one, and which hold its words. In memory, and no
 * more than a cache: whoever has the issues has it.
 */
export interface IssueIndex {
  readonly size: number;
  /** Takes an issue in, in place of an earlier version of it. */
  put(issue: KnownIssue): void;
  labelsOf(number: number): readonly string[];
  numbers(): readonly number[];
  /** Most similar first; an equal similarity puts the older one first. */
  similar(subject: IssueText, options: SimilarOptions): readonly Similar[];
  /** For each different word of the subject: the issues that hold it. */
  occurrences(subject: IssueText): readonly Occurrence[];
}

export interface SimilarOptions {
  readonly limit: number;
  readonly least: number;
  /** Only issues with a lower number, which were there first; absent: all. */
  readonly before?: number;
  /** Not this one: the subject itself, where the index holds it. */
  readonly except?: number;
}

/** A title is written to be found again: a word in it counts as often as three in the body. */
const TITLE_WEIGHT = 3;
/** A count above it says no more. With the slot it makes one small integer, which costs a tenth of an object. */
const MAX_COUNT = 255;

interface Slot {
  readonly number: number;
  readonly labels: readonly string[];
  readonly alive: boolean;
}

export function createIssueIndex(issues: Iterable<KnownIssue> = []): IssueIndex {
  let slots: Slot[] = [];
  let slotOf = new Map<number, number>();
  /** Word → slot * 256 + count, in the order of slots. */
  let postings = new Map<string, number[]>();
  /** Length of each slot's vector; null: to be measured anew. */
  let lengths: Float64Array | null = null;
  let dead = 0;

  const put = (issue: KnownIssue): void => {
    const before = slotOf.get(issue.number);
    const old = before === undefined ? undefined : slots[before];
    if (before !== undefined && old !== undefined) {
      slots[before] = { ...old, alive: false };
      dead += 1;
    }
    const slot = slots.length;
    slots.push({ number: issue.number, labels: issue.labels, alive: true });
    slotOf.set(issue.number, slot);
    for (const [word, count] of countsOf(issue)) {
      const found = postings.get(word);
      const posting = slot * (MAX_COUNT + 1) + Math.min(count, MAX_COUNT);
      if (found === undefined) postings.set(word, [posting]);
      else found.push(posting);
    }
    lengths = null;
    if (dead > 1_000 && dead * 2 > slots.length) compact();
  };

  /** Leaves out what was replaced, which else would grow with each edit. */
  const compact = (): void => {
    const moved = new Map<number, number>();
    const kept = slots.filter((slot, at) => {
      if (slot.alive) moved.set(at, moved.size);
      return slot.alive;
    });
    postings = new Map(
      [...postings].flatMap(([word, list]) => {
        const left = list.flatMap((posting) => {
          const slot = moved.get(slotIn(posting));
          return slot === undefined ? [] : [slot * (MAX_COUNT + 1) + countIn(posting)];
        });
        return left.length === 0 ? [] : [[word, left] as const];
      }),
    );
    slots = kept;
    slotOf = new Map(kept.map(({ number }, at) => [number, at]));
    dead = 0;
  };

  const rarity = (holders: number): number => Math.log((1 + slotOf.size) / (1 + holders)) + 1;
  const holdersOf = (list: readonly number[]): number => {
    if (dead === 0) return list.length;
    let holders = 0;
    for (const posting of list) if (slots[slotIn(posting)]?.alive === true) holders += 1;
    return holders;
  };

  const measured = (): Float64Array => {
    if (lengths !== null) return lengths;
    const squares = new Float64Array(slots.length);
    for (const list of postings.values()) {
      const weight = rarity(holdersOf(list));
      for (const posting of list) {
        const part = weight * damped(countIn(posting));
        squares[slotIn(posting)] = (squares[slotIn(posting)] ?? 0) + part * part;
      }
    }
    lengths = squares.map(Math.sqrt);
    return lengths;
  };

  const similar = (subject: IssueText, options: SimilarOptions): readonly Similar[] => {
    const { limit, least, before = Infinity, except } = options;
    const all = measured();
    const scores = new Float64Array(slots.length);
    let own = 0;
    for (const [word, count] of countsOf(subject)) {
      const list = postings.get(word) ?? [];
      const weight = rarity(holdersOf(list));
      const mine = weight * damped(count);
      own += mine * mine;
      for (const posting of list) {
        const slot = slotIn(posting);
        scores[slot] = (scores[slot] ?? 0) + mine * weight * damped(countIn(posting));
      }
    }
    const found: Similar[] = [];
    slots.forEach(({ number, alive }, slot) => {
      const score = scores[slot] ?? 0;
      if (!alive || number >= before || number === except || score === 0) return;
      const similarity = score / ((all[slot] ?? 0) * Math.sqrt(own));
      if (similarity >= least) found.push({ number, similarity });
    });
    return found
      .sort((a, b) => b.similarity - a.similarity || a.number - b.number)
      .slice(0, limit)
      .map(({ number, similarity }) => ({
        number,
        similarity: Math.round(similarity * 100) / 100,
      }));
  };

  const occurrences = (subject: IssueText): readonly Occurrence[] =>
    [...countsOf(subject).keys()].map((word) => ({
      word,
      issues: (postings.get(word) ?? []).flatMap((posting) => {
        const slot = slots[slotIn(posting)];
        return slot?.alive === true ? [slot.number] : [];
      }),
    }));

  for (const issue of issues) put(issue);
  return {
    get size() {
      return slotOf.size;
    },
    put,
    labelsOf: (number) => slots[slotOf.get(number) ?? -1]?.labels ?? [],
    numbers: () => [...slotOf.keys()],
    similar,
    occurrences,
  };
}

const slotIn = (posting: number): number => Math.floor(posting / (MAX_COUNT + 1));
const countIn = (posting: number): number => posting % (MAX_COUNT + 1);
/** The tenth mention says little that the first did not. */
const damped = (count: number): number => 1 + Math.log(count);

function countsOf({ title, body }: IssueText): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (words: readonly string[], weight: number): void => {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
  };
  count(wordsOf(title), TITLE_WEIGHT);
  count(wordsOf(body), 1);
  return counts;
}
