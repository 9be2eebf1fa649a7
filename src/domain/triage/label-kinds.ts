import type { RepositoryConfig } from '../repository-config.ts';

export const issueTypes = ['bug', 'feature', 'documentation', 'question', 'maintenance'] as const;
export type IssueType = (typeof issueTypes)[number];

/** What a label says of an issue. Of `type`, `priority` and `size` an issue has one; of `area` any number. */
export type LabelKind = 'type' | 'priority' | 'size' | 'area';

export interface KnownLabel {
  readonly name: string;
  readonly kind: LabelKind;
  /** Of a type label, which type it names. */
  readonly type: IssueType | null;
}

/** What is left of `kind/bug`, `type: bug`, `C-bug`, `*bug`. */
const core = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/:.\- ]+/gu, '')
    .replace(/^(?:kind|type|category|t|c|issue)\s*[/:.-]\s*/u, '')
    .trim();

const typeWords: Readonly<Record<IssueType, RegExp>> = {
  bug: /^(?:bugs?|defect|regression|crash)$/u,
  feature:
    /^(?:feature|enhancement|feature[- ]?request|new[- ]feature|improvement|suggestion|rfe|proposal)s?$/u,
  documentation: /^(?:docs?|documentation)$/u,
  question: /^(?:question|support|help|discussion|usage)s?$/u,
  maintenance:
    /^(?:chore|maintenance|refactor(?:ing)?|cleanup|tech(?:nical)?[- ]debt|ci|build|tests?|testing|dependencies|internal)$/u,
};

const priority =
  /^(?:prio(?:rity)?|severity)\b|^p[0-4](?:$|[ :/-])|^(?:critical|urgent|blocker|(?:high|medium|low)[ -]prio(?:rity)?)$/u;
const size = /^(?:size|effort|complexity|difficulty|estimate)\b|^(?:xs|s|m|l|xl)$/u;

/**
 * What people decide about an issue, or did with it. None of it follows from its text, so none of it is ever proposed from
 * past issues, however often it was set.
 */
const process =
  /^(?:assent:|\*|no-)|\b(?:duplicate|invalid|wont ?fix|won't ?fix|stale|good first|help wanted|needs?|info-needed|more info|triaged?|confirmed|confirmation|unconfirmed|verified|verification|in progress|blocked|backlog|out[- ]of[- ]scope|by design|as designed|on hold|released?|unreleased|new release|fixed|closing|not[- ]?reproducible|insiders|testplan|plan-item|candidate|tracker|hacktoberfest|waiting|awaiting|ready|reviewed|approved|rejected|accepted|lifecycle|status|state|resolution|milestone|upstream|english-please|translation-required|assigned|stalled|pinned|keep)\b/iu;

export function kindOf(label: string): KnownLabel | null {
  const name = core(label);
  if (name === '' || process.test(label.toLowerCase()) || process.test(name)) return null;
  const type = issueTypes.find((one) => typeWords[one].test(name)) ?? null;
  if (type !== null) return { name: label, kind: 'type', type };
  if (priority.test(name)) return { name: label, kind: 'priority', type: null };
  if (size.test(name)) return { name: label, kind: 'size', type: null };
  return { name: label, kind: 'area', type: null };
}

/**
 * The labels that may be proposed: those the repository has, less what people decide. Where `.github/assent.yml` names labels
 * of a kind, those are the kind's, and nothing else is.
 */
export function knownLabels(
  existing: readonly string[],
  configured: RepositoryConfig['labels'],
): readonly KnownLabel[] {
  const named = new Map<string, LabelKind>(
    (['area', 'priority', 'type'] as const).flatMap((kind) =>
      configured[kind].map((label) => [label.toLowerCase(), kind] as const),
    ),
  );
  const settled = new Set<LabelKind>(named.values());
  return existing.flatMap((label) => {
    const kind = named.get(label.toLowerCase());
    const guessed = kindOf(label);
    if (kind !== undefined) {
      return [{ name: label, kind, type: kind === 'type' ? (guessed?.type ?? null) : null }];
    }
    return guessed === null || settled.has(guessed.kind) ? [] : [guessed];
  });
}

/** Those a reader may choose from: what people decide is open to it as well, such as `duplicate`, but never Assent's own. */
export function choosableLabels(
  existing: readonly string[],
  configured: RepositoryConfig['labels'],
): readonly string[] {
  const known = new Set(knownLabels(existing, configured).map(({ name }) => name));
  return existing.filter(
    (label) => !label.startsWith('assent:') && (known.has(label) || kindOf(label) === null),
  );
}
