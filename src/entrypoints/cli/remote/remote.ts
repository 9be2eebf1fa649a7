import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { githubAddresses } from '../../../config/github-addresses.ts';
import { Secret, type Environment } from '../../../config.ts';

const run = promisify(execFile);

/** What commands that act as their human need: who they are, where, and the service to ask. */
export interface Remote {
  readonly token: Secret;
  /** `owner/name`. */
  readonly repository: string;
  /** Base of GitHub's REST API. */
  readonly github: string;
  /** Where Assent listens; null: nobody said. */
  readonly service: string | null;
}

export interface RemoteOptions {
  readonly service?: string;
  readonly repository?: string;
  readonly json?: boolean;
}

/** Something to be set right before anything can be asked: exit 2, with what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export async function remoteFrom(
  environment: Environment,
  options: RemoteOptions,
): Promise<Remote> {
  const addresses = githubAddresses(environment['GHE_HOST'] ?? null);
  if (!addresses.ok) throw new UsageError(addresses.refusal.message);
  return {
    token: await tokenFrom(environment),
    repository: await repositoryFrom(options),
    github: addresses.value.api,
    service: serviceFrom(options.service ?? environment['ASSENT_URL']),
  };
}

/** The human's own: what it may do is theirs, and so is what is done with it. */
async function tokenFrom(environment: Environment): Promise<Secret> {
  const named = [environment['GITHUB_TOKEN'], environment['GH_TOKEN']].find(
    (text) => text !== undefined && text.trim() !== '',
  );
  if (named !== undefined) return new Secret(named.trim());
  const asked = await output('gh', ['auth', 'token']);
  if (asked !== null && asked !== '') return new Secret(asked);
  throw new UsageError(
    'no token of yours: set GITHUB_TOKEN (or GH_TOKEN), or sign in with `gh auth login`',
  );
}

async function repositoryFrom({ repository }: RemoteOptions): Promise<string> {
  if (repository !== undefined) {
    if (/^[\w.-]+\/[\w.-]+$/u.test(repository)) return repository;
    throw new UsageError('--repository takes owner/name');
  }
  const origin = await output('git', ['remote', 'get-url', 'origin']);
  const named = /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/u.exec(origin ?? '')?.[1];
  if (named !== undefined) return named;
  throw new UsageError('which repository? --repository owner/name (here is no origin to go by)');
}

async function output(command: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await run(command, [...args], { timeout: 10_000 })).stdout.trim();
  } catch {
    return null;
  }
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function serviceFrom(given: string | undefined): string | null {
  if (given === undefined || given.trim() === '') return null;
  const url = URL.parse(given);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new UsageError(
      '--service (or ASSENT_URL) takes an address, such as https://assent.example',
    );
  }
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) {
    throw new UsageError(
      '--service begins with http://, and your token would travel in clear: use https',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}
