import {
  faults,
  nameOf,
  type ContributedFile,
  type Contribution,
  type Gate,
} from '../contribution.ts';
import { isSourceList } from './sources.ts';

const maxFiles = 40;
/** What a person can read at one sitting, and more. */
const maxLines = 2_000;
/** Written by package managers, and read by the gates instead. */
const maxLockLines = 20_000;
const maxPatch = 2_000_000;

/** Scanning what is refused for its size anyway would take as long as whoever made it likes. */
export const isReadable = ({ patch }: Contribution): boolean => patch.length <= maxPatch;

export const size: Gate = ({ files, patch }) => {
  const locks = files.filter(({ path }) => isSourceList(nameOf(path)));
  const lines = linesOf(files) - linesOf(locks);
  return faults(
    ...over(files.length, maxFiles, 'files'),
    ...over(lines, maxLines, 'lines'),
    ...over(linesOf(locks), maxLockLines, 'lines of lock files'),
    ...over(patch.length, maxPatch, 'characters of patch'),
  );
};

const linesOf = (files: readonly ContributedFile[]): number =>
  files.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0);

const over = (have: number, most: number, what: string): readonly string[] =>
  have <= most ? [] : [`${have} ${what} changed, at most ${most} may be: do less at once`];
