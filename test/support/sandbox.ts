import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, realpathSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBubblewrap } from '../../src/adapters/sandbox/bubblewrap/bubblewrap.ts';
import type { BubblewrapOptions } from '../../src/adapters/sandbox/bubblewrap/ground.ts';
import type {
  ProgramRequest,
  ProgramResult,
  Sandbox,
  StepRequest,
  StepResult,
} from '../../src/ports/sandbox.ts';

export interface Yard {
  readonly sandbox: Sandbox;
  /** Holds everything, and is enterable by nobody but us. */
  readonly folder: string;
  /** A new, empty workspace. */
  readonly workspace: () => string;
  readonly run: (command: string, change?: Partial<StepRequest>) => Promise<Finished>;
  readonly execute: (
    argv: readonly string[],
    change?: Partial<ProgramRequest>,
  ) => Promise<ProgramResult>;
  /** Removes everything. */
  readonly end: () => void;
}

export type Finished = Extract<StepResult, { kind: 'finished' }>;

/** A sandbox that runs for real, or why there is none: on somebody's laptop that is told and skipped; in CI it is a failure. */
export async function openYard(
  options: Omit<BubblewrapOptions, 'folder'> = {},
): Promise<Yard | { readonly missing: string }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assent-yard-')));
  const sandbox = await openBubblewrap({ folder, ...options });
  const { kind, reason } = sandbox.capability();
  if (kind === 'unavailable') {
    rmSync(folder, { recursive: true });
    if (process.env['CI'] === 'true') throw new Error(reason);
    return { missing: reason };
  }
  let count = 0;
  const workspace = (): string => {
    const path = join(folder, `workspace-${(count += 1)}`);
    mkdirSync(path);
    return path;
  };
  return {
    sandbox,
    folder,
    workspace,
    async run(command, change = {}) {
      const result = await sandbox.run({
        name: 'attempt',
        command,
        workspace: change.workspace ?? workspace(),
        timeout_ms: 20_000,
        output_cap: 20_000,
        ...change,
      });
      if (result.kind === 'unavailable') throw new Error(result.reason);
      return result;
    },
    execute: (argv, change = {}) =>
      sandbox.execute({
        name: 'attempt',
        argv,
        workspace: null,
        input: '',
        environment: {},
        socket: null,
        programs: [],
        timeout_ms: 20_000,
        output_cap: 20_000,
        ...change,
      }),
    end: () => removeTree(folder),
  };
}

/** Also what a step closed to everybody, ourselves included, where we are not root. */
export function removeTree(folder: string): void {
  execFileSync('chmod', ['-R', 'u+rwX', folder]);
  rmSync(folder, { recursive: true });
}
