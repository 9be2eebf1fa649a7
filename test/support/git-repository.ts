import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A repository with a work tree, as somebody outside Assent has it. */
export interface TestRepository {
  /** A folder around it for whatever else the test needs. */
  readonly directory: string;
  readonly path: string;
  git(...args: readonly string[]): Promise<string>;
  write(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  /** Writes, commits all, gives the sha. */
  commit(message: string, files?: Readonly<Record<string, string | Buffer>>): Promise<string>;
  close(): Promise<void>;
}

export async function createRepository(): Promise<TestRepository> {
  const directory = await mkdtemp(join(tmpdir(), 'assent-git-'));
  const path = join(directory, 'origin');
  await mkdir(path);
  const git = async (...args: readonly string[]) => {
    const done = await run('git', ['-C', path, ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.org',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.org',
      },
    });
    return done.stdout.trim();
  };
  await git('init', '-q', '-b', 'main');
  const write = async (files: Readonly<Record<string, string | Buffer>>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    }
  };
  return {
    directory,
    path,
    git,
    write,
    async commit(message, files = {}) {
      await write(files);
      await git('add', '--all', '--force');
      await git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
