import type { IssueIndex, IssueText } from './issue-index.ts';
import type { KnownLabel, LabelKind } from './label-kinds.ts';
import { wordsOf } from './words.ts';

/** A label, how sure the past makes us of it, and which issues say so. */
export interface LabelGuess {
  readonly label: string;
  readonly kind: LabelKind;
  /** 0 to 1, two decimals: the share of what is most like it that carries the label, and more where the title names it. */
  readonly confidence: number;
  /** The most similar issues that carry it, at most three. */
  readonly like: readonly number[];
}

/** Below it nothing is proposed. At a half some seven of ten proposals were what maintainers chose (docs/measurements.md). */
const SURE_ENOUGH = 0.5;

/** How many of the most similar issues are asked, and how much a label's own words in the title add. Both measured, ADR 0025. */
const NEIGHBOURS = 10;
const NAMED = 0.25;
/** A label fewer issues carry has shown nothing yet. */
const LEAST_EXAMPLES = 3;
/** Fewer neighbours than this agree by chance. */
const LEAST_NEIGHBOURS = 3;
const LEAST_SIMILARITY = 0.03;
const MOST_AREAS = 3;

/**
 * The labels of this repository that issues like this one carry, surest first; also those nobody may be sure of. Only labels
 * that exist are known, so none can be invented; what the issue itself carries says nothing of it.
 */
export function guessLabels(
  index: IssueIndex,
  subject: IssueText & { readonly number: number },
  labels: readonly KnownLabel[],
): readonly LabelGuess[] {
  const kinds = new Map(labels.map((label) => [label.name, label]));
  const labelled = new Set(
    index.numbers().filter((number) => index.labelsOf(number).some((name) => kinds.has(name))),
  );
  const counts = new Map<string, number>();
  for (const number of labelled) {
    for (const name of index.labelsOf(number)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // An issue that nobody labelled says nothing about labels: it is no evidence against one.
  const neighbours = index
    .similar(subject, { limit: Infinity, least: LEAST_SIMILARITY, except: subject.number })
    .filter(({ number }) => labelled.has(number))
    .slice(0, NEIGHBOURS);
  if (neighbours.length < LEAST_NEIGHBOURS) return [];
  const weight = neighbours.reduce((sum, { similarity }) => sum + similarity, 0);
  const title = new Set(wordsOf(subject.title));
  return labels
    .filter(({ name }) => (counts.get(name) ?? 0) >= LEAST_EXAMPLES)
    .map(({ name, kind }) => {
      const carriers = neighbours.filter(({ number }) => index.labelsOf(number).includes(name));
      const share = carriers.reduce((sum, { similarity }) => sum + similarity, 0) / weight;
      const confidence = Math.min(1, share + (isNamed(name, title) ? NAMED : 0));
      return {
        label: name,
        kind,
        confidence: Math.round(confidence * 100) / 100,
        like: carriers.slice(0, 3).map(({ number }) => number),
      };
    })
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence || (a.label < b.label ? -1 : 1));
}

/** Whether all of a label's own words stand in the title: `area: terminal`, `IO CSV`, `Docs`. */
function isNamed(label: string, title: ReadonlySet<string>): boolean {
  const own = wordsOf(
    label.replace(/^(?:area|component|topic|pkg|package|module|io)\s*[/: -]\s*/i, ''),
  );
  return own.length > 0 && own.every((word) => title.has(word) || isShortFor(word, title));
}

const shortForms: Readonly<Record<string, readonly string[]>> = {
  enhancement: ['enh', 'feature'],
  document: ['doc', 'docs'],
  documentation: ['doc', 'docs'],
  docs: ['doc'],
};

const isShortFor = (word: string, title: ReadonlySet<string>): boolean =>
  (shortForms[word] ?? []).some((short) => title.has(short));

/** What is sure enough to be proposed: one type, one priority, one size, a few areas. */
export function proposedLabels(guesses: readonly LabelGuess[]): readonly LabelGuess[] {
  const sure = guesses.filter(({ confidence }) => confidence >= SURE_ENOUGH);
  const most: Readonly<Record<LabelKind, number>> = {
    type: 1,
    priority: 1,
    size: 1,
    area: MOST_AREAS,
  };
  return (['type', 'priority', 'size', 'area'] as const).flatMap((kind) =>
    sure.filter((guess) => guess.kind === kind).slice(0, most[kind]),
  );
}
