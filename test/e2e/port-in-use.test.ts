import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assentRun } from '../support/command.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

describe('a port that is in use', () => {
  const data = mkdtempSync(join(tmpdir(), 'assent-port-'));
  let holder: Server;
  let port: string;
  beforeAll(async () => {
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    port = String((holder.address() as AddressInfo).port);
  });
  afterAll(() => {
    holder.close();
    rmSync(data, { recursive: true, force: true });
  });

  it.each([
    ['demo', ['--once', '--json'], '--port'],
    ['simulator', ['--json'], '--port'],
    ['try', ['.', '--json'], '--port'],
    ['start', ['--json'], 'PORT'],
  ])('ends %s with 2, naming the port and what to do about it', async (command, args, remedy) => {
    const given = command === 'start' ? [] : ['--port', port];
    const environment = {
      APP_ID: '1',
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: 'a long enough secret of this test',
      GHE_HOST: 'http://127.0.0.1:9',
      PORT: port,
      ASSENT_DATA: data,
    };
    const run = assentRun([command, ...args, ...given], command === 'start' ? environment : {});
    expect(await run.exit, run.err()).toBe(2);
    expect(run.err()).toContain(port);
    expect(run.err()).toContain(remedy);
    expect(run.out()).toBe('');
  });
});
