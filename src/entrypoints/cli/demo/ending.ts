import { setTimeout as pause } from 'node:timers/promises';
import { exitCode, type ExitCode, type Terminal } from '../command.ts';
import { interrupted, onInterruption } from '../interruption.ts';
import type { DemoStage } from './stage.ts';

interface Play {
  readonly port: number;
  readonly terminal: Terminal;
  /** What an interruption comes to. */
  readonly onInterruption: ExitCode;
  readonly set: () => Promise<DemoStage>;
}

/** Whoever pressed Ctrl-C waits two seconds at most; all of it is disposable, and its folder goes with the process. */
const GRACE_MS = 1_200;

/** Sets the stage and plays on it; the stage is closed at the end, and soon after an interruption, wherever that comes. */
export async function playUntilInterrupted(
  options: Play,
  play: (stage: DemoStage, interruption: Promise<void>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interruption = interrupted(onInterruption());
  const setting = options.set();
  const played = setting
    .then(async (stage) => {
      try {
        return await play(stage, interruption);
      } finally {
        await stage.close();
      }
    })
    .catch((error: unknown) => portInUse(error, options));
  const ended = await Promise.race([played, interruption.then(() => null)]);
  if (ended !== null) return ended;
  const closed = setting.then((stage) => stage.close());
  await Promise.race([Promise.allSettled([closed]), pause(GRACE_MS)]);
  // What is still running has nobody to report to; the process does not wait for it.
  process.exit(options.onInterruption);
}

/** A port that is taken is the caller's to free; every other fault stays one. */
function portInUse(error: unknown, { terminal, port }: Play): ExitCode {
  if (!(error instanceof Error) || error.name !== 'ListenFault') throw error;
  terminal.err(
    `Port ${port} is in use: choose another with --port, or leave it out for any that is free.`,
  );
  return exitCode.usage;
}
