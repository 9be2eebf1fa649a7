import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { refuse, type Result } from '../../domain/result.ts';

export interface Bounds {
  readonly milliseconds: number;
  /** Of memory in use; looked at where the system tells (`/proc`), besides the heap's own bound. */
  readonly megabytes: number;
}

export interface Invocation {
  readonly command: readonly string[];
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
}

const MAX_OUTPUT = 20_000_000;
const MEMORY_LOOK_MS = 250;

/** Runs a program with an empty environment and ends it where it goes beyond its bounds, which is told as a refusal. */
export function runBounded(
  { command: [program = '', ...args], directory, signal }: Invocation,
  bounds: Bounds,
): Promise<Result<Ended>> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: {},
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    let beyond: string | null = null;
    const end = (why: string) => {
      beyond ??= why;
      child.kill('SIGKILL');
    };
    const clock = setTimeout(
      () => end(`it took more than ${bounds.milliseconds / 1000} seconds`),
      bounds.milliseconds,
    );
    const look = async () => {
      const used = await residentMegabytes(child.pid);
      if (used > bounds.megabytes) end(`it took more than ${bounds.megabytes} MB of memory`);
    };
    const memory = setInterval(() => void look(), MEMORY_LOOK_MS);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > MAX_OUTPUT) end('it said more than anybody reads');
    });
    const settle = (work: () => void) => {
      clearTimeout(clock);
      clearInterval(memory);
      work();
    };
    child.on('error', (error) => settle(() => reject(error)));
    child.on('close', (code) =>
      settle(() =>
        resolve(
          beyond === null
            ? { ok: true, value: { code: code ?? -1, out } }
            : refuse('trial.bounds', beyond),
        ),
      ),
    );
  });
}

const PAGE_BYTES = 4096;

async function residentMegabytes(pid: number | undefined): Promise<number> {
  try {
    const [, pages = '0'] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
    return (Number(pages) * PAGE_BYTES) / 1_000_000;
  } catch {
    // It has ended, or the system does not tell: the time is bounded anyhow.
    return 0;
  }
}
