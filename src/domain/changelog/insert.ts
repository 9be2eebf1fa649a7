import { ok, refuse, type Result } from '../result.ts';
import { applyEdits, linesOf, reverseEdits, type RoadmapEdit } from '../roadmap/edit.ts';
import type { Outline } from '../roadmap/outline.ts';
import { readChangelog, toldIn, type Changelog, type Group, type Release } from './document.ts';
import {
  bySection,
  entryText,
  inFile,
  sections,
  type ChangelogEntry,
  type Section,
} from './entries.ts';

export interface Addition {
  /** Without `v`; null: no version follows from these changes. */
  readonly version: string | null;
  /** `2026-11-21` */
  readonly date: string;
  readonly entries: readonly ChangelogEntry[];
}

export interface ExtendedChangelog {
  readonly text: string;
  /** New lines, and nothing else. */
  readonly edits: readonly RoadmapEdit[];
  readonly entries: readonly ChangelogEntry[];
}

/**
 * Read as Markdown twice, in which a megabyte takes seconds, and a list time with the square of its length. What is released goes on
 * top; what is old need not be read for it.
 */
const MOST_CHARACTERS = 60_000;
const MOST_LINES = 600;

/**
 * The changelog with the entries it does not have yet, by lines put in between; what stands in it stays. With a version, what was
 * unreleased becomes that version's, as people do it: by a heading below "Unreleased". Refused where nobody knows where a
 * release begins, or where, read again, anything else would differ.
 */
export function extendChangelog(
  outline: (text: string) => Outline,
  text: string,
  addition: Addition,
): Result<ExtendedChangelog> {
  const top = topOf(text);
  const before = outline(top);
  const changelog = readChangelog(before);
  const told = toldIn(text);
  const entries = addition.entries.filter(({ pull_request }) => !told.has(pull_request));
  const dated = addition.version === null ? null : releaseOf(changelog, addition.version);
  if (entries.length === 0 && (addition.version === null || dated !== null)) {
    return ok({ text, edits: [], entries });
  }
  const [unclear] = changelog.unclear;
  if (unclear !== undefined || (changelog.releases.length === 0 && top.length < text.length)) {
    return refuse(
      'changelog_unclear',
      `${unclear === undefined ? 'What was read of it, its top, holds no version' : `Its heading "${unclear.slice(0, 80)}" is no version`}, and nothing says "Unreleased": add a heading "## [Unreleased]" by hand.`,
    );
  }
  const edits = placed(changelog, { ...addition, entries });
  const gated = onlyAdded(outline, before, edits);
  return gated.ok ? ok({ text: gated.value + text.slice(top.length), edits, entries }) : gated;
}

/** Up to a heading, so that no list and no section is cut. */
function topOf(text: string): string {
  const lines =
    new RegExp(String.raw`^(?:[^\n]*\n){${MOST_LINES}}`).exec(text)?.[0].length ?? text.length;
  const most = Math.min(lines, MOST_CHARACTERS);
  if (text.length <= most) return text;
  const cut = /[\s\S]*\n(?=##? )/.exec(text.slice(0, most))?.[0] ?? '';
  return cut === '' ? text.slice(0, most) : cut;
}

/** A changelog that begins with these entries. */
export const newChangelog = (addition: Addition): string =>
  [
    '# Changelog',
    '',
    'What changed for those who use this project, in the form of [Keep a Changelog](https://keepachangelog.com).',
    '',
    ...freshRelease(headingOf(addition, null, 2), 2, addition.entries),
    '',
  ].join('\n');

const bare = (version: string): string => version.replace(/^v/, '');

const releaseOf = ({ releases }: Changelog, version: string | null): Release | null =>
  releases.find((release) =>
    version === null ? release.version === null : release.version === bare(version),
  ) ?? null;

/** Lines that come before a line of the original; `apart`: with a blank line on either side. */
interface Piece {
  readonly at: number;
  readonly lines: readonly string[];
  readonly apart: boolean;
}

const apart = (at: number, lines: readonly string[]): Piece => ({ at, lines, apart: true });

function placed(changelog: Changelog, addition: Addition): readonly RoadmapEdit[] {
  const { version, entries } = addition;
  const own = releaseOf(changelog, version);
  if (own !== null) return inserted(changelog, intoGroups(own, entries));
  const unreleased = releaseOf(changelog, null);
  const [newest] = changelog.releases;
  const level = newest?.level ?? 2;
  const heading = headingOf(addition, changelog, level);
  if (version !== null && unreleased !== null) {
    // Below a heading of its own, what stands there is the new version's.
    const opening = apart(unreleased.line + 1, [heading]);
    return inserted(changelog, [opening, ...intoGroups(unreleased, entries)]);
  }
  const release = freshRelease(heading, level, entries);
  return inserted(changelog, [apart(newest?.line ?? changelog.end, release)]);
}

/** Pieces for one place come as one, so that no two blank lines meet. */
function inserted({ text }: Changelog, pieces: readonly Piece[]): readonly RoadmapEdit[] {
  const original = linesOf(text).map((line) => line.text);
  const blank = (line: number): boolean => /^[\s\uFEFF]*$/.test(original[line - 1] ?? '');
  const places = [...new Set(pieces.map(({ at }) => at))].toSorted((a, b) => a - b);
  return places.flatMap((at) => {
    const here = pieces.filter((piece) => piece.at === at);
    const together = here.flatMap(({ lines }, index) => (index === 0 ? lines : ['', ...lines]));
    const loose = here.some((piece) => piece.apart);
    const all = [
      ...(loose && !blank(at - 1) ? [''] : []),
      ...together,
      ...(loose && !blank(at) ? [''] : []),
    ];
    return all.map((after) => ({ line: at, before: null, after }));
  });
}

const freshRelease = (
  heading: string,
  level: number,
  entries: readonly ChangelogEntry[],
): readonly string[] => [
  heading,
  ...bySection(entries).flatMap(([section, own]) => ['', ...freshGroup(section, level + 1, own)]),
];

const freshGroup = (
  section: Section,
  level: number,
  entries: readonly ChangelogEntry[],
): readonly string[] => [`${'#'.repeat(level)} ${section}`, '', ...lines(entries, '- ')];

const lines = (entries: readonly ChangelogEntry[], bullet: string): readonly string[] =>
  entries.map((entry) => `${bullet}${entryText(entry, inFile)}`);

/** Into the groups that are there; a group that is not comes where it belongs among them. */
const intoGroups = (release: Release, entries: readonly ChangelogEntry[]): readonly Piece[] =>
  bySection(entries).map(([section, own]) => {
    const group = release.groups.find((one) => one.section === section);
    if (group !== undefined) return intoGroup(group, own);
    const next = release.groups.find((one) => isAfter(one.section, section));
    return apart(next?.line ?? release.end, freshGroup(section, release.level + 1, own));
  });

const isAfter = (one: Section, other: Section): boolean =>
  sections.indexOf(one) > sections.indexOf(other);

const intoGroup = (
  { line, first_item, bullet }: Group,
  entries: readonly ChangelogEntry[],
): Piece =>
  first_item === null
    ? apart(line + 1, lines(entries, bullet))
    : { at: first_item, lines: lines(entries, bullet), apart: false };

/** As the other releases are written: `## [1.2.0] - 2026-11-21`, `## v1.2.0 (2026-11-21)`, `## 1.2.0`. */
function headingOf(
  { version, date }: Addition,
  changelog: Changelog | null,
  level: number,
): string {
  const model = changelog?.releases.find((release) => release.version !== null)?.title ?? '';
  const brackets = model === '' || model.includes('[');
  const hashes = '#'.repeat(level);
  if (version === null) return `${hashes} ${brackets ? '[Unreleased]' : 'Unreleased'}`;
  const named = `${/#\s*\[?v\d/.test(model) ? 'v' : ''}${bare(version)}`;
  const [, dash = '-'] = /\s([-–—])\s+\(?\d{4}-\d{2}-\d{2}/.exec(model) ?? [];
  const dated = /\(\d{4}-\d{2}-\d{2}\)/.test(model)
    ? ` (${date})`
    : model === '' || /\d{4}-\d{2}-\d{2}/.test(model)
      ? ` ${dash} ${date}`
      : '';
  return `${hashes} ${brackets ? `[${named}]` : named}${dated}`;
}

/** Taken out again, the lines leave the very bytes; and what stood there reads as it did. */
function onlyAdded(
  outline: (text: string) => Outline,
  before: Outline,
  edits: readonly RoadmapEdit[],
): Result<string> {
  const edited = applyEdits(before.text, edits);
  if (!edited.ok) return edited;
  const back = applyEdits(edited.value, reverseEdits(edits));
  if (!back.ok || back.value !== before.text || edits.some((edit) => edit.before !== null)) {
    return refuse(
      'edit_not_reversible',
      'The edit would change more than its lines; nothing was changed.',
    );
  }
  const own = new Set(reverseEdits(edits).map(({ line }) => line));
  const now = outline(edited.value).blocks;
  const kept = inWords(now.filter(({ line }) => !own.has(line)));
  const was = inWords(before.blocks);
  const added = now.length - before.blocks.length;
  const meant = edits.filter(({ after }) => (after ?? '').trim() !== '').length;
  return kept === was && added === meant
    ? edited
    : refuse(
        'edit_misread',
        'Read again, the document would not say what was meant; nothing was changed.',
      );
}

const inWords = (blocks: Outline['blocks']): string =>
  blocks.map((block) => `${block.kind} ${'text' in block ? block.text : ''}`).join('\n');
