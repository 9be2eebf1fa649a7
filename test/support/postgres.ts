import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Postgres {
  readonly url: string;
  close(): Promise<void>;
}

/** Debian keeps the server's programs off PATH, a folder for each version. */
function programs(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')).toReversed(),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return (
    folders.find((folder) =>
      ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
    ) ?? null
  );
}

const given = process.env['ASSENT_TEST_DATABASE_URL'];

/** In CI there has to be one: a test that quietly looks at nothing is worse than a red one. */
export const hasPostgres =
  given !== undefined || programs() !== null || process.env['CI'] !== undefined;

const setpriv = '/usr/bin/setpriv';

/** It refuses to run as root. */
const nobody = 65_534;

/** The one that the environment names, or a new one of nobody else's, on a socket in a folder of its own. */
export async function startPostgres(): Promise<Postgres> {
  if (given !== undefined) return { url: given, close: () => Promise.resolve() };
  const bin = programs();
  if (bin === null)
    throw new Error('PostgreSQL is not here: scripts/install-system-packages.sh brings it');
  const folder = await mkdtemp(join(tmpdir(), 'assent-postgres-'));
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in as) await chown(folder, nobody, nobody);
  const data = join(folder, 'data');
  const initial = ['-D', data, '-U', 'assent', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  await run(join(bin, 'initdb'), [...initial, '--no-sync'], { ...as, cwd: folder });
  // Nothing of it has to outlive a power cut.
  const quick = ['fsync=off', 'full_page_writes=off', 'shared_buffers=16MB', 'listen_addresses='];
  // A test that was killed must not leave it behind.
  const dying = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'INT'] : [];
  const settings = ['-D', data, '-k', folder, ...quick.flatMap((setting) => ['-c', setting])];
  const [program = '', ...rest] = [...dying, join(bin, 'postgres'), ...settings];
  const server = spawn(program, rest, { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  await ready(server);
  return {
    url: `postgres://assent@localhost/postgres?host=${encodeURIComponent(folder)}`,
    close: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      // Does not wait for whoever is still connected.
      server.kill('SIGINT');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) =>
      reject(new Error(`postgres ended with ${String(code)}: ${said}`)),
    );
  });
}
