import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { finished, Writable, type Readable } from 'node:stream';
import type { Stopped } from '../../ports/sandbox.ts';
import type { Stdio, StdioMaker } from './stdio.ts';

/** A program that floods is stopped once it wrote this many times its cap: a little too much is cut, much too much is no log. */
const floodFactor = 4;

/** How long a pipe may stay open once its program is gone: what still holds it then is not waited for. */
const drainMs = 2_000;

export interface Launch {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Whole: nothing of this process's own environment is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard input, whole. */
  readonly input: string;
  /** Makes what it gets as 0, 1 and 2; null: what Node makes, for a program that only hands on. */
  readonly stdio: StdioMaker | null;
  readonly timeout_ms: number;
  /** In bytes, of each output. */
  readonly output_cap: number;
  readonly signal?: AbortSignal | undefined;
  /** What it gets as 3, 4, …: an open file of ours, a text to read, or a line to tell us something by (`Ended.told`). */
  readonly files?: readonly (number | { readonly text: string } | 'line')[];
  /** Called once it runs; what it gives is called once it ended. */
  readonly watch?: ((watched: Watched) => () => void) | undefined;
}

export interface Watched {
  readonly pid: number;
  readonly stop: (why: Stopped) => void;
}

export interface Ended {
  readonly exit_code: number | null;
  readonly ms: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Something was written that is not in `stdout` or `stderr`. */
  readonly truncated: boolean;
  readonly stopped: Stopped | null;
  /** What it told us by each of its lines. */
  readonly told: readonly string[];
}

/** Runs a program in a process group of its own, which dies with it, at its time-out, and where it floods. Throws where it cannot be started. */
export async function launch(request: Launch): Promise<Ended> {
  const [program, ...args] = request.argv;
  if (program === undefined) throw new TypeError('an empty command line cannot be run');
  if (isOver(request)) return neverStarted;
  const stdio = (await request.stdio?.open(request.input)) ?? null;
  const started = performance.now();
  const files = request.files ?? [];
  const child = start(program, args, request, stdio?.ends ?? null);
  const [stdout, stderr] =
    stdio === null ? [child.stdout, child.stderr] : [stdio.stdout, stdio.stderr];
  if (stdout === null || stderr === null) throw new TypeError('pipes were asked for');
  let stopped: Stopped | null = null;
  const stop = (why: Stopped): void => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const flood = (): void => stop('output');
  const outputs = [
    collect(stdout, request.output_cap, flood),
    collect(stderr, request.output_cap, flood),
  ] as const;
  const lines: (() => string)[] = [];
  for (const [index, file] of files.entries()) {
    const stream = child.stdio[3 + index];
    if (file === 'line') lines.push(hear(stream));
    else if (typeof file === 'object') feed(stream, file.text);
  }
  const timer = setTimeout(() => stop('timeout'), request.timeout_ms);
  const abort = (): void => stop('aborted');
  request.signal?.addEventListener('abort', abort, { once: true });
  // It may have been while the outputs were made.
  if (isOver(request)) abort();
  if (stdio === null) feed(child.stdin, request.input);
  const unwatch = child.pid === undefined ? undefined : request.watch?.({ pid: child.pid, stop });
  try {
    const exit_code = await ended(child, [stdout, stderr]);
    const [out, err] = outputs;
    return {
      exit_code,
      ms: Math.round(performance.now() - started),
      stdout: out.taken(),
      stderr: err.taken(),
      truncated: out.truncated() || err.truncated(),
      stopped,
      told: lines.map((heard) => heard()),
    };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
    unwatch?.();
  }
}

const isOver = ({ signal }: Launch): boolean => signal?.aborted === true;

function start(
  program: string,
  args: readonly string[],
  { cwd, env, files = [] }: Launch,
  ends: Stdio['ends'] | null,
): ChildProcess {
  try {
    return spawn(program, args, {
      cwd,
      env,
      detached: true,
      stdio: [
        ...(ends ?? (['pipe', 'pipe', 'pipe'] as const)),
        ...files.map((file) => (typeof file === 'number' ? file : ('pipe' as const))),
      ],
    });
  } finally {
    // As long as we have one open, an output has no end.
    for (const end of ends ?? []) if (typeof end === 'number') closeSync(end);
  }
}

/** What came of it where it was to end before it began. */
export const neverStarted: Ended = {
  exit_code: null,
  ms: 0,
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  truncated: false,
  stopped: 'aborted',
  told: [],
};

type Stream = Readable | Writable | null | undefined;

function feed(stream: Stream, text: string): void {
  if (!(stream instanceof Writable)) throw new TypeError('a pipe was asked for');
  // A program need not read what it is told: its end before that is no fault of ours.
  stream.on('error', () => {});
  stream.end(text);
}

/** A line is for a few words: no more of it is kept. */
const lineLength = 1_000;

function hear(stream: Stream): () => string {
  let heard = '';
  stream?.on('data', (chunk: Buffer) => {
    heard = (heard + chunk.toString('utf8')).slice(0, lineLength);
  });
  return () => heard;
}

/** The exit code, once everything it wrote was read; null where a signal ended it. */
async function ended(child: ChildProcess, outputs: readonly Readable[]): Promise<number | null> {
  let drain: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    // What it left running in the background would hold the pipes open and outlive it.
    killGroup(child.pid);
    drain = setTimeout(() => {
      for (const output of outputs) output.destroy();
    }, drainMs);
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code] = await Promise.all([closed, ...outputs.map(read)]);
  clearTimeout(drain);
  return code;
}

/** Once it is read to its end, or nobody waits for that any more. */
const read = (output: Readable): Promise<void> =>
  new Promise((resolve) => finished(output, { writable: false }, () => resolve()));

/** Keeps up to four times the cap, so that the end of a log a little too long can still be shown. */
function collect(stream: Readable, cap: number, flood: () => void) {
  const limit = cap * floodFactor;
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = Math.max(0, limit - bytes);
    if (room > 0) chunks.push(chunk.subarray(0, room));
    bytes += chunk.length;
    if (bytes > limit) flood();
  });
  return { taken: () => Buffer.concat(chunks), truncated: () => bytes > limit };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone, which is what was wanted.
  }
}
