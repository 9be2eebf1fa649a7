import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { gitEnvironment } from './run.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly sha: string;
  readonly type: ObjectType;
  readonly content: Buffer;
}

interface Waiting {
  readonly resolve: (object: GitObject | null) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Reads objects and resolves revisions through one long-lived `git cat-file --batch`: a process for each read made the
 * simulator the slowest part of everything that used it.
 */
export class ObjectReader {
  readonly #directory: string;
  #child: ChildProcessWithoutNullStreams | null = null;
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: Waiting[] = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Null if there is no such object. `revision` is anything git understands, on one line. */
  read(revision: string): Promise<GitObject | null> {
    if (!isReadable(revision)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process().stdin.write(`${revision}\n`);
    });
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child = null;
  }

  #process(): ChildProcessWithoutNullStreams {
    if (this.#child !== null) return this.#child;
    const child = spawn('git', ['cat-file', '--batch'], {
      cwd: this.#directory,
      env: gitEnvironment,
    });
    child.stdout.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
      this.#drain();
    });
    child.stdin.on('error', () => undefined);
    child.on('close', () => {
      if (this.#child === child) this.#child = null;
      const lost = this.#waiting;
      this.#waiting = [];
      this.#buffer = Buffer.alloc(0);
      for (const one of lost) one.reject(new Error(`git cat-file ended in ${this.#directory}`));
    });
    this.#child = child;
    return child;
  }

  #drain(): void {
    for (;;) {
      const end = this.#buffer.indexOf(10);
      if (end < 0) return;
      const header = this.#buffer.subarray(0, end).toString();
      const found = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
      if (found === null) {
        this.#buffer = this.#buffer.subarray(end + 1);
        this.#waiting.shift()?.resolve(null);
        continue;
      }
      const size = Number(found[3]);
      if (this.#buffer.length < end + 1 + size + 1) return;
      const content = Buffer.from(this.#buffer.subarray(end + 1, end + 1 + size));
      this.#buffer = this.#buffer.subarray(end + 1 + size + 1);
      const type = found[2];
      if (type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag') {
        this.#waiting.shift()?.resolve({ sha: found[1] ?? '', type, content });
      }
    }
  }
}

/**
 * Over a reflog (`@{u}`), a search (`:/text`, `^{/text}`) or an index git can fail as a whole, and everybody else's answer
 * would go with it. Of a path after the colon nothing is to fear but a line break.
 */
function isReadable(revision: string): boolean {
  const [name = ''] = revision.split(':', 1);
  return name !== '' && !/@\{|\^\{\//.test(name) && !/[\n\r\0]/.test(revision);
}

/** Writes a loose object (gitformat-loose: zlib of `type size\0content`) and returns its name. */
export async function writeObject(
  directory: string,
  type: ObjectType,
  content: Buffer,
): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const sha = createHash('sha1').update(whole).digest('hex');
  const folder = join(directory, 'objects', sha.slice(0, 2));
  const file = join(folder, sha.slice(2));
  if (existsSync(file)) return sha;
  // Under another name first: a reader must never see half an object.
  const temporary = `${file}.${randomUUID()}`;
  const packed = deflateSync(whole, { level: 1 });
  await mkdir(folder, { recursive: true });
  await writeFile(temporary, packed, { mode: 0o444 });
  await rename(temporary, file);
  return sha;
}
