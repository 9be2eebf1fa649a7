import { ok, refuse, type Result } from '../result.ts';
import { linesOf, type RoadmapEdit } from './edit.ts';
import type { HistoryColumn, Roadmap, VersionHistory } from './roadmap.ts';
import { compareVersions, parseVersion } from './version.ts';

export interface HistoryEntry {
  /** With or without `v`; written as the other rows write it. */
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly type: string;
  readonly summary: string;
}

/** A row more in the table of versions, at the end where it grows downwards, on top where the newest stands first. */
export function historyRow(roadmap: Roadmap, entry: HistoryEntry): Result<RoadmapEdit[]> {
  const { history } = roadmap;
  if (history === null) {
    return refuse(
      'no_version_history',
      'The document has no table with the columns Version and Date: add one by hand first.',
    );
  }
  const bare = entry.version.replace(/^v/, '');
  const known = history.rows.find(({ version }) => version.replace(/^v/, '') === bare);
  if (known !== undefined) {
    return refuse(
      'version_known',
      `Version ${entry.version} stands on line ${known.line} already.`,
    );
  }
  const lines = linesOf(roadmap.text);
  const delimiter = history.line + 1;
  const last = history.rows.at(-1)?.line ?? delimiter;
  const above = newestFirst(history) ? delimiter : last;
  const model = lines[(history.rows[0]?.line ?? delimiter) - 1]?.text ?? '|';
  return ok([{ line: above + 1, before: null, after: rowLike(model, history, entry) }]);
}

function newestFirst({ rows }: VersionHistory): boolean {
  const first = parseVersion(rows[0]?.version ?? '');
  const last = parseVersion(rows.at(-1)?.version ?? '');
  return first !== null && last !== null && compareVersions(first, last) > 0;
}

/** With the bars, the indent and the `v` that the other rows have. */
function rowLike(model: string, { columns, rows }: VersionHistory, entry: HistoryEntry): string {
  const prefixed = rows.length === 0 || (rows[0]?.version.startsWith('v') ?? false);
  const version = `${prefixed ? 'v' : ''}${entry.version.replace(/^v/, '')}`;
  const cells = columns.map((column) => oneCell(valueOf(column, { ...entry, version })));
  const [, indent = '', bar = ''] = /^([\s>]*)(\|?)/.exec(model) ?? [];
  const row = cells.join(' | ');
  return bar === '' ? `${indent}${row}` : `${indent}| ${row} |`;
}

function valueOf(column: HistoryColumn, entry: HistoryEntry): string {
  return column === 'other' ? '—' : entry[column];
}

/** A bar or a line break in a value would end the cell, and with it the table. */
function oneCell(value: string): string {
  return (
    value
      .replaceAll(/\s+/g, ' ')
      .replaceAll('\\', '\\\\')
      .replaceAll('|', String.raw`\|`)
      .trim() || '—'
  );
}
