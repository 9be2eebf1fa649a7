import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ProgramRequest, Sandbox, SandboxCapability } from '../../ports/sandbox.ts';
import { plainEnvironment, stepEnvironment } from './environment.ts';
import { launch } from './process.ts';
import { programResult, stepResult, stepScript } from './results.ts';
import { StdioMaker } from './stdio.ts';

/**
 * For the demo alone: its one repository, its steps and their changes are part of this program. Any other repository gets
 * a sandbox that holds, or none of its code is run.
 */
export const createHostDemoSandbox = (): Sandbox =>
  createHostSandbox({
    kind: 'host-demo',
    reason: "Steps run on this machine, for the demo's own repository only.",
  });

/** For an operator who said so, by the service's own environment. */
export const createUnsafeHostSandbox = (): Sandbox =>
  createHostSandbox({
    kind: 'unsafe-host',
    reason:
      'ASSENT_SANDBOX=unsafe-host: steps run on this machine as this user, with its files and its network.',
  });

/** NO isolation: an empty environment, a home of its own, and a process group that dies at the time-out. */
function createHostSandbox(capability: SandboxCapability): Sandbox {
  return {
    capability: () => capability,
    run: (step) =>
      withHome(async (home, stdio) => {
        const ended = await launch({
          argv: ['/bin/sh', '-c', stepScript(step.command)],
          cwd: step.workspace,
          env: { ...environment(home), ...stepEnvironment },
          input: '',
          stdio,
          timeout_ms: step.timeout_ms,
          output_cap: step.output_cap,
          signal: step.signal,
        });
        return stepResult(step, ended, { [step.workspace]: '.', [home]: '~' });
      }),
    execute: (program) =>
      withHome(async (home, stdio) => {
        const { argv, environment: named } = withHostSocket(program);
        const ended = await launch({
          argv,
          cwd: program.workspace ?? home,
          env: { ...environment(home), ...named },
          input: program.input,
          stdio,
          timeout_ms: program.timeout_ms,
          output_cap: program.output_cap,
          signal: program.signal,
        });
        return programResult(program, ended);
      }),
  };
}

async function withHome<T>(
  work: (home: string, stdio: StdioMaker | null) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'assent-step-'));
  const stdio = process.platform === 'linux' ? new StdioMaker(home, null) : null;
  try {
    return await work(home, stdio);
  } finally {
    stdio?.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** The Node that runs this program first: the machine's own may be older than the project needs. */
const environment = (home: string) =>
  plainEnvironment(
    [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    home,
    home,
  );

/** Nothing can be mounted here, so socket and checkout are named where they are. */
function withHostSocket({ argv, environment: named, socket, checkout = null }: ProgramRequest) {
  const places = [socket, checkout].filter((place) => place !== null);
  const here = (text: string) =>
    places.reduce((named, { inside, host }) => named.replaceAll(inside, host), text);
  return {
    argv: argv.map(here),
    environment: Object.fromEntries(
      Object.entries(named).map(([name, value]) => [name, here(value)]),
    ),
  };
}
