import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostDemoSandbox } from '../../../src/adapters/sandbox/host.ts';
import { agentBrief } from '../../../src/agents/process/protocol.ts';
import { modelProxy } from '../../../src/composition.ts';
import type { ModelAccessHost } from '../../../src/ports/language-model.ts';
import type { ProgramRequest, Sandbox } from '../../../src/ports/sandbox.ts';
import { openYard } from '../../support/sandbox.ts';
import { World } from './world.ts';

const example = (path: string): string =>
  readFileSync(new URL(`../../../examples/${path}`, import.meta.url), 'utf8');

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    // A laptop may do without; the machines that decide about a change may not.
    if (process.env['CI'] !== undefined) throw new Error('python3 is missing');
    return false;
  }
})();

/** A model service that answers one thing; what it was asked stands in `asked`. */
interface Service {
  readonly access: ModelAccessHost;
  readonly asked: { readonly key: string | undefined; readonly body: string }[];
  close(): void;
}

async function startService(): Promise<Service> {
  const asked: Service['asked'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ key: request.headers.authorization, body });
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          model: 'small-1',
          choices: [{ message: { role: 'assistant', content: 'As the model says.' } }],
          usage: { prompt_tokens: 50, completion_tokens: 5 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const openai = { baseUrl, apiKey: 'sk-real' };
  return {
    access: modelProxy({ openai, anthropic: null, model: 'usual' }),
    asked,
    close: () => server.close(),
  };
}

/** What each program was started with. */
const started: ProgramRequest[] = [];
/** A real sandbox where there is one; CI has one. */
const yard = await openYard();
const inner: Sandbox =
  'missing' in yard
    ? {
        ...createHostDemoSandbox(),
        capability: () => ({ kind: 'unsafe-host', reason: 'For these tests.' }),
      }
    : yard.sandbox;
const sandbox: Sandbox = {
  ...inner,
  execute: (program) => {
    started.push(program);
    return inner.execute(program);
  },
};
let machines = 0;
/** The sandbox's users come to what lies in its own folder alone. */
const dataFolder = () =>
  'missing' in yard ? {} : { folder: join(yard.folder, `data-${(machines += 1)}`) };

describe.skipIf(!hasPython)('programs of the repository’s own as agents', () => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    service = await startService();
    world = await World.begin({
      config: `version: 1
agents:
  triager: { uses: process, command: [sh, agents/triager.sh], tools: [] }
  contributor: { uses: process, command: [python3, agents/contributor.py], model: small }
`,
      files: {
        'agents/triager.sh': example('shell/triager.sh'),
        'agents/contributor.py': example('python/contributor.py'),
      },
    });
    await world.machine({ sandbox, modelAccess: service.access, ...dataFolder() });
  });
  afterAll(async () => {
    await world.end();
    service.close();
    if (!('missing' in yard)) yard.end();
  });

  let item = { number: 0, id: '' };

  it('propose a plan, which people adopt like any other', async () => {
    item = await world.planned('Write the notes');
    expect((await world.item(item.id))?.plan?.summary).toContain(`issue ${item.number}`);
    const [triager] = started;
    expect(triager?.socket).toBeNull();
    expect(triager?.environment).toEqual({});
  });

  it('ask a human, in the one comment, and wait', async () => {
    await world.label('maintainer', item.number, 'assent:approve');
    await world.until('the question', ({ items }) => items[item.id]?.asked_by === 'contributor');
    await expect
      .poll(() => world.comment1(item.number), { timeout: 8_000, interval: 5 })
      .toContain('Should the notes be in English or in German?');
    expect(await world.comment1(item.number)).toContain('write permission');
  });

  it('are not answered by whoever may not write, not even by the author', async () => {
    await world.comment('reader', item.number, 'German');
    await world.settled();
    expect(await world.item(item.id)).toMatchObject({ asked_by: 'contributor' });
  });

  it('go on with checkpoint and answer, also in another process', async () => {
    await world.machines.at(-1)?.stop();
    await world.machine({ sandbox, modelAccess: service.access, ...dataFolder() });
    await world.comment('writer', item.number, 'English');
    const { pull_request } = await world.waits(item.id, 'merge');
    const branch = pull_request?.branch ?? '';
    expect(await world.read(branch, 'notes.txt')).toBe('Notes, in English.\nAs the model says.\n');
    expect(service.asked.map(({ key }) => key)).toEqual(['Bearer sk-real']);
    expect(JSON.parse(service.asked[0]?.body ?? '')).toMatchObject({ model: 'small' });
  });

  it('are given a brief as it is published, from the default branch, and no secret', () => {
    for (const { input, environment, argv } of started) {
      expect(agentBrief.safeParse(JSON.parse(input)).error).toBeUndefined();
      expect(JSON.stringify([input, environment, argv])).not.toContain('sk-real');
    }
    const contributor = started.at(-1);
    expect(contributor?.argv.at(-1)).toBe('/run/assent-checkout/agents/contributor.py');
    expect(contributor?.checkout?.host).toMatch(/-agent\/tree$/);
    expect(contributor?.checkout?.host).not.toBe(contributor?.workspace);
  });

  it('leave in the history what they asked, who took over from whom, and what they cost', async () => {
    const history = (await world.history()).filter((event) => event.item === item.id);
    const of = (type: string) => history.filter((event) => event.type === type);
    expect(of('question.asked')).toMatchObject([
      { data: { agent: 'contributor', checkpoint: { files: ['notes.txt'] } } },
    ]);
    expect(of('question.answered')).toMatchObject([
      { actor: { kind: 'human', login: 'writer' }, data: { answer: 'English' } },
    ]);
    expect(of('work.handed_over')).toMatchObject([
      {
        data: { from: 'triager', to: 'contributor', because: 'the plan is approved by maintainer' },
      },
      { data: { from: 'contributor', to: 'reviewer' } },
    ]);
    const proposed = of('agent.proposed').find(({ actor }) => actor.login === 'contributor');
    expect(proposed?.data).toMatchObject({
      usage: { input_tokens: 50, output_tokens: 5, model: 'small-1' },
    });
  });
});
