import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { githubAddresses, type GitHubAddresses } from './config/github-addresses.ts';
import { keyFault, normalisedKey, type KeyFile } from './config/private-key.ts';
import { containerImage, sandboxKind, userRange, type SandboxConfig } from './config/sandbox.ts';
import { Secret } from './config/secret.ts';
import { webhookSecretFault } from './config/webhook-secret.ts';

export { Secret } from './config/secret.ts';
export type { SandboxConfig } from './config/sandbox.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface StoreConfig {
  /** PostgreSQL shared by machines; null: embedded, in `folder`. */
  readonly database_url: Secret | null;
  readonly folder: string;
}

export interface ModelConfig {
  /** null: none set; a local server may want none. */
  readonly api_key: Secret | null;
  readonly base_url: string;
  readonly name: string;
  /** Of the same service, for vectors; null: likeness is by words alone. */
  readonly embedding: string | null;
}

/** For programs that speak Anthropic's tongue; without it they are led to the model's own address, if that is a gateway. */
export interface AnthropicConfig {
  readonly api_key: Secret | null;
  readonly base_url: string;
  /** null: each agent has to name its own. */
  readonly name: string | null;
}

export interface ServiceConfig {
  readonly app: {
    readonly id: number;
    readonly private_key: Secret;
    readonly webhook_secret: Secret;
  };
  readonly github: GitHubAddresses;
  readonly listen: { readonly host: string; readonly port: number };
  readonly store: StoreConfig;
  /** null: no model is reached; agents wait in `model_unavailable`. */
  readonly model: ModelConfig | null;
  readonly sandbox: SandboxConfig;
  /** null: none but the model's own service. */
  readonly anthropic: AnthropicConfig | null;
  readonly log_level: LogLevel;
}

/** One thing wrong with the environment: which variable, and what to do about it. Never its value. */
export interface ConfigFault {
  readonly variable: string;
  readonly message: string;
}

export type ConfigReading =
  | { readonly ok: true; readonly config: ServiceConfig }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

const keyFileOnDisk = (path: string): KeyFile | null =>
  existsSync(path) ? { mode: statSync(path).mode & 0o777, text: readFileSync(path, 'utf8') } : null;

export interface ReadOptions {
  /** Whether webhooks come in: a worker alone needs no secret for them. */
  readonly receives?: boolean;
  readonly keyFile?: (path: string) => KeyFile | null;
}

/** The environment as a whole, or every fault in it: an operator fixes them in one go. */
export function readConfig(
  environment: Environment,
  { receives = true, keyFile = keyFileOnDisk }: ReadOptions = {},
): ConfigReading {
  const faults: ConfigFault[] = [];
  const fault = (variable: string, message: string) => void faults.push({ variable, message });
  const { value, read } = reader(environment, fault);

  if (value('APP_ID') === null) {
    fault('APP_ID', 'APP_ID is missing: the number on the page of the GitHub App, under "About"');
  }
  const config: ServiceConfig = {
    app: {
      id: read('APP_ID', wholeNumber, 0),
      private_key: new Secret(readPrivateKey(value, keyFile, fault)),
      webhook_secret: new Secret(receives ? readWebhookSecret(environment, fault) : ''),
    },
    github: readGitHub(value, fault),
    listen: { host: read('HOST', host, '127.0.0.1'), port: read('PORT', port, 3000) },
    store: {
      database_url: secretOrNull(read('DATABASE_URL', databaseUrl, null)),
      folder: value('ASSENT_DATA')?.trim() ?? '.assent',
    },
    model: readModel(value, read('OPENAI_BASE_URL', httpUrl, null), fault),
    sandbox: readSandbox(read, fault),
    anthropic: readAnthropic(value, read('ANTHROPIC_BASE_URL', httpUrl, null)),
    log_level: read('LOG_LEVEL', logLevel, 'info'),
  };
  return faults.length === 0 ? { ok: true, config } : { ok: false, faults };
}

export type SandboxReading =
  | { readonly ok: true; readonly config: SandboxConfig }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** What `demo` and `try` take of it, which start no service. */
export function readSandboxConfig(environment: Environment): SandboxReading {
  const faults: ConfigFault[] = [];
  const fault = (variable: string, message: string) => void faults.push({ variable, message });
  const config = readSandbox(reader(environment, fault).read, fault);
  return faults.length === 0 ? { ok: true, config } : { ok: false, faults };
}

type Read = <T>(variable: string, schema: z.ZodType<T>, absent: T) => T;

function reader(environment: Environment, fault: Fault): { value: Value; read: Read } {
  const value: Value = (variable) => {
    const text = environment[variable];
    return text === undefined || text.trim() === '' ? null : text;
  };
  /** By its schema; the fallback stands in after a fault, so that reading goes on to the next. */
  const read: Read = (variable, schema, absent) => {
    const text = value(variable);
    if (text === null) return absent;
    const parsed = schema.safeParse(text.trim());
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) fault(variable, `${variable} ${issue.message}`);
    return absent;
  };
  return { value, read };
}

function readSandbox(read: Read, fault: Fault): SandboxConfig {
  const kind = read('ASSENT_SANDBOX', sandboxKind, 'auto');
  const image = read('ASSENT_SANDBOX_IMAGE', containerImage, null);
  if (kind === 'container' && image === null) {
    fault(
      'ASSENT_SANDBOX_IMAGE',
      'ASSENT_SANDBOX_IMAGE is missing: ASSENT_SANDBOX says container, and this says of which image; it must be on this machine already',
    );
  }
  return { kind, image, users: read('ASSENT_SANDBOX_USERS', userRange, null) };
}

const wholeNumber = z
  .string()
  .regex(/^[1-9]\d{0,15}$/u, 'must be a positive whole number')
  .transform(Number);

const port = z
  .string()
  .regex(/^\d{1,5}$/u, 'must be a port number, from 0 to 65535 (0: any that is free)')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be at most 65535');

const host = z
  .string()
  .regex(/^[\w.:-]+$/u, 'must be an address to listen on, such as 127.0.0.1 or 0.0.0.0');

const logLevel = z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` });

const databaseUrl = z
  .string()
  .refine(
    (text) => ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be a PostgreSQL address, postgres://USER:PASSWORD@HOST/DATABASE; unset it to use the embedded database',
  )
  .nullable();

const httpUrl = z
  .string()
  .refine(
    (text) => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be an address beginning with https:// or http://',
  )
  .refine(
    (text) => (URL.parse(text)?.username ?? '') === '',
    'must not carry a user or password: put the key into OPENAI_API_KEY',
  )
  .nullable();

type Value = (variable: string) => string | null;
type Fault = (variable: string, message: string) => void;

function readPrivateKey(
  value: Value,
  keyFile: (path: string) => KeyFile | null,
  fault: Fault,
): string {
  const [text, path] = [value('PRIVATE_KEY'), value('PRIVATE_KEY_PATH')];
  if (text !== null && path !== null) {
    fault('PRIVATE_KEY', 'PRIVATE_KEY and PRIVATE_KEY_PATH are both set: unset one of them');
    return '';
  }
  if (text !== null) return checkedKey('PRIVATE_KEY', text, fault);
  if (path !== null) return readKeyFile(path, keyFile, fault);
  fault(
    'PRIVATE_KEY',
    'PRIVATE_KEY_PATH is missing (and PRIVATE_KEY too): generate a key on the page of the GitHub App, keep the file with mode 400, and give its path',
  );
  return '';
}

function readKeyFile(
  path: string,
  keyFile: (path: string) => KeyFile | null,
  fault: Fault,
): string {
  const file = keyFile(path);
  if (file === null) {
    fault('PRIVATE_KEY_PATH', `PRIVATE_KEY_PATH names ${path}, and there is no such file`);
    return '';
  }
  if ((file.mode & 0o077) !== 0) {
    const mode = file.mode.toString(8).padStart(3, '0');
    fault(
      'PRIVATE_KEY_PATH',
      `PRIVATE_KEY_PATH names ${path}, which others may read (mode ${mode}): chmod 400 ${path}`,
    );
  }
  return checkedKey('PRIVATE_KEY_PATH', file.text, fault);
}

function checkedKey(variable: string, text: string, fault: Fault): string {
  const key = normalisedKey(text);
  const wrong = keyFault(key);
  if (wrong !== null) fault(variable, `${variable} ${wrong}`);
  return key;
}

function readWebhookSecret(environment: Environment, fault: Fault): string {
  const secret = environment['WEBHOOK_SECRET'] ?? '';
  const wrong = webhookSecretFault(secret);
  if (wrong !== null) fault('WEBHOOK_SECRET', wrong);
  return secret;
}

function readGitHub(value: Value, fault: Fault): GitHubAddresses {
  const addresses = githubAddresses(value('GHE_HOST')?.trim() ?? null);
  if (addresses.ok) return addresses.value;
  fault('GHE_HOST', addresses.refusal.message);
  return { api: '', web: '' };
}

function readModel(value: Value, baseUrl: string | null, fault: Fault): ModelConfig | null {
  const key = value('OPENAI_API_KEY')?.trim() ?? null;
  if (value('OPENAI_API_KEY') === null && value('OPENAI_BASE_URL') === null) {
    if (value('ASSENT_EMBEDDING_MODEL') !== null) {
      fault(
        'ASSENT_EMBEDDING_MODEL',
        'ASSENT_EMBEDDING_MODEL names a model and nothing says where to ask it: set OPENAI_API_KEY or OPENAI_BASE_URL, and ASSENT_MODEL',
      );
    }
    return null;
  }
  const name = value('ASSENT_MODEL')?.trim() ?? null;
  if (name === null) {
    fault(
      'ASSENT_MODEL',
      'ASSENT_MODEL is missing: OPENAI_API_KEY or OPENAI_BASE_URL says where to ask, and this says which model',
    );
  }
  return {
    api_key: secretOrNull(key),
    base_url: baseUrl ?? 'https://api.openai.com/v1',
    name: name ?? '',
    embedding: value('ASSENT_EMBEDDING_MODEL')?.trim() ?? null,
  };
}

function readAnthropic(value: Value, url: string | null): AnthropicConfig | null {
  const key = value('ANTHROPIC_API_KEY')?.trim() ?? null;
  if (key === null && url === null) return null;
  const name = value('ASSENT_MODEL')?.trim() ?? null;
  return { api_key: secretOrNull(key), base_url: url ?? 'https://api.anthropic.com', name };
}

const secretOrNull = (text: string | null): Secret | null =>
  text === null ? null : new Secret(text);
