import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from '../../../ports/sandbox.ts';
import { canaryFaults, canaryScript } from '../bubblewrap/canaries.ts';
import { inside } from '../bubblewrap/arguments.ts';
import { findProgram } from '../bubblewrap/host.ts';
import { defaultLimits, type Limits } from '../bubblewrap/limits.ts';
import { openQuota } from '../bubblewrap/quota.ts';
import { defaultUsers } from '../bubblewrap/slots.ts';
import { programEntry, stepEntry, type Entry } from '../entry.ts';
import { every } from '../every.ts';
import { giveAway } from '../give-away.ts';
import { launch, type Ended } from '../process.ts';
import { programResult, stepResult } from '../results.ts';
import { createUnavailableSandbox } from '../unavailable.ts';
import { containerArguments, unspeakable, type EngineName } from './arguments.ts';
import { narrowed } from './profile.ts';

const run = promisify(execFile);

export interface ContainerOptions {
  /** Must be on this machine already: nothing is fetched. It brings the programs that steps need. */
  readonly image: string;
  readonly folder: string;
  readonly limits?: Partial<Limits>;
  /** Where the engine is looked for; PATH. */
  readonly path?: string;
}

interface Engine {
  readonly name: EngineName;
  readonly program: string;
  readonly version: string;
}

type FilteredEngine = Engine & { readonly filter: string | null };

/** A sandbox by docker or podman, or one that says why there is none. */
export async function openContainer(options: ContainerOptions): Promise<Sandbox> {
  const engine = await findEngine(options.path ?? process.env['PATH'] ?? '');
  if ('fault' in engine) return createUnavailableSandbox(`no container: ${engine.fault}`);
  const missing = await run(engine.program, ['image', 'inspect', options.image]).then(
    () => null,
    () => `image ${options.image} is not on this machine: ${engine.name} pull ${options.image}`,
  );
  if (missing !== null) return createUnavailableSandbox(`no container: ${missing}`);
  const label = createHash('sha256').update(options.folder).digest('hex').slice(0, 12);
  await endLeftovers(engine, label);
  const filter = await narrowFilter(engine, options.folder);
  const sandbox = createContainer({ ...engine, filter }, label, options);
  const faults = await tryOut(options.folder, sandbox);
  return faults.length === 0
    ? sandbox
    : createUnavailableSandbox(
        `no container: ${engine.name} ${engine.version} does not hold here: ${faults.join('; ')}`,
      );
}

async function findEngine(path: string): Promise<Engine | { readonly fault: string }> {
  const faults: string[] = [];
  for (const name of ['docker', 'podman'] as const) {
    const program = findProgram(name, path);
    if (program === null) continue;
    // A client without an engine behind it is a program like any other.
    const format = name === 'docker' ? '{{.Server.Version}}' : '{{.Client.Version}}';
    try {
      const { stdout } = await run(program, ['version', '--format', format], { timeout: 10_000 });
      if (/^\d/.test(stdout)) return { name, program, version: stdout.trim() };
      faults.push(`${name} does not tell its version`);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      faults.push(`${name} has no engine behind it: ${said.split('\n').slice(1, 2).join('')}`);
    }
  }
  return { fault: faults.join('; ') || 'neither docker nor podman is on PATH' };
}

/** Docker's own forbids what ours does, and is no file; podman says where its own lies. The canaries see whether it holds. */
async function narrowFilter({ name, program }: Engine, folder: string): Promise<string | null> {
  if (name === 'docker') return null;
  const format = '{{.Host.Security.SECCOMPProfilePath}}';
  const { stdout } = await run(program, ['info', '--format', format]);
  const own = stdout.trim();
  if (!own.startsWith('/')) return null;
  const path = join(folder, 'sandbox', 'container-calls.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, narrowed(await readFile(own, 'utf8')));
  return path;
}

/** What a service that was killed left running. */
async function endLeftovers({ program }: Engine, label: string): Promise<void> {
  const { stdout } = await run(program, ['ps', '-aq', `--filter=label=assent=${label}`]);
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length > 0) await run(program, ['rm', '--force', ...ids]);
}

function createContainer(
  engine: FilteredEngine,
  label: string,
  options: ContainerOptions,
): Sandbox {
  const limits = { ...defaultLimits, ...options.limits };
  const capability = {
    kind: 'container',
    reason: `${engine.name} ${engine.version}, image ${options.image}: no network, no capabilities; memory limited to ${Math.round(limits.memory / 2 ** 20)} MiB a step`,
  } as const;
  const enter = (entry: Entry) => enterContainer(engine, label, { ...options, limits }, entry);
  const said = (ended: Ended): string => ended.stderr.toString('utf8').trim().slice(0, 500);
  return {
    capability: () => capability,
    async run(step) {
      const ended = await enter(stepEntry(step, containerPath));
      return typeof ended === 'string' || neverBegan(ended)
        ? { kind: 'unavailable', reason: typeof ended === 'string' ? ended : said(ended) }
        : stepResult(step, ended, { [inside.workspace]: '.', [inside.home]: '~' });
    },
    async execute(program) {
      const ended = await enter(programEntry(program, containerPath));
      return typeof ended === 'string' || neverBegan(ended)
        ? { kind: 'unavailable', reason: typeof ended === 'string' ? ended : said(ended) }
        : programResult(program, ended);
    },
  };
}

/** Where images have their programs. */
const containerPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The engines' own code for a container that they could not make. */
const neverBegan = ({ exit_code, stdout, stopped }: Ended): boolean =>
  exit_code === 125 && stopped === null && stdout.length === 0;

async function enterContainer(
  engine: FilteredEngine,
  label: string,
  { image, limits }: ContainerOptions & { readonly limits: Limits },
  entry: Entry,
): Promise<Ended | string> {
  const { workspace, socket, checkout, programs } = entry;
  const paths = [workspace, socket?.host, checkout?.host, ...programs].filter(
    (path) => typeof path === 'string',
  );
  const odd = unspeakable(paths);
  if (odd !== null) return `a container cannot be given ${odd}: rename it`;
  const user = stepUser();
  if (workspace !== null && process.getuid?.() === 0) await giveAway(workspace, user);
  const quota = workspace === null ? null : await openQuota(workspace, limits.workspace);
  const name = `assent-${randomUUID()}`;
  const { filter } = engine;
  const place = { engine: engine.name, image, name, label, filter, user, limits, ...entry };
  const ended = await launch({
    argv: [engine.program, ...containerArguments(place)],
    cwd: '/',
    // The client's own: where its engine is. Nothing of it goes into the container.
    env: clientEnvironment(),
    input: entry.input,
    stdio: null,
    timeout_ms: entry.timeout_ms,
    output_cap: entry.output_cap,
    signal: entry.signal,
    watch: ({ stop }) =>
      every(async () => {
        if ((await quota?.(null)) === true) stop('disk');
      }),
  });
  // The client's end is not the container's.
  if (ended.stopped !== null) await run(engine.program, ['rm', '--force', name]).catch(() => {});
  const full = (await quota?.(null)) === true ? 'disk' : null;
  return { ...ended, stopped: ended.stopped ?? full };
}

/** Nobody, where we are root; else ourselves, who must be able to read what it made. */
function stepUser(): { readonly uid: number; readonly gid: number } {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: defaultUsers.first, gid: defaultUsers.first } : { uid, gid };
}

function clientEnvironment(): Readonly<Record<string, string>> {
  const names = [
    'PATH',
    'HOME',
    'DOCKER_HOST',
    'DOCKER_CONTEXT',
    'CONTAINER_HOST',
    'XDG_RUNTIME_DIR',
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function tryOut(folder: string, sandbox: Sandbox): Promise<readonly string[]> {
  await mkdir(join(folder, 'sandbox'), { recursive: true });
  const workspace = await mkdtemp(join(folder, 'sandbox', 'trial-'));
  try {
    return canaryFaults(
      await sandbox.run({
        name: 'canaries',
        command: canaryScript,
        workspace,
        timeout_ms: 60_000,
        output_cap: 16_000,
      }),
    );
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}
