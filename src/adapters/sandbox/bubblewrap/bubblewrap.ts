import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../../ports/sandbox.ts';
import { programEntry, stepEntry, type Entry } from '../entry.ts';
import { neverStarted } from '../process.ts';
import { programResult, stepResult } from '../results.ts';
import { createUnavailableSandbox } from '../unavailable.ts';
import { inside } from './arguments.ts';
import { canaryFaults, canaryScript } from './canaries.ts';
import { enter, type Entered } from './enter.ts';
import { describe, layGround, type BubblewrapOptions, type Ground } from './ground.ts';

/** A sandbox that has shown that it holds, or one that says why there is none here and what to do about it. */
export async function openBubblewrap(options: BubblewrapOptions): Promise<Sandbox> {
  const laid = await layGround(options);
  if ('fault' in laid) return createUnavailableSandbox(`no sandbox: ${laid.fault}`);
  const sandbox = createBubblewrap(laid.ground);
  const faults = await tryOut(laid.ground, sandbox);
  if (faults.length === 0) return sandbox;
  return createUnavailableSandbox(
    `no sandbox: bubblewrap ${laid.ground.version} does not hold here: ${faults.join('; ')}${remedyFor(faults)}`,
  );
}

function createBubblewrap(ground: Ground): Sandbox {
  const capability = { kind: 'bubblewrap', reason: describe(ground) } as const;
  const inSlot = async (entry: Entry): Promise<Entered> => {
    const slot = await ground.slots.take(entry.signal);
    if (slot === null) return { kind: 'ended', ended: neverStarted };
    try {
      return await enter(ground, slot, entry);
    } finally {
      ground.slots.give(slot);
    }
  };
  return {
    capability: () => capability,
    async run(step) {
      const entered = await inSlot(stepEntry(step, path));
      return entered.kind === 'ended'
        ? stepResult(step, entered.ended, { [inside.workspace]: '.', [inside.home]: '~' })
        : { kind: 'unavailable', reason: entered.reason };
    },
    async execute(program) {
      const entered = await inSlot(programEntry(program, path));
      return entered.kind === 'ended'
        ? programResult(program, entered.ended)
        : { kind: 'unavailable', reason: entered.reason };
    },
  };
}

const path = '/opt/node/bin:/usr/local/bin:/usr/bin:/bin';

/** A few attempts to get out, before anything else may run: a kernel or a container around us may lack a wall in silence. */
async function tryOut({ folder, slots }: Ground, sandbox: Sandbox): Promise<readonly string[]> {
  await mkdir(join(folder, 'sandbox'), { recursive: true });
  const workspace = await mkdtemp(join(folder, 'sandbox', 'trial-'));
  try {
    const result = await sandbox.run({
      name: 'canaries',
      command: `touch owner; ${canaryScript}`,
      workspace,
      timeout_ms: 30_000,
      output_cap: 16_000,
    });
    const faults = canaryFaults(result);
    if (faults.length > 0) return faults;
    // Whose it is outside only the outside knows.
    const { uid } = await lstat(join(workspace, 'owner'));
    const expected = slots.first.user?.uid ?? process.getuid?.();
    return uid !== 0 && uid === expected ? [] : [`what it wrote belongs to uid ${uid}`];
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Where user namespaces are forbidden, bubblewrap says only what it was doing. */
const remedyFor = (faults: readonly string[]): string =>
  faults.some((fault) => /namespace|uid map|Operation not permitted|Permission denied/i.test(fault))
    ? '. User namespaces may be forbidden: see sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns; a container around this program needs --privileged, or a seccomp profile that lets unshare and mount pass'
    : '';
