import { availableParallelism, totalmem } from 'node:os';

const MiB = 2 ** 20;

export interface Limits {
  /** Processes and threads of a step; of Node each process has eleven. */
  readonly processes: number;
  readonly open_files: number;
  /** In bytes: of one file, of what the workspace may hold, of `/tmp`, of the home folder and of `/dev/shm` each. */
  readonly file: number;
  readonly workspace: number;
  readonly tmp: number;
  readonly home: number;
  /** In bytes: of all processes of a step together where a control group counts them, else of each. */
  readonly memory: number;
}

export const defaultLimits: Limits = {
  processes: 512,
  open_files: 4096,
  file: 512 * MiB,
  workspace: 2048 * MiB,
  tmp: 256 * MiB,
  home: 64 * MiB,
  memory: Math.min(4096 * MiB, Math.floor(totalmem() / 2)),
};

/** Node sets half a gigabyte of data aside for code that it never writes. */
const nodesReserve = 640 * MiB;

/**
 * Of `prlimit`, to which a command line is appended. `processes` is given apart: for a user who runs other things it counts those
 * too. Addresses are not limited: Node reserves a hundred times what it uses. Data is, of each process.
 */
export function limitArguments(
  limits: Limits,
  { processes, timeout_ms }: { readonly processes: number; readonly timeout_ms: number },
): readonly string[] {
  // Of one process, on all processors: the wall clock ends it sooner, unless this program died.
  const seconds = Math.ceil(timeout_ms / 1000) * availableParallelism() + 1;
  return [
    `--nproc=${processes}`,
    `--nofile=${limits.open_files}`,
    `--fsize=${limits.file}`,
    `--cpu=${seconds}`,
    `--data=${limits.memory + nodesReserve}`,
    '--core=0',
    '--memlock=65536',
    '--msgqueue=0',
    '--',
  ];
}
