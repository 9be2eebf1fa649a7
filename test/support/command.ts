import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

export interface Running {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  /** What it wrote so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the match once standard error has it; rejects when it ends without. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
}

/** An npm script of this checkout, as a newcomer runs it. */
export const npmRun = (script: string, args: readonly string[]): Running =>
  start('npm', ['run', '-s', script, '--', ...args]);

const cli = fileURLToPath(new URL('../../src/entrypoints/cli/main.ts', import.meta.url));

/** The command itself: npm's shell dies of a signal on its own account, and its exit code is npm's. */
export const assentRun = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running => start(process.execPath, [cli, ...args], environment);

/** Without a model of the caller's. */
function start(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd: checkout,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a signal reaches all of it, as Ctrl-C at a terminal does.
    detached: true,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(err);
        if (found !== null) resolve(found);
      };
      child.stderr.on('data', look);
      void exit.then((code) =>
        reject(new Error(`it ended (${code}) without saying ${pattern}: ${err}`)),
      );
      look();
    });
  child.stderr.prependListener('data', (chunk: Buffer) => void (err += chunk.toString()));
  return { process: child, exit, out: () => out, err: () => err, says };
}

/** Ctrl-C: the terminal sends it to the whole group. */
export const interrupt = ({ process: { pid } }: Running): void => {
  if (pid !== undefined) process.kill(-pid, 'SIGINT');
};
