import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { gitEnvironment } from './run.ts';

/**
 * Moves refs through one long-lived `git update-ref --stdin`, a transaction after the other: a process for each move was a
 * tenth of all the simulator started. Git ends with the first transaction that fails; the next one starts it anew.
 */
export class RefWriter {
  readonly #directory: string;
  #child: ChildProcessWithoutNullStreams | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All of the commands or none; false if git did not take them. */
  commit(commands: readonly string[]): Promise<boolean> {
    const turn = this.#turn.then(() => this.#transact(commands));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child = null;
  }

  #transact(commands: readonly string[]): Promise<boolean> {
    const child = this.#process();
    return new Promise((resolve, reject) => {
      let said = '';
      const settle = (answer: () => void) => {
        child.stdout.off('data', hear).off('close', ended);
        child.off('error', failed);
        answer();
      };
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('commit: ok\n')) settle(() => resolve(true));
      };
      const ended = () => settle(() => resolve(false));
      const failed = (cause: Error) => settle(() => reject(cause));
      child.stdout.on('data', hear).on('close', ended);
      child.on('error', failed);
      child.stdin.write(['start', ...commands, 'prepare', 'commit', ''].join('\n'));
    });
  }

  #process(): ChildProcessWithoutNullStreams {
    if (this.#child !== null) return this.#child;
    const child = spawn('git', ['update-ref', '--stdin'], {
      cwd: this.#directory,
      env: gitEnvironment,
    });
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    const forget = () => {
      if (this.#child === child) this.#child = null;
    };
    child.on('error', forget);
    child.stdout.on('close', forget);
    this.#child = child;
    return child;
  }
}
