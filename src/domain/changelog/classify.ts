/** A merged change as its pull request and its commits tell it. */
export interface MergedChange {
  readonly number: number;
  readonly title: string;
  /** Of its commits, oldest first. */
  readonly subjects: readonly string[];
  /** What was written after `BREAKING CHANGE:` in its description or its commits. */
  readonly breaks: readonly string[];
  readonly labels: readonly string[];
}

/** What it is for whoever uses the project; `other` reaches users, `internal` does not. */
export type ChangeKind =
  | 'breaking'
  | 'feature'
  | 'deprecated'
  | 'removed'
  | 'fix'
  | 'security'
  | 'other'
  | 'internal';

export interface ClassedChange {
  readonly number: number;
  readonly kind: ChangeKind;
  readonly because: string;
}

/** The labels that decide, by what they say; all empty: the usual ones. */
export interface ChangeLabels {
  readonly breaking: readonly string[];
  readonly feature: readonly string[];
  readonly fix: readonly string[];
}

export const usualLabels: ChangeLabels = { breaking: [], feature: [], fix: [] };

/** From what costs users most to what costs them nothing. */
const byWeight: readonly ChangeKind[] = [
  'breaking',
  'feature',
  'deprecated',
  'removed',
  'security',
  'fix',
  'other',
  'internal',
];

const heaviest = <T extends { readonly kind: ChangeKind }>(all: readonly T[]): T | undefined =>
  all.toSorted((a, b) => byWeight.indexOf(a.kind) - byWeight.indexOf(b.kind))[0];

/** https://www.conventionalcommits.org: `type(scope)!: description`. */
const conventional = /^(?<type>[a-z]+)(?:\([^)\n]*\))?(?<breaking>!)?:\s/i;

const footer = /^BREAKING[ -]CHANGE:[ \t]*(\S.*)$/gm;

/** What a description or a commit's message declares to break; each one line of at most 300 characters. */
export const breaksIn = (text: string): readonly string[] =>
  [...text.matchAll(footer)].map(([, what = '']) => what.trim().slice(0, 300)).slice(0, 5);

const kindOfType: ReadonlyMap<string, ChangeKind> = new Map([
  ['feat', 'feature'],
  ['feature', 'feature'],
  ['fix', 'fix'],
  ['security', 'security'],
  ['deprecate', 'deprecated'],
  ['remove', 'removed'],
  ['perf', 'other'],
  ['refactor', 'other'],
  ['revert', 'other'],
  ['docs', 'internal'],
  ['test', 'internal'],
  ['tests', 'internal'],
  ['ci', 'internal'],
  ['build', 'internal'],
  ['chore', 'internal'],
  ['style', 'internal'],
]);

/** Labels as repositories name them, with or without a prefix such as `type:` or `semver/`. */
const kindOfUsualLabel: ReadonlyMap<string, ChangeKind> = new Map([
  ['breaking', 'breaking'],
  ['breaking-change', 'breaking'],
  ['major', 'breaking'],
  ['feature', 'feature'],
  ['feat', 'feature'],
  ['enhancement', 'feature'],
  ['minor', 'feature'],
  ['bug', 'fix'],
  ['bugfix', 'fix'],
  ['fix', 'fix'],
  ['patch', 'fix'],
  ['security', 'security'],
  ['documentation', 'internal'],
  ['docs', 'internal'],
]);

/**
 * What was declared to break breaks, whoever labelled it what: a label that a triager put on by the look of it must not ship a
 * break as a patch. Then a label, which people put on last and knowing the title; then the title's type; then the commits.
 */
export function classify(
  change: MergedChange,
  labels: ChangeLabels = usualLabels,
): Omit<ClassedChange, 'number'> {
  const said = typeOf(change.title);
  const labelled = heaviest(kindsOfLabels(change.labels, labels));
  const declared = declaredBreak(change);
  if (declared !== null) {
    const lesser = labelled !== undefined && labelled.kind !== 'breaking' ? labelled.label : null;
    return {
      kind: 'breaking',
      because: lesser === null ? declared : `${declared}, which label ${lesser} does not take back`,
    };
  }
  if (labelled !== undefined && (said === null || labelled.kind !== 'internal')) {
    const outranked = said !== null && said.kind !== labelled.kind;
    return {
      kind: labelled.kind,
      because: `label ${labelled.label}${outranked ? ` outranks the title's ${said.type}` : ''}`,
    };
  }
  if (said !== null) return { kind: said.kind, because: `the title says ${said.type}` };
  const ofCommits = heaviest(change.subjects.flatMap((subject) => typeOf(subject) ?? []));
  return ofCommits === undefined
    ? { kind: 'other', because: 'neither a label nor its title nor a commit says what it is' }
    : { kind: ofCommits.kind, because: `a commit says ${ofCommits.type}` };
}

function declaredBreak({ title, subjects, breaks }: MergedChange): string | null {
  if (isDeclared(title)) return 'the title says !';
  if (subjects.some(isDeclared)) return 'a commit says !';
  return breaks.length > 0 ? 'it says BREAKING CHANGE' : null;
}

const isDeclared = (line: string): boolean =>
  conventional.exec(line)?.groups?.['breaking'] !== undefined;

function typeOf(line: string): { readonly type: string; readonly kind: ChangeKind } | null {
  const type = conventional.exec(line)?.groups?.['type']?.toLowerCase() ?? '';
  const kind = kindOfType.get(type);
  return kind === undefined ? null : { type, kind };
}

function kindsOfLabels(
  labels: readonly string[],
  { breaking, feature, fix }: ChangeLabels,
): readonly { readonly label: string; readonly kind: ChangeKind }[] {
  const configured = [...breaking, ...feature, ...fix].length > 0;
  const kindOf = (label: string): ChangeKind | undefined => {
    if (!configured) return kindOfUsualLabel.get(bareLabel(label));
    const is = (names: readonly string[]): boolean =>
      names.some((name) => name.toLowerCase() === label.toLowerCase());
    if (is(breaking)) return 'breaking';
    if (is(feature)) return 'feature';
    return is(fix) ? 'fix' : undefined;
  };
  return labels.flatMap((label) => {
    const kind = kindOf(label);
    return kind === undefined ? [] : [{ label, kind }];
  });
}

const bareLabel = (label: string): string =>
  label
    .toLowerCase()
    .replace(/^(?:type|kind|semver|change)\s*[:/-]\s*/, '')
    .replaceAll(/\s+/g, '-');

/** The title without its type, which the place in a list says already: `feat(cli): read JSON` is `Read JSON`. */
export function titleWithoutType(title: string): string {
  const found = conventional.exec(title);
  if (found === null || !kindOfType.has(found.groups?.['type']?.toLowerCase() ?? '')) return title;
  const rest = title.slice(found[0].length).trim();
  return rest === '' ? title : rest.charAt(0).toUpperCase() + rest.slice(1);
}
