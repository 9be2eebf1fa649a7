import type { CoderName } from '../../domain/agents/uses.ts';
import { portMark } from './forwarder.ts';

/** How a coding agent of others is started once, without anybody to answer it, on a prompt. */
export interface CoderCall {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

export interface CoderTask {
  /** Absolute path of the program. */
  readonly program: string;
  readonly prompt: string;
  readonly model: string;
  /** The key of this run's socket. */
  readonly key: string;
  /** Files the plan names; one of them needs to be told. */
  readonly files: readonly string[];
}

const openai = `http://127.0.0.1:${portMark}/v1`;
const anthropic = `http://127.0.0.1:${portMark}`;

/**
 * Each in its own words, as its documentation has them. Permissions are wide open and its own sandbox off in all of them: it runs
 * in ours, which holds whatever it does, and a second one inside asks for namespaces that ours does not give.
 */
const calls: Readonly<Record<CoderName, (task: CoderTask) => CoderCall>> = {
  // Progress goes to standard error, the last message to standard output.
  codex: ({ program, prompt, model, key }) => ({
    argv: [
      program,
      'exec',
      '--skip-git-repo-check',
      '--sandbox',
      'danger-full-access',
      '--color',
      'never',
      '--model',
      model,
      ...settings({
        model_provider: 'assent',
        'model_providers.assent.name': 'assent',
        'model_providers.assent.base_url': openai,
        'model_providers.assent.env_key': 'OPENAI_API_KEY',
        'model_providers.assent.wire_api': 'responses',
      }),
      '-',
    ],
    environment: { OPENAI_API_KEY: key },
    input: prompt,
  }),
  claude: ({ program, prompt, model, key }) => ({
    argv: [
      program,
      '--print',
      '--output-format',
      'json',
      '--permission-mode',
      'bypassPermissions',
      '--model',
      model,
    ],
    environment: {
      ANTHROPIC_BASE_URL: anthropic,
      ANTHROPIC_API_KEY: key,
      // The small model it uses beside the named one.
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      // Without it bypassing permissions is refused to user 0, which it may be inside.
      IS_SANDBOX: '1',
    },
    input: prompt,
  }),
  opencode: ({ program, prompt, model, key }) => ({
    argv: [program, 'run', '--model', `assent/${model}`],
    environment: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: `assent/${model}`,
        small_model: `assent/${model}`,
        autoupdate: false,
        share: 'disabled',
        permission: { edit: 'allow', bash: 'allow', webfetch: 'deny' },
        provider: {
          assent: {
            npm: '@ai-sdk/openai-compatible',
            name: 'assent',
            options: { baseURL: openai, apiKey: key },
            models: { [model]: { name: model } },
          },
        },
      }),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    },
    input: prompt,
  }),
  // It opens the file it is told, which a socket as standard input is not; without git it knows no files but those it is given.
  aider: ({ program, prompt, model, key, files }) => ({
    argv: [
      '/bin/sh',
      '-c',
      'cat > "$HOME/prompt" && exec "$@" --message-file "$HOME/prompt"',
      'aider',
      program,
      '--model',
      `openai/${model}`,
      '--yes-always',
      '--no-git',
      '--no-gitignore',
      '--no-auto-commits',
      '--no-check-update',
      '--no-show-release-notes',
      '--no-show-model-warnings',
      '--no-detect-urls',
      '--no-suggest-shell-commands',
      '--analytics-disable',
      '--no-pretty',
      '--no-stream',
      '--map-tokens',
      '0',
      '--input-history-file',
      '/dev/null',
      '--chat-history-file',
      '/dev/null',
      ...files.filter(isPlainPath).flatMap((path) => ['--file', path]),
    ],
    environment: {
      OPENAI_API_BASE: openai,
      OPENAI_API_KEY: key,
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    },
    input: prompt,
  }),
};

export const coderCall = (coder: CoderName, task: CoderTask): CoderCall => calls[coder](task);

const settings = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${JSON.stringify(value)}`]);

/** A path out of a plan, which a model wrote: never an option, nor out of the checkout. */
const isPlainPath = (path: string): boolean =>
  /^[\w@][\w@./ -]*$/.test(path) && !path.split('/').includes('..');

/** What a coder says in the end; Claude Code wraps it. */
export function lastMessage(coder: CoderName, stdout: string): string {
  if (coder !== 'claude') return stdout;
  try {
    const result: unknown = JSON.parse(stdout);
    if (typeof result === 'object' && result !== null && 'result' in result) {
      return typeof result.result === 'string' ? result.result : stdout;
    }
    return stdout;
  } catch {
    return stdout;
  }
}

/** The JSON document that a message ends with, however it is framed; the message itself where there is none. */
export function documentIn(message: string): string {
  const text = message.trim();
  const fenced = [...text.matchAll(/```(?:json)?[ \t]*\n([\s\S]*?)\n```/g)].at(-1)?.[1];
  const candidates = [text, fenced, lastObject(text)];
  return candidates.find((candidate) => candidate !== undefined && isObject(candidate)) ?? text;
}

/** From the first line that opens an object and can be read to the end as one. */
function lastObject(text: string): string | undefined {
  const end = text.lastIndexOf('}');
  const starts = [...text.matchAll(/^[ \t]*\{/gm)].map(({ index }) => index).slice(0, 50);
  return starts.map((start) => text.slice(start, end + 1)).find(isObject);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
