import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** Git failed where it should not have: no refusal of ours, the message is git's own. */
export class GitFault extends Error {
  readonly operation: string;
  readonly exit_code: number | null;

  constructor(operation: string, exit_code: number | null, said: string, cause?: unknown) {
    super(`git ${operation} failed: ${said.trim() || `exit ${String(exit_code)}`}`, { cause });
    this.name = 'GitFault';
    this.operation = operation;
    this.exit_code = exit_code;
  }
}

export interface GitOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | undefined;
  /** Exit codes that are answers; any other throws. */
  readonly allow?: readonly number[] | undefined;
  readonly timeout_ms?: number | undefined;
  /** What is printed beyond is cut off, and the answer says so; without it so much is a fault. */
  readonly most_bytes?: number | undefined;
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly cut?: true;
}

const maxOutputBytes = 256 * 1024 * 1024;
const defaultTimeoutMs = 120_000;

/** Nothing of the machine's or the user's configuration reaches git, and nothing it is pointed at can make it run a program. */
const isolation: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'core.symlinks=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'http.followRedirects=false',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'diff.ignoreSubmodules=all',
  'commit.gpgSign=false',
].flatMap((setting) => ['-c', setting]);

const gitEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
});

/**
 * System git, one process a call. Not through simple-git (docs/adr/0006): its guards would have to be lifted for the very
 * settings that isolate git here, and it takes a failure without a message for success.
 */
export function git(args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const operation = args.find((arg) => !arg.startsWith('-')) ?? '';
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...isolation, ...args],
      {
        cwd: '/',
        env: { ...gitEnvironment(), ...options.env },
        encoding: 'buffer',
        maxBuffer: options.most_bytes ?? maxOutputBytes,
        timeout: options.timeout_ms ?? defaultTimeoutMs,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        if (
          options.most_bytes !== undefined &&
          error?.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
        ) {
          resolve({ code: 0, stdout, stderr: '', cut: true });
          return;
        }
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        const said = stderr.toString('utf8');
        if (code !== null && (code === 0 || options.allow?.includes(code) === true))
          resolve({ code, stdout, stderr: said });
        else reject(new GitFault(operation, code, said || (error?.message ?? ''), error));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** One that stays open, on a repository of any owner; whoever starts it ends it. */
export const startGit = (
  gitDirectory: string,
  args: readonly string[],
): ChildProcessWithoutNullStreams =>
  spawn('git', [...isolation, '-c', 'safe.directory=*', `--git-dir=${gitDirectory}`, ...args], {
    cwd: '/',
    env: { ...gitEnvironment(), GIT_NO_LAZY_FETCH: '1' },
  });

export const textOf = (output: GitOutput): string => output.stdout.toString('utf8');

/** The fields of a NUL-terminated list. */
export const fieldsOf = (output: GitOutput): string[] => {
  const fields = textOf(output).split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
};

const objectName = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const refName = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

export const isObjectName = (text: string): boolean => objectName.test(text);

/** A branch name git would take and that can be neither an option nor a revision expression. */
export const isBranchName = (text: string): boolean =>
  refName.test(text) &&
  text.length <= 200 &&
  !text.includes('..') &&
  !text.includes('//') &&
  !/(?:\/|\.|\.lock)$/.test(text) &&
  !text.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'));
