import { inside } from '../bubblewrap/arguments.ts';
import type { Limits } from '../bubblewrap/limits.ts';

export type EngineName = 'docker' | 'podman';

export interface ContainerPlace {
  readonly engine: EngineName;
  readonly image: string;
  /** Unique; by it the container is ended. */
  readonly name: string;
  /** Tells our containers from others', and one service's from another's. */
  readonly label: string;
  /** A list of system calls, as a file of the host; null: the engine's own. */
  readonly filter: string | null;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly limits: Limits;
  /** null: an empty one that ends with the container. */
  readonly workspace: string | null;
  readonly programs: readonly string[];
  readonly socket: { readonly host: string; readonly inside: string } | null;
  readonly checkout?: { readonly host: string; readonly inside: string } | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

/** A path that an engine's list of `key=value,…` cannot carry, or null. */
export const unspeakable = (paths: readonly string[]): string | null =>
  paths.find((path) => /[,"\n]/.test(path)) ?? null;

/** Of docker or podman, the command included. */
export function containerArguments(place: ContainerPlace): readonly string[] {
  const { limits, workspace, socket, checkout = null, user } = place;
  const [program = '/bin/true', ...rest] = place.argv;
  const bind = (source: string, target: string, more = ''): readonly string[] => [
    '--mount',
    `type=bind,source=${source},target=${target}${more}`,
  ];
  // Podman would put into it what the image has there, with its mode.
  const empty = place.engine === 'podman' ? ',notmpcopyup' : '';
  const memory = (target: string, size: number): readonly string[] => [
    '--tmpfs',
    `${target}:rw,nosuid,nodev,size=${size},mode=1777${empty}`,
  ];
  return [
    ['run', '--rm', '--interactive', '--init', '--pull=never', '--log-driver=none'],
    [`--name=${place.name}`, `--label=assent=${place.label}`],
    ['--network=none', '--ipc=private', '--hostname=sandbox'],
    ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
    place.filter === null ? [] : [`--security-opt=seccomp=${place.filter}`],
    [`--user=${user.uid}:${user.gid}`],
    // Without an engine that is root, our own user must be the same one inside, or it could not read what it made.
    place.engine === 'podman' && user.uid === process.getuid?.() ? ['--userns=keep-id'] : [],
    [`--pids-limit=${limits.processes}`, `--memory=${limits.memory}`],
    // As much as memory: no swap.
    [`--memory-swap=${limits.memory}`],
    [`--ulimit=nofile=${limits.open_files}`, `--ulimit=fsize=${limits.file}`],
    // Counts all of a user's, also other containers': no wall, but podman's own default is more than a service in a container may ask for.
    [`--ulimit=nproc=${limits.processes * 16}`],
    ['--ulimit=core=0', '--ulimit=memlock=65536'],
    [...memory('/tmp', limits.tmp), ...memory(inside.home, limits.home)],
    workspace === null ? memory(inside.workspace, limits.tmp) : bind(workspace, inside.workspace),
    place.programs.flatMap((path) => bind(path, path, ',readonly')),
    socket === null ? [] : bind(socket.host, socket.inside),
    checkout === null ? [] : bind(checkout.host, checkout.inside, ',readonly'),
    [`--workdir=${inside.workspace}`],
    Object.entries(place.environment).map(([name, value]) => `--env=${name}=${value}`),
    [`--entrypoint=${program}`, place.image, ...rest],
  ].flat();
}
