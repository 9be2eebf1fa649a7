import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { doerOf, nameOf } from './actor.ts';
import type { Actor } from './actor.ts';
import { GitHubRefusal } from './errors.ts';
import type { RepositoryRecord } from './model.ts';
import { afterMoves } from './operations/refs.ts';
import type { Move } from './operations/refs.ts';
import { hookEnvironment, signatureEnvironment } from './push-rules.ts';
import { canSee, grantedRole, holds, roleReaches } from './permissions.ts';
import { readContents, writeContents } from './access.ts';
import { countRequest, readBody } from './traffic.ts';
import { fullName, isFromFork, pullsFrom } from './world.ts';
import type { World } from './world.ts';
import { answerLsRefs } from './git/ls-refs.ts';
import { gitEnvironment } from './git/run.ts';

type Service = 'git-upload-pack' | 'git-receive-pack';

const isService = (text: string | null): text is Service =>
  text === 'git-upload-pack' || text === 'git-receive-pack';

const pathPattern =
  /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Git's smart HTTP protocol. False if the request is not git's. */
export async function serveGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const found = pathPattern.exec(url.pathname);
  if (found === null) return false;
  const [, owner = '', name = '', rest = ''] = found;
  const advertise = rest === 'info/refs';
  const service = advertise ? url.searchParams.get('service') : rest;
  if (!isService(service) || request.method !== (advertise ? 'GET' : 'POST')) {
    sendText(response, 403, 'Please upgrade your git client.\n');
    return true;
  }
  try {
    const actor = identify(world, request);
    countRequest(world, nameOf(actor), `GIT ${service.slice(4)}${advertise ? ' (refs)' : ''}`);
    const repository = world.repository(owner, name);
    authorize(world, actor, repository, service);
    if (advertise) await sendRefs(request, response, repository, service);
    else if (service === 'git-upload-pack') await uploadPack(request, response, repository);
    else await receivePack(world, request, response, repository, actor);
  } catch (cause) {
    if (!(cause instanceof GitHubRefusal)) throw cause;
    if (cause.status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    sendText(response, cause.status, `${cause.message}\n`);
  }
  return true;
}

function identify(world: World, request: IncomingMessage): Actor {
  try {
    return world.credentials.identify(request.headers.authorization);
  } catch {
    throw new GitHubRefusal(
      401,
      'Invalid username or token. Password authentication is not supported for Git operations.',
    );
  }
}

function authorize(
  world: World,
  actor: Actor,
  repository: RepositoryRecord | undefined,
  service: Service,
): asserts repository is RepositoryRecord {
  const anonymous = actor.kind === 'anonymous';
  if (repository === undefined || !canSee(repository, actor)) {
    // Who has not said who they are is asked first, so that nobody learns what exists.
    throw anonymous
      ? new GitHubRefusal(401, 'Repository not found.')
      : new GitHubRefusal(404, 'Repository not found.');
  }
  if (holds(actor, repository, service === 'git-upload-pack' ? readContents : writeContents))
    return;
  if (service === 'git-receive-pack' && lentRefs(world, actor, repository).length > 0) return;
  if (anonymous) throw new GitHubRefusal(401, 'Authentication required.');
  const who = doerOf(actor)?.account.login ?? nameOf(actor);
  throw new GitHubRefusal(
    403,
    repository.archived && service === 'git-receive-pack'
      ? 'This repository was archived so it is read-only.'
      : `Permission to ${fullName(repository)}.git denied to ${who}.`,
  );
}

/** The branches of a fork that its owner lets the writers of the base push to, by "allow edits by maintainers". */
function lentRefs(world: World, actor: Actor, fork: RepositoryRecord): string[] {
  if (actor.kind !== 'user') return [];
  return pullsFrom(world, fork)
    .filter(
      ({ base, issue }) =>
        issue.state === 'open' &&
        isFromFork(base, issue.pull) &&
        issue.pull.maintainerCanModify &&
        roleReaches(grantedRole(base, actor.account), 'write'),
    )
    .map(({ issue }) => `refs/heads/${issue.pull.headRef}`);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

const protocolOf = (request: IncomingMessage): Record<string, string> => {
  const given = request.headers['git-protocol'];
  return typeof given === 'string' && /^[\w=:]{1,64}$/.test(given) ? { GIT_PROTOCOL: given } : {};
};

function startGit(
  repository: RepositoryRecord,
  args: readonly string[],
  env: Record<string, string>,
) {
  return spawn('git', [...args, repository.git.directory], {
    cwd: repository.git.directory,
    env: { ...gitEnvironment, ...env },
  });
}

async function sendRefs(
  request: IncomingMessage,
  response: ServerResponse,
  repository: RepositoryRecord,
  service: Service,
): Promise<void> {
  response.writeHead(200, {
    'content-type': `application/x-${service}-advertisement`,
    'cache-control': 'no-cache',
  });
  const line = `# service=${service}\n`;
  response.write(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`);
  const asked = [service.slice(4), '--stateless-rpc', '--advertise-refs'];
  const protocol = protocolOf(request);
  if (service === 'git-upload-pack' && protocol['GIT_PROTOCOL'] === 'version=2') {
    response.end(await capabilities(repository, asked, protocol));
    return;
  }
  const child = startGit(repository, asked, protocol);
  child.stdin.end();
  await pipeOut(child, response);
}

const told = new WeakMap<RepositoryRecord, Promise<Buffer>>();

/** In protocol 2 what is said first names no ref, so it is the same each time. */
function capabilities(
  repository: RepositoryRecord,
  asked: readonly string[],
  env: Record<string, string>,
): Promise<Buffer> {
  const known = told.get(repository);
  if (known !== undefined) return known;
  const said = repository.git.run([...asked, '.'], { env }).then(({ stdout }) => stdout);
  told.set(repository, said);
  // A fault of the moment must not be the answer for good.
  said.catch(() => told.delete(repository));
  return said;
}

async function uploadPack(
  request: IncomingMessage,
  response: ServerResponse,
  repository: RepositoryRecord,
): Promise<void> {
  const body = await readBody(request);
  const protocol = protocolOf(request);
  const isSecond = protocol['GIT_PROTOCOL'] === 'version=2';
  const refs = isSecond ? await answerLsRefs(repository.git, body) : null;
  response.writeHead(200, {
    'content-type': 'application/x-git-upload-pack-result',
    'cache-control': 'no-cache',
  });
  if (refs !== null) {
    response.end(refs);
    return;
  }
  const child = startGit(repository, ['upload-pack', '--stateless-rpc'], protocol);
  // A client that hangs up mid-fetch must not leave the process behind.
  response.on('close', () => child.kill());
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  await pipeOut(child, response);
}

function pipeOut(child: ReturnType<typeof startGit>, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr.resume();
    child.on('error', reject);
    response.on('close', resolve);
    child.stdout.pipe(response);
  });
}

/**
 * The body is read before the repository is locked, so that a slow client holds nobody up; what moved is told once, from
 * refs before and after that no one else could have touched.
 */
async function receivePack(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  repository: RepositoryRecord,
  actor: Actor,
): Promise<void> {
  const by = doerOf(actor);
  if (by === null) throw new GitHubRefusal(401, 'Authentication required.');
  const body = await readBody(request);
  const output = await world.exclusive(repository, async () => {
    const limits = holds(actor, repository, writeContents)
      ? {}
      : { SIMULATOR_ONLY: ` ${lentRefs(world, actor, repository).join(' ')} ` };
    const before = await repository.git.refs();
    const env = {
      ...protocolOf(request),
      ...hookEnvironment(repository, actor, by, [...before.keys()]),
      ...(await signatureEnvironment(world, repository, by, [...before.keys()])),
      ...limits,
    };
    const result = await repository.git.run(['receive-pack', '--stateless-rpc', '.'], {
      input: body,
      env,
      accept: [0, 1, 128],
    });
    const after = await repository.git.refs();
    await afterMoves(world, repository, by, differences(before, after));
    return result.stdout;
  });
  response
    .writeHead(200, {
      'content-type': 'application/x-git-receive-pack-result',
      'cache-control': 'no-cache',
    })
    .end(output);
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Move[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: after.get(ref) ?? null }))
    .filter((move) => move.before !== move.after);
}
