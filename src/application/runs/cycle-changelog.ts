import type { GovernorBrief } from '../../agents/governor/brief.ts';
import { proposeChangelog, type ProposedChangelog } from '../../agents/governor/changelog.ts';
import { extendChangelog, newChangelog } from '../../domain/changelog/insert.ts';
import type { ChangelogEntry } from '../../domain/changelog/entries.ts';
import type { Outline } from '../../domain/roadmap/outline.ts';
import { notWhole, writtenByProgram } from '../tools/roadmap-tools.ts';
import type { RunContext } from './run-context.ts';

const USUAL_PATH = 'CHANGELOG.md';

/** What a cycle adds to the changelog. */
export interface ChangelogChange extends ProposedChangelog {
  /** Those that the file did not name yet. */
  readonly added: readonly ChangelogEntry[];
  readonly file: {
    readonly path: string;
    readonly text: string;
    readonly lines_added: number;
  } | null;
  /** Why they stand in no file; null: they do, or nobody asked for one. */
  readonly reason: string | null;
}

/** Null where the repository wants none. */
export async function cycleChangelog(
  { repository, base, config, deps }: RunContext,
  brief: GovernorBrief,
  version: string | null,
  date: string,
): Promise<ChangelogChange | null> {
  const wanted = config.agents.governor.changelog;
  if (wanted === false) return null;
  const path = wanted ?? USUAL_PATH;
  const text = await repository.files.readFile(base, path);
  return changelogChange((one) => deps.roadmap.outline(one), proposeChangelog(brief), {
    path,
    text,
    asked: wanted !== null,
    version,
    date,
  });
}

/** A changelog that cannot be extended safely holds nothing up: people add what it lacks. */
export function changelogChange(
  outline: (text: string) => Outline,
  proposed: ProposedChangelog,
  {
    path,
    text,
    asked,
    ...when
  }: {
    readonly path: string;
    /** Null: there is no such file. */
    readonly text: string | null;
    /** Whether the repository names the file, so that it is made. */
    readonly asked: boolean;
    readonly version: string | null;
    readonly date: string;
  },
): ChangelogChange {
  const addition = { ...when, entries: proposed.entries };
  const none = { ...proposed, added: proposed.entries, file: null, reason: null };
  if (text === null) {
    if (!asked || proposed.entries.length === 0) return none;
    const fresh = newChangelog(addition);
    return { ...none, file: { path, text: fresh, lines_added: fresh.split('\n').length - 1 } };
  }
  const unfit = writtenByProgram(text) ?? notWhole(text);
  const extended = unfit ?? extendChangelog(outline, text, addition);
  if (!extended.ok) return { ...none, reason: `${path}: ${extended.refusal.message}` };
  const { entries: added, edits, text: longer } = extended.value;
  const file = edits.length === 0 ? null : { path, text: longer, lines_added: edits.length };
  return { ...proposed, added, file, reason: null };
}
