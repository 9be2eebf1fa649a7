import { hiddenFault, hiddenInPatch, secretsInPatch } from '../../review-facts.ts';
import { faults, nameOf, type Contribution, type Gate, type GateReport } from '../contribution.ts';
import { licences, ownLicencePaths } from './licences.ts';
import { lockHosts } from './lock-hosts.ts';
import { isProtectedFrom, protectedPathFault } from './protected-paths.ts';
import { isReadable, size } from './size.ts';
import { isSourceList } from './sources.ts';

const empty: Gate = ({ files }) => (files.length === 0 ? faults(nothingChanged) : faults());

export const nothingChanged = 'nothing was changed';

const protectedPaths: Gate = ({ files }) =>
  faults(
    ...files
      .filter(({ path }) => isProtectedFrom(path))
      .map(({ path }) => protectedPathFault(path)),
  );

const binaries: Gate = ({ files }) =>
  faults(
    ...files
      .filter(({ binary, status }) => binary && status !== 'removed')
      .map(({ path }) => `${path} is binary: nobody could review it`),
  );

const secrets: Gate = ({ patch }) =>
  faults(
    ...secretsInPatch(patch).map(
      ({ path, line, rule }) => `${path}:${line} looks like a secret (${rule})`,
    ),
  );

const hidden: Gate = ({ patch }) =>
  faults(...hiddenInPatch(patch).map(({ path, line }) => `${path}:${line} ${hiddenFault}`));

const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\//;

/** The checkout holds a pointer in the place of the content, so an edit of it is an edit of nothing. */
const largeFiles: Gate = ({ texts }) =>
  faults(
    ...[...texts]
      .filter(([, { before }]) => before !== null && pointer.test(before))
      .map(([path]) => `${path} is kept by Git LFS: its content is not here to be changed`),
  );

const gates: readonly Gate[] = [
  empty,
  protectedPaths,
  size,
  binaries,
  secrets,
  hidden,
  lockHosts,
  licences,
  largeFiles,
];

/** Asked of every contribution, whatever its steps say. Every fault at once; none means it may be proposed. */
export function passGates(contribution: Contribution): GateReport {
  const asked = isReadable(contribution) ? gates : [protectedPaths, size];
  const reports = asked.map((gate) => gate(contribution));
  return {
    faults: reports.flatMap((report) => report.faults),
    flags: reports.flatMap((report) => report.flags),
  };
}

/** An LFS pointer has some 130 bytes in three lines; what changes more lines than that was none. */
const maybePointer = ({ deletions, status }: Contribution['files'][number]): boolean =>
  status !== 'added' && deletions <= 4;

/** The paths whose whole text the gates ask for. */
export const readWhole = (files: Contribution['files']): readonly string[] => [
  ...new Set([
    ...files
      .filter((file) => isSourceList(nameOf(file.path)) || maybePointer(file))
      .map(({ path }) => path),
    ...ownLicencePaths,
  ]),
];
