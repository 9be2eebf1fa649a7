import { execFile } from 'node:child_process';
import { createSign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import type { Person, Simulator, SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { createValidator } from '../../../src/simulator/validation/validator.ts';

const run = promisify(execFile);

export interface Received {
  readonly event: string;
  readonly action: string | null;
  readonly guid: string;
  readonly signature: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Scene {
  readonly simulator: Simulator;
  readonly received: Received[];
  /** What the listener answers from now on. */
  readonly answer: { status: number; delay: number };
  close(): Promise<void>;
}

/** A simulator, `acme/widgets` on it with one file, and somebody who listens to its webhooks. */
export async function openScene(
  options: Omit<SimulatorOptions, 'webhookUrl' | 'observer'> & { private?: boolean } = {},
): Promise<Scene> {
  const received: Received[] = [];
  const answer = { status: 202, delay: 0 };
  const listener = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { headers } = request;
      received.push({
        event: String(headers['x-github-event']),
        action: actionIn(body),
        guid: String(headers['x-github-delivery']),
        signature: String(headers['x-hub-signature-256']),
        headers,
        body,
      });
      setTimeout(() => response.writeHead(answer.status).end('seen'), answer.delay);
    })();
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', () => resolve());
  });
  const address = listener.address();
  const port = isAddress(address) ? address.port : 0;
  const validator = createValidator();
  const { private: hidden = false, ...rest } = options;
  const simulator = await startSimulator({
    ...rest,
    webhookUrl: `http://127.0.0.1:${port}/hooks`,
    observer: validator,
  });
  const folder = await mkdtemp(join(tmpdir(), 'scene-'));
  await writeFile(join(folder, 'README.md'), '# Widgets\n');
  await simulator.createRepository({
    owner: 'acme',
    name: 'widgets',
    private: hidden,
    from: folder,
  });
  await rm(folder, { recursive: true });
  const scene: Scene = {
    simulator,
    received,
    answer,
    async close() {
      await simulator.idle();
      await simulator.close();
      listener.closeAllConnections();
      listener.close();
      validator.assertNone();
    },
  };
  return scene;
}

const isAddress = (value: AddressInfo | string | null): value is AddressInfo =>
  typeof value === 'object' && value !== null;

function actionIn(body: string): string | null {
  const payload: unknown = JSON.parse(body);
  const action = field(payload, 'action');
  return typeof action === 'string' ? action : null;
}

/** A property by path, e.g. `head.sha`; undefined where there is none. */
export function field(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.split('.')) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  }
  return at;
}

export const text = (value: unknown, path: string): string => String(field(value, path));

/** Calls REST with any credential, as any HTTP client would. */
export async function call(
  simulator: Simulator,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: answer === '' ? null : parsed(answer),
  };
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An App's JWT; `claims` to get it wrong on purpose. */
export function appToken(
  simulator: Simulator,
  claims: Record<string, unknown> = {},
  key = simulator.app.privateKey,
): string {
  const now = Math.floor(Date.now() / 1000);
  const signed = [
    part({ alg: 'RS256', typ: 'JWT' }),
    part({ iss: simulator.app.id, iat: now - 30, exp: now + 540, ...claims }),
  ].join('.');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`;
}

export async function installationToken(simulator: Simulator, narrowed?: unknown): Promise<string> {
  const path = `/app/installations/${simulator.app.installationId}/access_tokens`;
  const answer = await call(simulator, appToken(simulator), 'POST', path, narrowed ?? {});
  return text(answer.body, 'token');
}

export interface Clone {
  readonly folder: string;
  git(...args: string[]): Promise<string>;
  /** Writes a file, commits it, and gives back the commit. */
  commit(path: string, content: string, message?: string): Promise<string>;
  remove(): Promise<void>;
}

export async function clone(simulator: Simulator, token: string | null): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'clone-'));
  const credentials = token === null ? '' : `x-access-token:${token}@`;
  const git = async (...args: string[]): Promise<string> => {
    const identity = [
      '-c',
      'user.name=Writer',
      '-c',
      'user.email=103+writer@users.noreply.github.com',
    ];
    const { stdout, stderr } = await run('git', [...identity, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, GIT_TERMINAL_PROMPT: '0' },
    });
    return `${stdout}${stderr}`.trim();
  };
  const copy: Clone = {
    folder,
    git,
    async commit(path, content, message = `Write ${path}`) {
      await writeFile(join(folder, path), content);
      await git('add', path);
      await git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await git(
    'clone',
    '-q',
    `${simulator.url.replace('//', `//${credentials}`)}/acme/widgets.git`,
    '.',
  );
  return copy;
}

export const fails = async (work: Promise<unknown>): Promise<string> => {
  const outcome = await work.then(
    () => null,
    (cause: unknown) => `${String(cause)} ${text(cause, 'stderr')}`,
  );
  if (outcome === null) throw new Error('It went through, and should not have.');
  return outcome;
};

export const acme = '/repos/acme/widgets';

/** A branch with one file on it, made by REST. */
export async function makeBranch(
  simulator: Simulator,
  branch: string,
  path = `${branch}.md`,
  content = branch,
): Promise<string> {
  const as = simulator.as('writer');
  const main = await as('GET', `${acme}/commits/main`);
  await as('POST', `${acme}/git/refs`, {
    ref: `refs/heads/${branch}`,
    sha: text(main.body, 'sha'),
  });
  const made = await as('PUT', `${acme}/contents/${path}`, {
    message: `Add ${path}`,
    content: Buffer.from(content).toString('base64'),
    branch,
  });
  return text(made.body, 'commit.sha');
}

export async function openPull(
  simulator: Simulator,
  branch: string,
  more: Record<string, unknown> = {},
  person: Person = 'writer',
): Promise<{ number: number; head: string; node: string }> {
  const answer = await simulator.as(person)('POST', `${acme}/pulls`, {
    title: `Add ${branch}`,
    head: branch,
    base: 'main',
    ...more,
  });
  if (answer.status !== 201) throw new Error(`No pull request: ${JSON.stringify(answer.body)}`);
  return {
    number: Number(field(answer.body, 'number')),
    head: text(answer.body, 'head.sha'),
    node: text(answer.body, 'node_id'),
  };
}
