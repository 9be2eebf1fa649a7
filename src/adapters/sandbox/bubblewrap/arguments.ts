import type { Limits } from './limits.ts';

/** Folders and files of the host that every sandbox sees, read-only. */
export interface Host {
  /** `/bin`, `/lib`, …: links into `/usr` where the host has them so, folders where it does not. */
  readonly roots: readonly { readonly path: string; readonly link: string | null }[];
  /** Holds `bin/node`; null: `/usr` does. */
  readonly node: string | null;
  /** Our own `passwd`, `group`, `hosts` and `nsswitch.conf`: the host's name its people. */
  readonly etc: string;
}

export interface Place {
  readonly host: Host;
  readonly limits: Limits;
  /** null: an empty one that ends with the sandbox. */
  readonly workspace: string | null;
  readonly programs: readonly string[];
  readonly socket: { readonly host: string; readonly inside: string } | null;
  /** Of the program itself; read-only. */
  readonly checkout?: { readonly host: string; readonly inside: string } | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Number of the open file that holds the filter. */
  readonly filter: number;
}

/** The same inside wherever it runs, so that what a step prints is, too. */
export const inside = {
  uid: 1000,
  gid: 1000,
  workspace: '/workspace',
  home: '/home/step',
} as const;

const sharedMemory = 64 * 2 ** 20;

/** Of `bwrap`. What each flag holds back is in SECURITY.md's list of attempts, and in the tests. */
export function bubblewrapArguments(place: Place): readonly string[] {
  const { host, limits, workspace, programs, socket, checkout = null, filter } = place;
  const size = (bytes: number): readonly string[] => ['--size', String(bytes)];
  return [
    // `--unshare-all` alone only tries a user namespace, and goes on without one.
    ['--unshare-user', '--unshare-all', '--disable-userns', '--cap-drop', 'ALL'],
    ['--uid', String(inside.uid), '--gid', String(inside.gid), '--hostname', 'sandbox'],
    ['--die-with-parent', '--new-session', '--clearenv'],
    ['--ro-bind', '/usr', '/usr'],
    host.roots.flatMap(({ path, link }) =>
      link === null ? ['--ro-bind', path, path] : ['--symlink', link, path],
    ),
    ['/etc/alternatives', '/etc/ssl/certs', '/etc/ld.so.cache'].flatMap((path) => [
      '--ro-bind-try',
      path,
      path,
    ]),
    etcFiles.flatMap((name) => ['--ro-bind', `${host.etc}/${name}`, `/etc/${name}`]),
    host.node === null ? [] : ['--ro-bind', host.node, '/opt/node'],
    ['--proc', '/proc', '--dev', '/dev'],
    [...size(sharedMemory), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    [...size(limits.tmp), '--tmpfs', '/tmp', ...size(limits.home), '--tmpfs', inside.home],
    programs.flatMap((path) => ['--ro-bind', path, path]),
    socket === null ? [] : ['--ro-bind', socket.host, socket.inside],
    checkout === null ? [] : ['--ro-bind', checkout.host, checkout.inside],
    workspace === null
      ? [...size(limits.tmp), '--tmpfs', inside.workspace]
      : ['--bind', workspace, inside.workspace],
    ['--remount-ro', '/', '--chdir', inside.workspace],
    Object.entries(place.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--seccomp', String(filter)],
  ].flat();
}

export const etcFiles = ['passwd', 'group', 'hosts', 'nsswitch.conf'] as const;

export const etcTexts: Readonly<Record<(typeof etcFiles)[number], string>> = {
  passwd: `step:x:${inside.uid}:${inside.gid}:step:${inside.home}:/bin/sh\n`,
  group: `step:x:${inside.gid}:\n`,
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
