import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Programs } from '../../../../domain/doctor/machine.ts';

const run = promisify(execFile);

/** What this machine has of the programs that Assent calls. */
export async function programs(): Promise<Programs> {
  const [git, ripgrep] = await Promise.all([version('git'), version('rg')]);
  return { node: process.version, git, ripgrep };
}

async function version(program: string): Promise<string | null> {
  try {
    const { stdout } = await run(program, ['--version'], { timeout: 10_000 });
    return stdout.split('\n', 1)[0]?.trim() ?? '';
  } catch {
    return null;
  }
}
