import { hunksByFile } from '../../domain/review/change.ts';
import {
  coverageOfChange,
  readCoverage,
  type ChangedCoverage,
} from '../../domain/review/coverage.ts';
import type { Workspace, WorkspaceChange } from '../../ports/workspace.ts';

/** Where the common tools put it by default; the first that is one is taken. */
const REPORTS = [
  'coverage/lcov.info',
  'lcov.info',
  'coverage.lcov',
  'coverage/cobertura-coverage.xml',
  'coverage/cobertura.xml',
  'cobertura.xml',
  'coverage.xml',
];
const MOST_LINES = 500_000;

type Checkout = Pick<Workspace, 'read'>;

/** Reports that lie there before any step has run: committed, and so of another time. */
export async function reportsIn(checkout: Checkout): Promise<ReadonlySet<string>> {
  const found = await Promise.all(REPORTS.map((path) => checkout.read(path, 1, 1)));
  return new Set(REPORTS.filter((_, index) => found[index]?.ok === true));
}

/** What the steps left of a report in a fresh checkout, about the lines of the change alone; null where they left none. */
export async function coverageIn(
  checkout: Checkout,
  stale: ReadonlySet<string>,
  changes: readonly WorkspaceChange[],
  patch: string,
): Promise<ChangedCoverage | null> {
  const hunks = hunksByFile(patch, changes);
  if (hunks === null) return null;
  const files = changes.map(({ path }) => ({ path, hunks: hunks.get(path) ?? [] }));
  for (const path of REPORTS) {
    if (stale.has(path)) continue;
    const found = await checkout.read(path, 1, MOST_LINES);
    const report = found.ok ? readCoverage(found.value.text) : null;
    if (report !== null) return coverageOfChange(files, report, path);
  }
  return null;
}
