import { execFile } from 'node:child_process';
import { closeSync, constants, fchmodSync, fchownSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Standard input and both outputs of one program, as a shell would have made them. */
export interface Stdio {
  /** What the program gets as 0, 1 and 2; the numbers are ours to close once it has them. */
  readonly ends: readonly [stdin: number | 'ignore', stdout: number, stderr: number];
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/**
 * What Node itself gives a program are sockets, and a socket cannot be opened by name: `echo x > /dev/stderr`, `tee /dev/stdout`
 * and `readFileSync('/dev/stdin')` fail. Here they are pipes and a file, which lie nowhere. Of Linux alone.
 */
export class StdioMaker {
  /** Kept for one program after another: making them takes a program of its own. */
  #pipes: readonly [Pipe, Pipe] | null = null;
  readonly #folder: string;
  readonly #group: number | null;

  /** `group`: the program's, where it runs as somebody else; null: it runs as we do. */
  constructor(folder: string, group: number | null) {
    this.#folder = folder;
    this.#group = group;
  }

  /** For the next program, once the one before is gone. */
  async open(input: string): Promise<Stdio> {
    const [out, err] = await this.#openPipes();
    const stdin = input === '' ? 'ignore' : await this.#inputFile(input);
    return { ends: [stdin, out.writer, err.writer], stdout: out.reader, stderr: err.reader };
  }

  close(): void {
    for (const { kept } of this.#pipes ?? []) closeSync(kept);
    this.#pipes = null;
  }

  async #openPipes(): Promise<readonly [OpenPipe, OpenPipe]> {
    const unread = this.#pipes?.some(({ last }) => last !== null && !last.readableEnded) ?? false;
    // What is left in one would be said by the next program.
    if (unread) this.close();
    try {
      return await this.#openKept();
    } catch {
      // A program that runs as we do may have closed it to everybody.
      this.close();
      return this.#openKept();
    }
  }

  async #openKept(): Promise<readonly [OpenPipe, OpenPipe]> {
    this.#pipes ??= await this.#make();
    const [out, err] = this.#pipes;
    return [openPipe(out), openPipe(err)];
  }

  #make(): Promise<readonly [Pipe, Pipe]> {
    return this.#inPassing(async (folder) => {
      const [out, err] = [join(folder, 'out'), join(folder, 'err')];
      await run('mkfifo', ['-m', '600', out, err]);
      return [
        { kept: this.#share(out, 0o620), last: null },
        { kept: this.#share(err, 0o620), last: null },
      ];
    });
  }

  #inputFile(input: string): Promise<number> {
    return this.#inPassing(async (folder) => {
      const path = join(folder, 'in');
      await writeFile(path, input, { flag: 'wx', mode: 0o600 });
      return this.#share(path, 0o640);
    });
  }

  /** Opened to be read; `mode` is what the program's group needs to open it by another name. */
  #share(path: string, mode: number): number {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (this.#group === null) return file;
    fchownSync(file, process.getuid?.() ?? 0, this.#group);
    fchmodSync(file, mode);
    return file;
  }

  /** In a folder that is gone before the program begins. */
  async #inPassing<T>(make: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.#folder, 'stdio-'));
    try {
      return await make(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

interface Pipe {
  /** A pipe without a name lasts as long as somebody has it open. */
  readonly kept: number;
  last: Readable | null;
}

interface OpenPipe {
  readonly reader: Readable;
  readonly writer: number;
}

/** Opened anew, not handed on: the one kept must not become the program's, nor end with its reader. */
function openPipe(pipe: Pipe): OpenPipe {
  const name = `/proc/self/fd/${pipe.kept}`;
  const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  // Before anything is read: a pipe that nobody writes to is at its end.
  const writer = openSync(name, constants.O_WRONLY);
  const reader = new Socket({ fd, readable: true, writable: false });
  pipe.last = reader;
  return { reader, writer };
}
