import { stripHidden } from '../text.ts';
import { titleWithoutType, type ChangeKind } from './classify.ts';

/** The groups of https://keepachangelog.com, in its order. */
export const sections = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const;
export type Section = (typeof sections)[number];

/** A merged change that its users should hear of. */
export interface ChangelogEntry {
  readonly pull_request: number;
  readonly section: Section;
  /** As people wrote it. */
  readonly title: string;
  /** Login; null: not known. */
  readonly author: string | null;
  readonly breaks: readonly string[];
  readonly breaking: boolean;
}

export interface EntrySource {
  readonly pull_request: number;
  readonly kind: ChangeKind;
  readonly title: string;
  readonly author: string | null;
  readonly breaks: readonly string[];
}

const sectionOfKind: Readonly<Record<Exclude<ChangeKind, 'internal' | 'other'>, Section>> = {
  breaking: 'Changed',
  feature: 'Added',
  deprecated: 'Deprecated',
  removed: 'Removed',
  fix: 'Fixed',
  security: 'Security',
};

/** A title that says no type still says by its first word where people would look for it. */
const sectionOfVerb: readonly (readonly [RegExp, Section])[] = [
  [/^(?:add|introduce|support|allow)s?\b/i, 'Added'],
  [/^(?:fix|mend|repair|correct|resolve)(?:es|s)?\b/i, 'Fixed'],
  [/^(?:remove|drop|delete)s?\b/i, 'Removed'],
  [/^deprecates?\b/i, 'Deprecated'],
];

/** What its users should hear of, in the order of the merges; what is internal is left out. */
export const entriesOf = (changes: readonly EntrySource[]): readonly ChangelogEntry[] =>
  changes.flatMap(({ kind, ...change }) => {
    if (kind === 'internal') return [];
    const title = titleWithoutType(change.title);
    const section =
      kind === 'other'
        ? (sectionOfVerb.find(([verb]) => verb.test(title))?.[1] ?? 'Changed')
        : sectionOfKind[kind];
    return [{ ...change, title, section, breaking: kind === 'breaking' }];
  });

/** In the order of the groups, then of the merges. */
export const bySection = (
  entries: readonly ChangelogEntry[],
): readonly (readonly [Section, readonly ChangelogEntry[]])[] =>
  sections.flatMap((section) => {
    const own = entries.filter((entry) => entry.section === section);
    return own.length === 0 ? [] : [[section, own] as const];
  });

/** An entry as text; `quote` makes what others wrote harmless for where it goes. */
export function entryText(
  { title, author, breaks, breaking, pull_request }: ChangelogEntry,
  quote: (text: string) => string,
): string {
  const [broken] = breaks;
  const what = broken === undefined ? '' : `: ${quote(broken)}`;
  const by = author === null ? '' : ` by ${quote(author)}`;
  return `${breaking ? '**Breaking:** ' : ''}${quote(title)}${what} (#${pull_request}${by})`;
}

const MOST_CHARACTERS = 200;

/**
 * One line of a committed Markdown file, harmless by backslashes alone: a file may hold no characters that do not show, which is how
 * text is made harmless for a comment. No tag, link, image, reference or entity is left, and no block begins.
 */
export function inFile(text: string): string {
  const plain = stripHidden(text).text.replaceAll(/\s+/g, ' ').trim();
  const cut =
    plain.length <= MOST_CHARACTERS
      ? plain
      : `${Array.from(plain)
          .slice(0, MOST_CHARACTERS - 1)
          .join('')}…`;
  return cut
    .replaceAll(/[\\<>[\]&|]/g, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/\bwww(?=\.)/gi, '$&\\')
    .replaceAll('@', String.raw`\@`)
    .replace(/^(?:[#+*=~`_-]|\d+(?=[.)]))/, String.raw`\$&`);
}
