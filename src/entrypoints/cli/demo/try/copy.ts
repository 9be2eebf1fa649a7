import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ok, refuse, type Result } from '../../../../domain/result.ts';

/** What `try` took of a repository: its HEAD, in a clone that goes with the process. */
export interface Copy {
  readonly folder: string;
  /** A name GitHub would take. */
  readonly name: string;
  readonly head: string;
  readonly subject: string;
  /** Files that differ from HEAD, which are not taken. */
  readonly uncommitted: number;
}

const run = promisify(execFile);

/** What the repository's own configuration may name as a program to run is not run by looking at it. */
const quietly = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

const git = async (folder: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await run('git', ['-C', folder, ...quietly, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
};

/** What git itself said, where it is git that failed. */
const gitsWords = (error: unknown): string | null =>
  error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
    ? (error.stderr.trim().split('\n').at(-1) ?? '')
    : null;

/** Clones the HEAD of the repository at `path`, or says why there is none to clone. Nothing is written there. */
export async function copyHead(path: string): Promise<Result<Copy>> {
  const root = await rootOf(path);
  if (!root.ok) return root;
  try {
    const head = await git(root.value, 'rev-parse', '--verify', 'HEAD^{commit}');
    const subject = await git(root.value, 'log', '-1', '--format=%s', head);
    const status = await git(root.value, 'status', '--porcelain').catch(() => '');
    const folder = await mkdtemp(join(tmpdir(), 'assent-try-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await git(folder, 'init', '--quiet', '--template=', '--initial-branch=main', '.');
    await git(folder, 'fetch', '--quiet', '--no-tags', '--update-shallow', root.value, 'HEAD');
    await git(folder, 'reset', '--quiet', '--soft', 'FETCH_HEAD');
    return ok({
      folder,
      name: nameOf(root.value),
      head,
      subject,
      uncommitted: status.split('\n').filter((line) => line !== '').length,
    });
  } catch (error) {
    const said = gitsWords(error);
    if (said === null) throw error;
    return refuse(
      'try.no_commit',
      `${root.value}: its HEAD cannot be cloned (${said}); commit something first, then try again`,
    );
  }
}

async function rootOf(path: string): Promise<Result<string>> {
  const folder = resolve(path);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) {
    return refuse('try.no_folder', `${folder}: no folder; give the folder of a git repository`);
  }
  try {
    const bare = (await git(folder, 'rev-parse', '--is-bare-repository')) === 'true';
    return ok(bare ? folder : await git(folder, 'rev-parse', '--show-toplevel'));
  } catch (error) {
    const said = gitsWords(error);
    if (said === null) throw error;
    return refuse(
      'try.no_repository',
      `${folder}: no git repository that can be read (${said}); give a clone of yours, or run git init and commit there`,
    );
  }
}

function nameOf(root: string): string {
  const name = basename(root)
    .replace(/\.git$/, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 80);
  return /^\.*$/.test(name) ? 'repository' : name;
}
