import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMirror } from '../../../src/adapters/git/mirror.ts';
import { createWorkspaceHost } from '../../../src/adapters/git/workspace.ts';
import { createOpenAiModel } from '../../../src/adapters/openai/language-model.ts';
import { createHostDemoSandbox } from '../../../src/adapters/sandbox/host.ts';
import { createUnavailableSandbox } from '../../../src/adapters/sandbox/unavailable.ts';
import type { ContributionBrief } from '../../../src/agents/contributor/brief.ts';
import { contribute, type ContributorPorts } from '../../../src/agents/contributor/contributor.ts';
import type { RepositoryFiles } from '../../../src/ports/repository-files.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';
import {
  calling,
  failing,
  saying,
  startModelServer,
  type ModelServer,
  type ServerAnswer,
} from '../../support/model-server.ts';

let server: ModelServer;
let origin: TestRepository;
let mirror: RepositoryFiles;
let ports: ContributorPorts;
let brief: ContributionBrief;
let workspaces: string;

beforeAll(async () => {
  server = await startModelServer();
  origin = await createRepository();
  const base = await origin.commit('Begin', {
    'greet.txt': 'hello\n',
    'policies/default.yml': 'version: 1\n',
    '.gitignore': 'out/\n',
  });
  const directory = join(origin.directory, 'mirror.git');
  workspaces = join(origin.directory, 'workspaces');
  mirror = await openMirror({
    directory,
    remote: () => Promise.resolve({ url: origin.path, token: null }),
  });
  await mirror.fetch();
  ports = {
    model: createOpenAiModel({ apiKey: null, baseUrl: server.url, model: 'test-model' }),
    workspaces: createWorkspaceHost({ mirror: directory, directory: workspaces }),
    sandbox: createHostDemoSandbox(),
  };
  brief = {
    item: 'issue-1',
    round: 0,
    nonce: 'n0nce',
    repository: 'acme/widgets',
    run: 'issue-1-0',
    at: '2026-11-21T09:00:00Z',
    base,
    branch: 'assent/issue-1',
    issue: {
      number: 1,
      title: 'Greet the world',
      body: '',
      author: 'ann',
      labels: [],
      comments: [],
    },
    plan: {
      summary: 's',
      files: ['greet.txt'],
      steps: ['x'],
      risks: [],
      tests: ['y'],
      digest: 'd1',
    },
    review_feedback: [],
    steps: [{ name: 'test', run: 'grep -q world greet.txt || { echo "no world"; exit 1; }' }],
    author: { name: 'assent[bot]', email: 'assent@example.org' },
  };
});
afterAll(async () => {
  await server.close();
  await origin.close();
});
beforeEach(() => rm(workspaces, { recursive: true, force: true }));

const edit = calling(['replace', { path: 'greet.txt', before: 'hello', after: 'hello world' }]);
const finish = calling(['finish', { title: 'Greet the world', summary: 'Done. cc @ann' }]);
const run = (change: Partial<ContributionBrief> = {}) => contribute({ ...brief, ...change }, ports);
const told = () => JSON.stringify(server.asked.at(-1)?.body.messages);

describe('a tool that an agent may not use', () => {
  it.each([
    ['is not among its tools', { tools: ['list', 'write', 'replace'], tier: 'outward' }],
    ['is above its tier', { tools: null, tier: 'write' }],
  ] as const)('since it %s, is not offered, not carried out, and told of', async (_, tools) => {
    server.say(calling(['run', { step: 'test' }]), edit, finish);
    const outcome = await run({ tools });
    const offered = JSON.stringify(server.asked[0]?.body.tools);
    expect(offered).toContain('"replace"');
    expect(offered).not.toContain('"name":"run"');
    expect(outcome).toMatchObject({ kind: 'proposal', refused: [{ tool: 'run', tier: 'run' }] });
    const trace = outcome.kind === 'proposal' ? outcome.trace : [];
    const before = trace.findIndex(({ detail }) => detail.startsWith('replace'));
    expect(trace.slice(0, before).map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining('refused run'),
    );
    // Its steps are run all the same: by code, before and after.
    expect(trace.filter(({ kind }) => kind === 'step')).toHaveLength(2);
  });
});

describe('a contribution', () => {
  it('is a commit on the base, with the steps run by code and a body that closes the issue', async () => {
    server.say(
      calling(['read', { path: 'greet.txt' }]),
      edit,
      calling(['run', { step: 'test' }]),
      finish,
    );
    const outcome = await run();
    expect(outcome).toMatchObject({
      kind: 'proposal',
      proposal: {
        title: 'Greet the world',
        branch: 'assent/issue-1',
        files: [{ path: 'greet.txt', status: 'modified', additions: 1, deletions: 1 }],
        steps: [{ name: 'test', ok: true }],
        body: expect.stringMatching(
          /In a fresh checkout[\s\S]*test: passed \(it failed before[\s\S]*4 requests, 400 tokens in, 80 out[\s\S]*replace greet.txt[\s\S]*Closes #1$/,
        ),
      },
      usage: { requests: 4, model: 'test-model' },
    });
    const commit = outcome.kind === 'proposal' ? outcome.proposal.commit : '';
    expect(await mirror.readFile(commit, 'greet.txt')).toBe('hello world\n');
    expect(await mirror.commits(brief.base, commit)).toMatchObject([
      { author: { name: 'assent[bot]' } },
    ]);
    expect(await readdir(workspaces)).toEqual([]);
  });

  it('made again gives the same commit', async () => {
    const commits = [];
    for (const _ of [1, 2]) {
      server.say(edit, finish);
      const outcome = await run();
      commits.push(outcome.kind === 'proposal' ? outcome.proposal.commit : outcome);
    }
    expect(commits[0]).toBe(commits[1]);
  });

  it('is told how the steps end before any change, and the review it answers', async () => {
    server.say(edit, finish);
    await run({
      review_feedback: [{ author: 'bob', body: 'Say world.', path: 'greet.txt', line: 1 }],
    });
    expect(told()).toMatch(/test: fails.*no world/);
    expect(told()).toContain('Say world.');
  });

  it('mends what its steps find', async () => {
    server.say(calling(['write', { path: 'new.txt', text: 'x\n' }]), finish, edit, finish);
    expect(await run()).toMatchObject({ kind: 'proposal', usage: { requests: 4 } });
    expect(told()).toContain('The work is not sound yet');
  });

  it('is not helped by what git ignores: it is judged in a fresh checkout', async () => {
    const steps = [{ name: 'built', run: 'test -f out/built' }];
    const build = calling(['write', { path: 'out/built', text: 'x' }], ['run', { step: 'built' }]);
    server.say(edit, build, finish);
    expect(await run({ steps })).toMatchObject({
      kind: 'failed',
      code: 'steps_failed',
      reason: expect.stringContaining('step built failed, as it did before any change'),
    });
    expect(told()).toContain('Step built passed');
  });

  it('that changes nothing, and says so twice, is none, with its reason', async () => {
    server.say(calling(['finish', { title: 'Nothing', summary: 'It greets already.' }]));
    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'empty',
      reason: expect.stringContaining(
        'nothing is proposed. The contributor says: It greets already.',
      ),
      usage: { requests: 2 },
    });
  });

  it('that changes nothing at first may still be one', async () => {
    server.say(finish, edit, finish);
    expect(await run()).toMatchObject({ kind: 'proposal' });
  });

  it('tells people of what only they can judge, and keeps the trace short', async () => {
    const read = calling(['read', { path: 'greet.txt' }], ['list', {}]);
    const lock = calling(['write', { path: 'go.sum', text: 'github.com/a/b v1.0.0 h1:x=\n' }]);
    server.say(...Array.from({ length: 34 }, () => read), lock, edit, finish);
    const outcome = await run();
    const body = outcome.kind === 'proposal' ? outcome.proposal.body : '';
    expect(body).toMatch(/### For you to look at\s+- go.sum adds github/);
    expect(body).toMatch(/<details><summary>How it came about[\s\S]*… \d+ more …/);
    expect(body.length).toBeLessThan(12_000);
  });

  it('fails after three attempts to mend it, and leaves no workspace', async () => {
    server.say(calling(['write', { path: 'new.txt', text: 'x\n' }]), finish);
    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'steps_failed',
      usage: { requests: 5 },
    });
    expect(await readdir(workspaces)).toEqual([]);
  });

  it.for([
    [
      'a secret',
      calling(['write', { path: 'a.txt', text: `ghp_${'aB3xY9kQ7mZ2'.repeat(3)}` }]),
      'GitHub token',
    ],
    [
      'hidden characters',
      calling(['write', { path: 'a.txt', text: 'a\u202Eb' }]),
      'hidden characters',
    ],
  ] as const)('with %s is not proposed', async ([, bad, fault]) => {
    server.say(bad, finish);
    expect(await run({ steps: [] })).toMatchObject({
      kind: 'failed',
      code: 'gate',
      reason: expect.stringContaining(fault),
    });
  });

  it.for([
    ['a rule', 'policies/default.yml'],
    ['a path outside', '../outside.txt'],
    ['an absolute path', '/etc/passwd'],
    ['a git folder', '.git/config'],
  ] as const)('cannot write %s', async ([, path]) => {
    server.say(calling(['write', { path, text: 'x' }]), edit, finish);
    const outcome = await run();
    expect(outcome).toMatchObject({
      kind: 'proposal',
      proposal: { files: [{ path: 'greet.txt' }] },
    });
    expect(told()).toContain('Refused');
  });

  it.for([
    ['a changed rule', 'echo x >> policies/default.yml', 'protected path'],
    ['a link', 'ln -sf /etc/passwd link', 'regular files'],
    ['a nested repository', 'mkdir -p out/x/.git', 'repository inside the workspace'],
  ] as const)('is not proposed when its step leaves %s', async ([, command, fault]) => {
    server.say(edit, finish);
    const steps = [{ name: 'plant', run: command }];
    expect(await run({ steps })).toMatchObject({
      kind: 'failed',
      code: 'gate',
      reason: expect.stringContaining(fault),
    });
  });
});

describe('a model that does not work by the tools', () => {
  it.for([
    ['prose only', saying('I would change greet.txt.'), 'no tool was called'],
    ['an unknown tool', calling(['shell', { command: 'rm -rf /' }]), 'there is no tool "shell"'],
    ['garbled arguments', calling(['read', '{"path":']), 'not JSON'],
    ['wrong arguments', calling(['read', { file: 'x' }]), 'path'],
  ] as const)('%s: is told, then given up', async ([, answer, fault]) => {
    server.say(answer);
    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'malformed_answer',
      reason: expect.stringContaining(fault),
      usage: { requests: 3 },
    });
  });

  it('the same call over and over is given up', async () => {
    server.say(calling(['list', {}]));
    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'malformed_answer',
      usage: { requests: 5 },
    });
  });

  it('a slip in between is forgiven', async () => {
    server.say(saying('Let me think.'), edit, saying('Done!'), finish);
    expect(await run()).toMatchObject({ kind: 'proposal' });
  });

  it('wandering on is stopped by the cap on turns', async () => {
    server.say(calling(['read', { path: 'greet.txt' }], ['list', {}]));
    const limits = { turns: 6, tokens: 1_000_000, output_tokens: 100 };
    expect(await run({ limits })).toMatchObject({
      kind: 'failed',
      code: 'budget_exhausted',
      usage: { requests: 6 },
    });
  });
});

describe('a model that is not well', () => {
  it.for<readonly [what: string, answer: ServerAnswer, end: object]>([
    ['answers 500', failing(500), { kind: 'model_unavailable' }],
    ['is too busy', failing(429, 'slow down'), { kind: 'model_unavailable' }],
    ['hangs up', 'drop', { kind: 'model_unavailable' }],
    ['sends a web page', { status: 200, body: '<html>' }, { kind: 'model_unavailable' }],
    ['says nothing at all', saying(''), { kind: 'failed', code: 'malformed_answer' }],
    [
      'writes a file of 300,000 characters',
      calling(['write', { path: 'a.txt', text: 'x'.repeat(300_000) }]),
      { kind: 'failed', code: 'malformed_answer', reason: expect.stringContaining('text') },
    ],
    [
      'writes a dozen of the largest files it may',
      calling(
        ...Array.from(
          { length: 12 },
          (_, index) => ['write', { path: `a${index}.txt`, text: 'x'.repeat(199_999) }] as const,
        ),
        ['finish', { title: 't', summary: 's' }],
      ),
      { kind: 'failed', code: 'gate', reason: expect.stringContaining('characters of patch') },
    ],
    [
      'asks for a shell and is done, for ever',
      calling(['shell', { command: 'id' }], ['finish', { title: 't', summary: 's' }]),
      { kind: 'failed', code: 'malformed_answer' },
    ],
  ])('and %s ends for a reason', async ([, answer, end]) => {
    server.say(answer);
    const outcome = await run({ steps: [] });
    expect(outcome).toMatchObject(end);
    expect('reason' in outcome && outcome.reason).not.toBe('');
    expect(await readdir(workspaces)).toEqual([]);
  });
});

describe('a run that cannot go on', () => {
  it('waits where the model goes away in the midst, and leaves no workspace', async () => {
    server.say(edit, failing(503, 'overloaded', { 'retry-after': '3' }));
    expect(await run()).toMatchObject({
      kind: 'model_unavailable',
      retry_after_seconds: 3,
      usage: { requests: 1 },
    });
    expect(await readdir(workspaces)).toEqual([]);
  });

  it('fails with the remedy where the service refuses', async () => {
    server.say(failing(401));
    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'model_refused',
      reason: expect.stringContaining('OPENAI_API_KEY'),
    });
  });

  it('asks no model where there is no sandbox', async () => {
    server.say(finish);
    const outcome = await contribute(brief, {
      ...ports,
      sandbox: createUnavailableSandbox('no bubblewrap'),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'sandbox_unavailable',
      reason: 'no bubblewrap',
    });
    expect(server.asked).toHaveLength(0);
  });
});
