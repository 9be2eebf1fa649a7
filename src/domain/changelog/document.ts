import { linesOf } from '../roadmap/edit.ts';
import type { HeadingBlock, Outline } from '../roadmap/outline.ts';
import { sections, type Section } from './entries.ts';

export interface Group {
  readonly section: Section;
  readonly line: number;
  /** The line of the item that stands first in it; null where something else does, or nothing. */
  readonly first_item: number | null;
  /** What its items begin with. */
  readonly bullet: string;
}

export interface Release {
  /** Null: what is not released. */
  readonly version: string | null;
  readonly line: number;
  readonly level: number;
  readonly title: string;
  /** The line after its last, where another heading or the link definitions at the end begin. */
  readonly end: number;
  readonly groups: readonly Group[];
}

export interface Changelog {
  readonly text: string;
  readonly releases: readonly Release[];
  /** Headings below the title that are no release, where there are no releases: nobody knows what they are. */
  readonly unclear: readonly string[];
  /** The line after the last, or of the link definitions at the end. */
  readonly end: number;
}

const versionSaid = /^\[?v?(\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?)\b/;
const unreleasedSaid = /^\[?unreleased\b/i;
const linkDefinition = /^\s{0,3}\[[^\]]+\]:\s/;

/** Reads a changelog in the form of https://keepachangelog.com, and whatever is near it. */
export function readChangelog(outline: Outline): Changelog {
  const lines = linesOf(outline.text).map(({ text }) => text);
  const end = endOf(lines);
  const headings = outline.blocks.filter(
    (block): block is HeadingBlock =>
      block.kind === 'heading' && /^\uFEFF? {0,3}#/.test(lines[block.line - 1] ?? ''),
  );
  const titles = headings.filter(({ text }) => isRelease(text));
  const level = Math.min(...titles.map((heading) => heading.level));
  const releases = titles
    .filter((heading) => heading.level === level)
    .map((heading): Release => {
      const next = headings.find(
        (other) => other.line > heading.line && other.level <= heading.level,
      );
      const last = next?.line ?? end;
      return {
        version: versionSaid.exec(heading.text)?.[1] ?? null,
        line: heading.line,
        level: heading.level,
        title: lines[heading.line - 1] ?? '',
        end: last,
        groups: groupsIn(outline, lines, headings, heading, last),
      };
    });
  return {
    text: outline.text,
    releases,
    unclear:
      releases.length > 0 ? [] : headings.flatMap((one) => (one.level > 1 ? [one.text] : [])),
    end,
  };
}

/** Pull requests that a text names. */
export const toldIn = (text: string): ReadonlySet<number> =>
  new Set([...text.matchAll(/(?:#|\/pull\/)(\d{1,9})\b/g)].map(([, number]) => Number(number)));

const isRelease = (text: string): boolean => versionSaid.test(text) || unreleasedSaid.test(text);

function endOf(lines: readonly string[]): number {
  let end = lines.length;
  while (end > 0 && /^\s*$/.test(lines[end - 1] ?? '')) end -= 1;
  const definitions = end;
  while (end > 0 && linkDefinition.test(lines[end - 1] ?? '')) end -= 1;
  return end === definitions ? lines.length + 1 : end + 1;
}

function groupsIn(
  { blocks }: Outline,
  lines: readonly string[],
  headings: readonly HeadingBlock[],
  { line, level }: HeadingBlock,
  end: number,
): readonly Group[] {
  return headings
    .filter((heading) => heading.line > line && heading.line < end && heading.level === level + 1)
    .flatMap((heading) => {
      const section = sections.find(
        (name) => name.toLowerCase() === heading.text.trim().toLowerCase(),
      );
      if (section === undefined) return [];
      const after = blocks.find((block) => block.line > heading.line);
      const first = after?.kind === 'list_item' && after.line < end ? after.line : null;
      const [, bullet = null] = /^([-*+] +)\S/.exec(lines[(first ?? 0) - 1] ?? '') ?? [];
      return [
        {
          section,
          line: heading.line,
          first_item: bullet === null ? null : first,
          bullet: bullet ?? '- ',
        },
      ];
    });
}
