import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, readSandboxConfig, Secret, type Environment } from '../../../src/config.ts';
import type { KeyFile } from '../../../src/config/private-key.ts';

// The smallest that OpenSSL takes, since making a real one costs more than all these tests together.
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const secret = 'c0ffee5ca1ab1e0ddba11f00dfacade';

const whole: Environment = {
  APP_ID: '4711',
  PRIVATE_KEY_PATH: '/run/key.pem',
  WEBHOOK_SECRET: secret,
};
const disk =
  (file: Partial<KeyFile> = {}) =>
  (path: string): KeyFile | null =>
    path === '/run/key.pem' ? { mode: 0o400, text: privateKey, ...file } : null;

const read = (change: Environment = {}, file: Partial<KeyFile> = {}) =>
  readConfig({ ...whole, ...change }, { keyFile: disk(file) });

function faultsOf(change: Environment, file: Partial<KeyFile> = {}): readonly string[] {
  const reading = read(change, file);
  return reading.ok ? [] : reading.faults.map(({ message }) => message);
}

describe('the configuration of the service', () => {
  it('needs three variables, and has a default for each other', () => {
    const reading = read();

    expect(reading).toMatchObject({
      ok: true,
      config: {
        app: { id: 4711 },
        github: { api: 'https://api.github.com', web: 'https://github.com' },
        listen: { host: '127.0.0.1', port: 3000 },
        store: { database_url: null, folder: '.assent' },
        model: null,
        anthropic: null,
        log_level: 'info',
      },
    });
  });

  it('needs no webhook secret where no webhooks come in', () => {
    const environment = { ...whole, WEBHOOK_SECRET: undefined };

    expect(readConfig(environment, { keyFile: disk() }).ok).toBe(false);
    expect(readConfig(environment, { keyFile: disk(), receives: false }).ok).toBe(true);
  });

  it('tells all faults at once, each by its variable', () => {
    const reading = readConfig(
      {
        APP_ID: 'x',
        PORT: '99999',
        GHE_HOST: 'ftp://a',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://a',
      },
      { keyFile: disk() },
    );

    expect(reading.ok ? [] : reading.faults.map(({ variable }) => variable)).toEqual([
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'GHE_HOST',
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
    ]);
  });

  it.each([
    ['missing', undefined, 'is missing'],
    ['empty', '', 'is missing'],
    ['blank', '   ', 'is missing'],
    ["probot's own fallback", 'development', 'is a default'],
    ['a default with capitals and dashes', 'Your-Webhook-Secret', 'is a default'],
    ['a default with digits after it', 'changeme12345678', 'is a default'],
    ['a default said twice', 'developmentdevelopment', 'is a default'],
    ['shorter than 16 characters', 'k3jh4k5j6h7', 'shorter than 16'],
    ['one character over and over', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'the same few characters'],
    ['with a line end that GitHub would count', `${secret}\n`, 'white space'],
  ])('a webhook secret that is %s is refused', (_title, given, expected) => {
    const faults = faultsOf({ WEBHOOK_SECRET: given });

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(expected);
  });

  it.each([
    ['missing', { PRIVATE_KEY_PATH: undefined }, {}, 'PRIVATE_KEY_PATH is missing'],
    ['given twice', { PRIVATE_KEY: privateKey }, {}, 'both set'],
    ['in a file that is not there', { PRIVATE_KEY_PATH: '/nowhere' }, {}, 'no such file'],
    ['in a file its group may read', {}, { mode: 0o440 }, 'chmod 400 /run/key.pem'],
    ['in a file anybody may read', {}, { mode: 0o604 }, 'mode 604'],
    ['no key at all', {}, { text: 'hello' }, 'holds no private key'],
  ])('a private key that is %s is refused', (_title, change, file, expected) => {
    const faults = faultsOf(change, file);

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(expected);
  });

  it.each([
    ['as it is', privateKey],
    ['with escaped line ends', privateKey.replaceAll('\n', String.raw`\n`)],
    ['in base64', Buffer.from(privateKey).toString('base64')],
  ])('a private key in the environment is read %s', (_title, given) => {
    const reading = read({ PRIVATE_KEY_PATH: undefined, PRIVATE_KEY: given });

    expect(reading.ok && reading.config.app.private_key.reveal().trim()).toBe(privateKey.trim());
  });

  it.each([
    ['github.example.com', 'https://github.example.com/api/v3'],
    ['https://github.example.com:8443', 'https://github.example.com:8443/api/v3'],
    ['http://127.0.0.1:4567', 'http://127.0.0.1:4567/api/v3'],
    ['github.com', 'https://api.github.com'],
  ])('GHE_HOST %s means the API at %s', (given, api) => {
    const reading = read({ GHE_HOST: given });

    expect(reading.ok && reading.config.github.api).toBe(api);
  });

  it.each([
    ['http://github.example.com', 'in clear'],
    ['https://user@github.example.com', 'a host alone'],
    ['github.example.com/api/v3', 'a host alone'],
    ['file:///etc', 'must be a host name'],
  ])('GHE_HOST %s is refused', (given, expected) => {
    expect(faultsOf({ GHE_HOST: given })[0]).toContain(expected);
  });

  it('reaches a model only where a key or an address is given', () => {
    const local = read({ OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1', ASSENT_MODEL: 'qwen' });
    const hosted = read({ OPENAI_API_KEY: 'sk-1', ASSENT_MODEL: 'gpt' });

    expect(local.ok && local.config.model).toMatchObject({
      api_key: null,
      base_url: 'http://127.0.0.1:8080/v1',
      name: 'qwen',
      embedding: null,
    });
    expect(hosted.ok && hosted.config.model?.api_key?.reveal()).toBe('sk-1');
    expect(faultsOf({ OPENAI_BASE_URL: 'https://me:pw@host/v1' })[0]).toContain('OPENAI_API_KEY');
    expect(faultsOf({ OPENAI_API_KEY: 'sk-1' })[0]).toContain('ASSENT_MODEL is missing');
  });

  it('never shows a secret, however it is printed', () => {
    const config = read({
      DATABASE_URL: 'postgres://u:hunter2@db/assent',
      OPENAI_API_KEY: 'sk-9',
      ASSENT_MODEL: 'm',
    });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      String(new Secret('sk-9')),
    ];

    expect(config.ok).toBe(true);
    for (const text of printed) {
      expect(text).not.toMatch(/hunter2|sk-9|BEGIN RSA|c0ffee/u);
    }
  });

  it('never shows a value in a fault', () => {
    const faults = faultsOf({
      WEBHOOK_SECRET: 'development',
      DATABASE_URL: 'mysql://u:hunter2@db',
      OPENAI_BASE_URL: 'https://me:hunter2@host',
      ASSENT_MODEL: 'm',
    });

    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).not.toMatch(/development(?!,)|hunter2/u);
  });
});

describe('the sandbox an operator chooses', () => {
  const chosen = (environment: Environment) => {
    const reading = readSandboxConfig(environment);
    return reading.ok ? reading.config : reading.faults.map(({ message }) => message);
  };

  it('is the best there is, unless somebody says otherwise', () => {
    expect(chosen({})).toEqual({ kind: 'auto', image: null, users: null });
    expect(read()).toMatchObject({ config: { sandbox: { kind: 'auto' } } });
  });

  it('is said whole', () => {
    const said = {
      ASSENT_SANDBOX: 'container',
      ASSENT_SANDBOX_IMAGE: 'registry.example/team/node:24@sha256:abc',
      ASSENT_SANDBOX_USERS: '70000-70003',
    };
    expect(chosen(said)).toEqual({
      kind: 'container',
      image: 'registry.example/team/node:24@sha256:abc',
      users: { first: 70_000, count: 4 },
    });
  });

  it.each([
    ['none at all by another name', { ASSENT_SANDBOX: 'none' }, /must be one of auto, bubblewrap/],
    ['a container of no image', { ASSENT_SANDBOX: 'container' }, /ASSENT_SANDBOX_IMAGE is missing/],
    ['an image that is an option', { ASSENT_SANDBOX_IMAGE: '--privileged' }, /name of an image/],
    ['users that are somebody', { ASSENT_SANDBOX_USERS: '0-7' }, /range of user ids/],
    ['users backwards', { ASSENT_SANDBOX_USERS: '62007-62000' }, /upwards/],
    ['too many', { ASSENT_SANDBOX_USERS: '62000-63000' }, /64 users at most/],
  ] as const)('is not %s', (_, environment, expected) => {
    expect(chosen(environment)).toEqual([expect.stringMatching(expected)]);
  });
});
