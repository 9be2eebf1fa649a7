import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { recordedWebhooks } from '../support/webhook-examples.ts';

const ownPolicies = fileURLToPath(new URL('../../policies', import.meta.url));
const cli = fileURLToPath(new URL('../../src/entrypoints/cli/main.ts', import.meta.url));

interface Started {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  /** What it wrote so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** `assent start`, as an operator runs it: a process with an environment of its own, and nothing of ours in it. */
function run(environment: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [cli, 'start', '--json'], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return { process: child, exit, out: () => out, err: () => err };
}

describe('assent start', () => {
  let folder: string;
  let simulator: Simulator;
  let environment: Readonly<Record<string, string>>;
  let assent: Started;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assent-start-'));
    simulator = await startSimulator();
    const from = join(folder, 'widgets');
    cpSync(ownPolicies, join(from, 'policies'), { recursive: true });
    await simulator.createRepository({ owner: 'acme', name: 'widgets', from });
    const key = join(folder, 'key.pem');
    writeFileSync(key, simulator.app.privateKey, { mode: 0o400 });
    environment = {
      APP_ID: String(simulator.app.id),
      PRIVATE_KEY_PATH: key,
      WEBHOOK_SECRET: simulator.app.webhookSecret,
      GHE_HOST: simulator.url,
      PORT: '0',
      ASSENT_DATA: join(folder, 'data'),
    };
    assent = run(environment);
    url = await address(assent);
    simulator.setWebhook(`${url}/api/github/webhooks`);
  });
  afterAll(async () => {
    assent.process.kill('SIGKILL');
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['the webhook secret is missing', { WEBHOOK_SECRET: '' }, 'WEBHOOK_SECRET is missing'],
    ["the webhook secret is probot's default", { WEBHOOK_SECRET: 'development' }, 'is a default'],
    ['there is no key', { PRIVATE_KEY_PATH: '/nowhere' }, 'no such file'],
    ['another process has the folder', {}, 'is in use by another process'],
  ])('refuses when %s, with exit 2 and the remedy', async (_title, change, expected) => {
    const second = run({ ...environment, ...change });

    expect(await second.exit).toBe(2);
    expect(second.err()).toContain(expected);
    expect(second.out()).toBe('');
  });

  it('takes an issue from the code host to its dashboard', async () => {
    const { token } = simulator.people.reader;
    await fetch(`${simulator.url}/repos/acme/widgets/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        title: 'Trim <b>spaces</b>',
        body: 'I print a table whose cells begin with spaces. They are kept; I expected them to be trimmed.',
      }),
    });

    const text = await eventually(async () => {
      const page = await (await fetch(url)).text();
      return /waits for (?:a|the) model/u.test(page) ? page : null;
    });

    expect(text).toContain('Trim &lt;b&gt;spaces&lt;/b&gt;');
  });

  it('stands through every payload GitHub recorded, and goes on with its own work', async () => {
    const answers: unknown[] = [];
    for (const [index, { event, body }] of recordedWebhooks.entries()) {
      const sent = JSON.stringify({ ...body, index });
      const signature = createHmac('sha256', simulator.app.webhookSecret)
        .update(sent)
        .digest('hex');
      const answer = await fetch(`${url}/api/github/webhooks`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': event,
          'x-github-delivery': `recorded-${index}`,
          'x-hub-signature-256': `sha256=${signature}`,
        },
        body: sent,
      });
      answers.push(await answer.json());
    }

    expect(answers).toHaveLength(329);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: expect.stringMatching(/^(?:accepted|ignored|refused)$/u),
        reason: expect.stringMatching(/\S/u),
      });
    }
    expect(assent.process.exitCode).toBeNull();
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    // Nothing that was sent was about a repository it is installed on.
    expect(await (await fetch(url)).text()).not.toContain('/items/Codertocat');
  });

  it('shows no secret in its log', () => {
    const log = assent.err();

    expect(log).not.toContain(simulator.app.webhookSecret);
    expect(log).not.toMatch(/PRIVATE KEY|ghs_|eyJ[\w-]{20}/u);
  });

  it('ends on SIGTERM with exit 0, and what it had is there when it starts again', async () => {
    assent.process.kill('SIGTERM');
    expect(await assent.exit).toBe(0);

    assent = run(environment);
    url = await address(assent);
    const text = await eventually(async () => {
      const page = await (await fetch(url)).text();
      return page.includes('Trim') ? page : null;
    });

    expect(text).toContain('issue-');
  });
});

/** Where it listens, which it says on its first line. */
async function address(started: Started): Promise<string> {
  const line = await eventually(async () => {
    if (started.process.exitCode !== null) throw new Error(`it ended: ${started.err()}`);
    return started.out().split('\n')[1] === undefined ? null : started.out().split('\n')[0];
  });
  const told: unknown = JSON.parse(line ?? '');
  return String(Object(told).url);
}

async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (const start = performance.now(); performance.now() - start < 60_000;) {
    const found = await look();
    if (found !== null) return found;
    await pause(100);
  }
  throw new Error('it did not come about within a minute');
}
