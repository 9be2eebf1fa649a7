import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../../src/entrypoints/cli/main.ts', import.meta.url));

/** The document that programs rely on. */
const Document = z.object({
  url: z.url(),
  rest: z.url(),
  graphql: z.url(),
  page: z.url(),
  repository: z.object({ full_name: z.string(), default_branch: z.string(), clone_url: z.url() }),
  app: z.object({
    id: z.number(),
    slug: z.string(),
    installation_id: z.number(),
    private_key_path: z.string(),
    webhook_secret: z.string().min(16),
  }),
  tokens: z.record(
    z.enum(['owner', 'maintainer', 'writer', 'triager', 'reader', 'stranger', 'otherapp']),
    z.string(),
  ),
  env: z.object({
    APP_ID: z.string(),
    PRIVATE_KEY_PATH: z.string(),
    WEBHOOK_SECRET: z.string(),
    GHE_HOST: z.string(),
  }),
});

interface Running {
  readonly child: ChildProcess;
  readonly document: z.infer<typeof Document>;
  readonly output: () => string;
}

async function start(...options: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [main, 'simulator', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  // Heard by one listener from first to last: two chunks may come in one turn.
  child.stdout.on('data', (chunk: string) => (output += chunk));
  while (!output.includes('\n')) await once(child.stdout, 'data');
  return { child, document: Document.parse(JSON.parse(output)), output: () => output };
}

async function stop({ child }: Running, signal: NodeJS.Signals): Promise<unknown> {
  const closed = once(child, 'close');
  child.kill(signal);
  const [code]: unknown[] = await closed;
  return code;
}

describe('assent simulator --json', () => {
  let running: Running;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => {
    running.child.kill('SIGKILL');
  });

  it('gives every person a token that GitHub takes', async () => {
    const { rest, repository, tokens } = running.document;
    for (const token of Object.values(tokens)) {
      const response = await fetch(`${rest}/repos/${repository.full_name}/issues`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(200);
    }
  });

  it('keeps the key of the App in a file that nobody else may read', async () => {
    const { app, env } = running.document;
    const { mode } = await stat(app.private_key_path);

    expect(mode & 0o777).toBe(0o400);
    expect(env.PRIVATE_KEY_PATH).toBe(app.private_key_path);
  });

  it('holds a repository to clone, with issues and a roadmap', async () => {
    const { repository } = running.document;
    const folder = await mkdtemp(join(tmpdir(), 'assent-clone-'));
    await run('git', ['clone', '-q', repository.clone_url, folder]);

    expect((await stat(join(folder, 'ROADMAP.md'))).isFile()).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('shows its page', async () => {
    const response = await fetch(running.document.page);

    expect(await response.text()).toContain(running.document.repository.full_name);
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'ends cleanly on %s, having said one document and nothing else',
    async (signal) => {
      const own = await start();

      expect(await stop(own, signal)).toBe(0);
      expect(own.output()).toBe(`${JSON.stringify(JSON.parse(own.output()))}\n`);
      await expect(stat(own.document.app.private_key_path)).rejects.toThrow('ENOENT');
    },
  );
});

describe('assent simulator --repository', () => {
  it('imports a repository whole, and leaves the original alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'my-project-'));
    await run('git', ['init', '-q', '-b', 'trunk', folder]);
    await writeFile(join(folder, 'a.txt'), 'a\n');
    const git = ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
    await run('git', [...git, 'add', '.']);
    await run('git', [...git, 'commit', '-qm', 'One']);
    const { stdout: before } = await run('git', ['-C', folder, 'rev-parse', 'HEAD']);

    const running = await start('--repository', folder);
    const { repository } = running.document;
    const { stdout } = await run('git', ['ls-remote', repository.clone_url, 'refs/heads/trunk']);
    await stop(running, 'SIGTERM');

    expect(repository).toMatchObject({
      default_branch: 'trunk',
      full_name: expect.stringMatching(/^acme\/my-project-/),
    });
    expect(stdout.slice(0, 40)).toBe(before.trim());
    await rm(folder, { recursive: true });
  });

  it.each([
    ['a folder without git', ['--repository', tmpdir()], 'There is no git repository at'],
    ['no port', ['--port', 'http'], 'A port is a number'],
    ['half a URL', ['--webhook', 'localhost/hooks'], 'Give a whole URL'],
    ['an unknown option', ['--prot', '1'], '--port'],
  ])('refuses %s as wrong usage, and says what to do', async (_title, options, message) => {
    const refused = await run(process.execPath, [main, 'simulator', ...options]).then(
      () => null,
      (error: unknown) => z.object({ code: z.number(), stderr: z.string() }).parse(error),
    );

    expect(refused?.code).toBe(2);
    expect(refused?.stderr).toContain(message);
  });
});
