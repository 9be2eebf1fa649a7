import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Person } from '../../../src/simulator/simulator.ts';
import type { World } from './world.ts';

const run = promisify(execFile);

/** A person's clone: what they do there is real git, and what they push goes by smart HTTP. */
export interface Checkout {
  git(...args: readonly string[]): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Writes the files and commits them where the checkout is; the sha. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  head(): Promise<string>;
  remove(): Promise<void>;
}

export async function cloneAs(world: World, person: Person): Promise<Checkout> {
  const { simulator } = world;
  const { id, login, token } = simulator.people[person];
  const folder = await mkdtemp(join(tmpdir(), 'assent-checkout-'));
  const settings = [`user.name=${login}`, `user.email=${id}+${login}@users.noreply.github.com`];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_TERMINAL_PROMPT: '0' };
  const git = async (...args: readonly string[]): Promise<string> => {
    if (args[0] === 'push') world.tick();
    const given = [...settings.flatMap((setting) => ['-c', setting]), ...args];
    return (await run('git', given, { cwd: folder, env })).stdout.trim();
  };
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await git('clone', '-q', `${simulator.url.replace('//', `//x:${token}@`)}/acme/widgets.git`, '.');
  return {
    git,
    write,
    commit: async (message, files) => {
      for (const [path, text] of Object.entries(files)) await write(path, text);
      await git('add', '--all');
      await git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    head: () => git('rev-parse', 'HEAD'),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
