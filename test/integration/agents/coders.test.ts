import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coderCall } from '../../../src/agents/process/coders.ts';
import { createProgram, type ProgramEnd } from '../../../src/agents/process/program.ts';
import { contributionAnswer } from '../../../src/agents/process/protocol.ts';
import { jsonSchemaOf } from '../../../src/agents/prompt.ts';
import { modelProxy } from '../../../src/composition.ts';
import type { CoderName } from '../../../src/domain/agents/uses.ts';
import { openYard, type Yard } from '../../support/sandbox.ts';

/**
 * Stand-ins for the coding agents: each finds the service where its own would, asks it in its own tongue by TCP, changes a file
 * and ends with what it was asked for, as its own prints it.
 */
const standIn = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const name = basename(process.argv[1]);
const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const env = process.env;
const setting = (key) => JSON.parse(args.find((one) => one.startsWith(key + '=')).slice(key.length + 1));
const own = {
  codex: () => ({ url: setting('model_providers.assent.base_url') + '/responses', key: env[setting('model_providers.assent.env_key')] }),
  claude: () => ({ url: env.ANTHROPIC_BASE_URL + '/v1/messages', key: env.ANTHROPIC_API_KEY }),
  opencode: () => {
    const { baseURL, apiKey } = JSON.parse(env.OPENCODE_CONFIG_CONTENT).provider.assent.options;
    return { url: baseURL + '/chat/completions', key: apiKey };
  },
  aider: () => ({ url: env.OPENAI_API_BASE + '/chat/completions', key: env.OPENAI_API_KEY }),
}[name]();
const prompt = name === 'aider' ? readFileSync(after('--message-file'), 'utf8') : readFileSync(0, 'utf8');
const header = name === 'claude' ? { 'x-api-key': own.key } : { authorization: 'Bearer ' + own.key };
fetch(own.url, { method: 'POST', headers: header, body: JSON.stringify({ model: 'mine', messages: [], input: prompt }) })
  .then(async (response) => {
    if (!response.ok) throw new Error(await response.text());
    writeFileSync('made-by.txt', name + ' ' + (await response.json()).said + '\\n');
    const answer = 'Done.\\n\\n{"title": "Add made-by", "summary": "By ' + name + '."}';
    console.log(name === 'claude' ? JSON.stringify({ type: 'result', is_error: false, result: answer }) : answer);
    console.error('asked ' + own.url.replace(/:\\d+/, ''));
  })
  .catch((error) => { console.error(error); process.exit(1); });
`;

const coders = ['codex', 'claude', 'opencode', 'aider'] as const;
const paths: Readonly<Record<CoderName, string>> = {
  codex: '/v1/responses',
  claude: '/v1/messages',
  opencode: '/v1/chat/completions',
  aider: '/v1/chat/completions',
};

const yard = await openYard();

describe.skipIf('missing' in yard)('in the sandbox, by the socket alone,', () => {
  const seen: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  let service: Server;
  let baseUrl = '';
  const ground = yard as Yard;
  const bin = join(ground.folder ?? '', '..', `assent-bin-${process.pid}`);

  beforeAll(async () => {
    service = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ path: request.url ?? '', headers: request.headers, body });
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ said: 'hello', usage: { input_tokens: 30, output_tokens: 3 } }),
        );
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`;
    mkdirSync(bin);
    for (const coder of coders) {
      writeFileSync(join(bin, coder), standIn);
      chmodSync(join(bin, coder), 0o755);
    }
  });
  afterAll(() => {
    service.close();
    rmSync(bin, { recursive: true, force: true });
    ground.end();
  });

  const start = async (coder: CoderName, workspace: string): Promise<ProgramEnd> => {
    const model = await modelProxy({
      openai: { baseUrl, apiKey: 'sk-real' },
      anthropic: null,
      model: 'configured',
    }).open({ model: null, tokens: 100_000 });
    if (model === null) throw new Error('no way to a model');
    try {
      const program = createProgram({
        role: 'contributor',
        uses: { kind: 'coder', coder, timeout_ms: 30_000, programs: [] },
        argv: [join(bin, coder)],
        checkout: null,
        folders: [bin],
        workspace: null,
        sandbox: ground.sandbox,
        model,
        tokens: 100_000,
        question: null,
      });
      return await program.start({
        brief: {},
        prompt: 'Write the file.',
        proposal_schema: jsonSchemaOf('contribution', contributionAnswer).schema,
        feedback: null,
        workspace,
        files: ['made-by.txt'],
      });
    } finally {
      await model.close();
    }
  };

  it.each(coders)('%s asks its model, edits the checkout and answers', async (coder) => {
    seen.length = 0;
    const workspace = ground.workspace();
    const ended = await start(coder, workspace);
    expect(ended).toMatchObject({
      kind: 'answer',
      content: `{"title": "Add made-by", "summary": "By ${coder}."}`,
      log: `asked http://127.0.0.1${paths[coder]}`,
      spent: { requests: 1, input_tokens: 30, output_tokens: 3 },
    });
    expect(readFileSync(join(workspace, 'made-by.txt'), 'utf8')).toBe(`${coder} hello\n`);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      path: paths[coder],
      headers: { authorization: 'Bearer sk-real' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ model: 'configured' });
  });

  it('one that fails says why by the end of its log', async () => {
    writeFileSync(join(bin, 'codex'), '#!/bin/sh\necho "no such model" >&2\nexit 7\n');
    expect(await start('codex', ground.workspace())).toMatchObject({
      kind: 'failed',
      code: 'program_failed',
      reason: expect.stringMatching(/ended with exit 7.*\n.*no such model/s),
    });
  });
});

describe('the arguments of', () => {
  const call = (coder: CoderName) =>
    coderCall(coder, {
      program: `/opt/bin/${coder}`,
      prompt: 'Do it.',
      model: 'm1',
      key: 'assent-key',
      files: ['src/a.ts', '--yes', '../out', '/etc/passwd'],
    });

  it('codex run it once, without its own sandbox, on a provider of our own', () => {
    const { argv, environment, input } = call('codex');
    expect(argv.slice(0, 6)).toEqual([
      '/opt/bin/codex',
      'exec',
      '--skip-git-repo-check',
      '--sandbox',
      'danger-full-access',
      '--color',
    ]);
    expect(argv).toContain('model_provider="assent"');
    expect(argv.at(-1)).toBe('-');
    expect([environment['OPENAI_API_KEY'], input]).toEqual(['assent-key', 'Do it.']);
  });

  it('claude print one JSON result, and touch nothing but the proxy', () => {
    const { argv, environment } = call('claude');
    expect(argv.join(' ')).toContain(
      '--print --output-format json --permission-mode bypassPermissions',
    );
    expect(environment).toMatchObject({
      ANTHROPIC_API_KEY: 'assent-key',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    });
  });

  it('opencode name the model and the provider it is configured with', () => {
    const { argv, environment } = call('opencode');
    expect(argv).toEqual(['/opt/bin/opencode', 'run', '--model', 'assent/m1']);
    expect(JSON.parse(environment['OPENCODE_CONFIG_CONTENT'] ?? '')).toMatchObject({
      permission: { webfetch: 'deny' },
      provider: { assent: { options: { apiKey: 'assent-key' } } },
    });
  });

  it('aider name the plan’s files, and nothing of a plan that is no path in the checkout', () => {
    const { argv } = call('aider');
    const files = argv.flatMap((one, index) => (argv[index - 1] === '--file' ? [one] : []));
    expect(files).toEqual(['src/a.ts']);
    expect(argv).toContain('--no-git');
  });
});
