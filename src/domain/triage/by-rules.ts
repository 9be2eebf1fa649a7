import { typeByWords } from './issue-type.ts';
import type { IssueText } from './issue-index.ts';
import type { IssueType, KnownLabel, LabelKind } from './label-kinds.ts';
import { proposedLabels, type LabelGuess } from './labels.ts';
import { missingInformation } from './missing.ts';
import type { Priority, SimilarIssue, Size, TriageReport } from './report.ts';

export interface RulesInput {
  readonly issue: IssueText & { readonly labels: readonly string[] };
  readonly labels: readonly KnownLabel[];
  readonly guesses: readonly LabelGuess[];
  readonly similar: readonly SimilarIssue[];
  /** Questions asked earlier: whoever answered has answered. */
  readonly asked: readonly string[];
}

/** Triage by rules and similarity alone. It sorts, and it asks; it makes no plan and calls nothing a duplicate. */
export function triageByRules(input: RulesInput): TriageReport {
  const { issue, labels, guesses, similar, asked } = input;
  const proposed = withTypeByWords(proposedLabels(guesses), labels, typeByWords(issue)).filter(
    ({ label, kind }) => !issue.labels.includes(label) && !hasOne(issue.labels, labels, kind),
  );
  const carried = [...issue.labels, ...proposed.map(({ label }) => label)];
  const named = labels.find(({ name, type }) => type !== null && carried.includes(name));
  const type: IssueType | null = named?.type ?? typeByWords(issue);
  return {
    by: 'rules',
    type,
    priority: priorityIn(carried),
    size: sizeIn(carried),
    labels: proposed.map(({ label, confidence, like }) => ({ label, confidence, like })),
    similar,
    unknown: unknownKinds(labels, carried, type),
    comment: null,
    asked: asked.length > 0 ? asked : missingInformation(issue, type),
    without_meaning: null,
  };
}

/** What people chose already stays: of type, priority and size an issue has one. */
const hasOne = (
  carried: readonly string[],
  labels: readonly KnownLabel[],
  kind: LabelKind,
): boolean =>
  kind !== 'area' && labels.some((label) => label.kind === kind && carried.includes(label.name));

/** A title that says itself what it is, where the past says nothing: in a young repository that is all there is. */
function withTypeByWords(
  proposed: readonly LabelGuess[],
  labels: readonly KnownLabel[],
  type: IssueType | null,
): readonly LabelGuess[] {
  if (type === null || proposed.some(({ kind }) => kind === 'type')) return proposed;
  const label = labels.find((one) => one.type === type);
  if (label === undefined) return proposed;
  return [{ label: label.name, kind: 'type', confidence: SAID, like: [] }, ...proposed];
}

/** For what the title says itself. */
const SAID = 0.6;

/** A kind of which the repository has labels, and none was sure enough. */
function unknownKinds(
  labels: readonly KnownLabel[],
  carried: readonly string[],
  type: IssueType | null,
): readonly LabelKind[] {
  return (['type', 'area', 'priority', 'size'] as const).filter((kind) => {
    const some = labels.filter((label) => label.kind === kind);
    if (kind === 'type' && type !== null) return false;
    return some.length > 0 && !some.some(({ name }) => carried.includes(name));
  });
}

const priorityWords: readonly (readonly [Priority, RegExp])[] = [
  ['critical', /critical|urgent|blocker|\bp0\b/i],
  ['high', /high|\bp1\b/i],
  ['low', /low|\bp[34]\b/i],
  ['normal', /normal|medium|\bp2\b/i],
];
const sizeWords: readonly (readonly [Size, RegExp])[] = [
  ['small', /(?:size|effort|complexity|difficulty|estimate)\W*(?:xs|s|small|low|easy|novice)\b/i],
  [
    'large',
    /(?:size|effort|complexity|difficulty|estimate)\W*(?:xl|l|large|high|hard|advanced)\b/i,
  ],
  ['medium', /(?:size|effort|complexity|difficulty|estimate)\W*(?:m|medium|intermediate)\b/i],
];

const priorityIn = (labels: readonly string[]): Priority | null => {
  const label = labels.find((one) => /prio|severity|^p[0-4]\b|critical|urgent|blocker/i.test(one));
  return label === undefined
    ? null
    : (priorityWords.find(([, pattern]) => pattern.test(label))?.[0] ?? null);
};

const sizeIn = (labels: readonly string[]): Size | null =>
  labels.flatMap((label) => sizeWords.find(([, pattern]) => pattern.test(label))?.[0] ?? [])[0] ??
  null;
