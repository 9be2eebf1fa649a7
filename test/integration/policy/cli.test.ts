import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge, review, withEvidence } from '../../support/policy.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as a user starts it. */
const assent = (...args: readonly string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(
      process.execPath,
      ['src/entrypoints/cli/main.ts', 'policy', ...args],
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

let folder: string;
const path = (name: string) => join(folder, name);

const sound = `version: 1
rules:
  - id: merge
    actions: [pull_request.merge]
    effect: require_human
    approval: { id: code, from: { permission: maintain }, by: [review] }
`;
const tests = (expected: string) => `version: 1
cases:
  - name: a label is nobody's business
    override: { action: { kind: issue.label } }
    expect: { effect: ${expected} }
`;

/** A folder of policies with these files. */
async function policiesOf(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await mkdtemp(path('policies-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(made, name), text)));
  return made;
}

async function request(content: unknown): Promise<string> {
  const file = join(await mkdtemp(path('request-')), 'request.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-policy-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('policy evaluate', () => {
  const evaluate = async (files: Readonly<Record<string, string>>, asked: unknown) =>
    assent(
      'evaluate',
      '--policies',
      await policiesOf(files),
      '--request',
      await request(asked),
      '--json',
    );

  it('waits for a human with 3, and prints the verdict and nothing else', async () => {
    const { code, out, err } = await evaluate({ 'a.yml': sound }, merge);
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      effect: 'require_human',
      satisfied: false,
      waiting_for: [{ step: 'code', count: 1, have: 0, from: { permission: 'maintain' } }],
      rules: ['merge'],
    });
  });

  it('is done with 0 once the human has approved', async () => {
    const { code, out } = await evaluate(
      { 'a.yml': sound },
      withEvidence({ reviews: [review('mia', 'approved', '10:00')] }),
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      satisfied: true,
      approvers: [{ login: 'mia', by: 'review', digest: 'c3', step: 'code' }],
    });
  });

  it('denies with 1 where there is no policy', async () => {
    const { code, out } = await evaluate({}, merge);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ effect: 'deny' });
  });

  it('refuses with 2 and tells the faults of policies and request together', async () => {
    const { code, out, err } = await evaluate(
      { 'a.yml': 'version: 1\nrulez: []' },
      { ...merge, evidnce: 1 },
    );
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      error: {
        faults: [
          { line: 2, column: 1, message: expect.stringContaining('rules') },
          { message: expect.stringContaining('evidence') },
        ],
      },
    });
  });

  it('refuses with 2 without its options, and names them', async () => {
    const { code, err } = await assent('evaluate', '--policies', folder);
    expect(code).toBe(2);
    expect(err).toContain('--request');
  });

  it('refuses with 2 what is not there', async () => {
    const { code, err } = await assent(
      'evaluate',
      '--policies',
      path('absent'),
      '--request',
      path('absent.json'),
    );
    expect(code).toBe(2);
    expect(err).toContain('absent');
  });
});

describe('policy check', () => {
  it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    ['is content with 0 where nothing is wrong', { 'a.yml': sound }, 0, /✓ 1 rule in 1 file/],
    [
      'finds a fault with 1, at its place',
      { 'a.yml': 'version: 1\nrulez: []' },
      1,
      /a\.yml:2:1: unknown key "rulez"; did you mean "rules"\?/,
    ],
    [
      'finds what lies below the floor with 1',
      { 'a.yml': 'version: 1\nrules: [{ id: m, actions: [pull_request.merge], effect: allow }]' },
      1,
      /rule m allows pull_request\.merge/,
    ],
    [
      'warns and is content where a rule has no effect',
      { 'a.yml': `${sound}  - { id: x, actions: [issue.label], effect: allow, when: "false" }` },
      0,
      /! .*rule x never applies/,
    ],
    ['cannot tell with 4 where there is nothing to check', { 'readme.md': '' }, 4, /no policy/],
  ])('%s', async (_rule, files, expected, message) => {
    const { code, out } = await assent('check', await policiesOf(files));
    expect(code).toBe(expected);
    expect(out).toMatch(message);
  });

  it('tells of each finding where it stands, and what to do', async () => {
    const files = {
      'a.yml': `${sound}  - id: x
    actions: [issue.label]
    when: >-
      1 == 2
    effect: allow
roles:
  idle: { permission: read }
`,
      'b.yml': `version: 1
rules:
  - id: plan
    actions: [plan.adopt]
    effect: require_human
    approval:
      any:
        - { id: one, from: { permission: write }, by: [label] }
        - { id: two, from: { users: [ada] }, by: [label], count: 2 }
  - { id: open, agents: [contributor], actions: [pull_request.open], effect: allow }
  - { id: merge-too, actions: [pull_request.merge], effect: allow }
`,
    };
    const made = await policiesOf(files);
    const { code, out } = await assent('check', made);
    expect(code).toBe(1);
    expect(out.trim().replaceAll(`${made}/`, '').split('\n')).toEqual([
      expect.stringMatching(
        /^✗ b\.yml:11:\d+: rule merge-too allows pull_request\.merge.*: use require_human/,
      ),
      expect.stringMatching(
        /^! a\.yml:9:\d+: rule x never applies.*; remove the rule, or the condition$/,
      ),
      expect.stringMatching(/^! a\.yml:13:\d+: role idle is used by no rule; remove it$/),
      expect.stringMatching(
        /^! b\.yml:9:\d+: rule plan has a step two that takes 2.*; name more people/,
      ),
      expect.stringMatching(/^! b\.yml:11:\d+: rule merge-too has no effect: rule merge/),
      '1 fault, 4 warnings',
    ]);
    const json: unknown = JSON.parse((await assent('check', made, '--json')).out);
    expect(json).toMatchObject({
      valid: false,
      rules: 5,
      faults: [{ file: join(made, 'b.yml'), line: 11, column: expect.any(Number) }],
      warnings: [{ line: 9 }, { line: 13 }, { line: 9 }, { line: 11 }],
    });
  });

  it('refuses a policy that is a link to somewhere else', async () => {
    const made = await policiesOf({});
    await writeFile(path('elsewhere.yml'), sound);
    await symlink(path('elsewhere.yml'), join(made, 'a.yml'));
    expect(await assent('check', made)).toMatchObject({
      code: 2,
      err: expect.stringContaining('plain file'),
    });
  });

  it('prints one document', async () => {
    const { out } = await assent('check', await policiesOf({ 'a.yml': sound }), '--json');
    expect(JSON.parse(out)).toMatchObject({ valid: true, rules: 1, faults: [], warnings: [] });
  });

  it.each(['src/entrypoints/cli/demo/project/policies'])(
    'is content with those of %s',
    async (dir) => {
      expect(await assent('check', dir)).toMatchObject({
        code: 0,
        out: expect.stringContaining('0 faults, 0 warnings'),
      });
    },
  );

  it('is content with the example of its documentation', async () => {
    const page = await readFile('docs/policies.md', 'utf8');
    const example = /^```yaml\n(version: 1\nname: default\n[\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
    expect(example).toContain('rules:');
    expect(await assent('check', await policiesOf({ 'a.yml': example }))).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 faults, 0 warnings'),
    });
  });

  it("is content with this repository's own", async () => {
    expect(await assent('check', 'policies')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 faults, 0 warnings'),
    });
  });
});

describe('policy test', () => {
  it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    [
      'is content with 0 where every case is as expected',
      { 'a.yml': sound, 'a.test.yml': tests('deny') },
      0,
      /1 of 1 cases are as expected/,
    ],
    [
      'finds with 1 a case that is not',
      { 'a.yml': sound, 'a.test.yml': tests('allow') },
      1,
      /effect is "deny", expected "allow"/,
    ],
    ['cannot tell with 4 where there are no tests', { 'a.yml': sound }, 4, /no tests/],
  ])('%s', async (_rule, files, expected, message) => {
    const { code, out } = await assent('test', await policiesOf(files));
    expect(code).toBe(expected);
    expect(out).toMatch(message);
  });

  it.each<[string, string, RegExp]>([
    [
      'an unknown key',
      `${tests('deny')}    expct: 1`,
      /unknown key "expct"; did you mean "expect"/,
    ],
    [
      'a base nobody wrote',
      tests('deny')
        .replace('override:', 'base: bse\n    override:')
        .replace('cases:', 'requests: { base: {} }\ncases:'),
      /unknown request "bse"; did you mean "base"/,
    ],
    [
      'a file that is not there',
      tests('deny').replace('override:', 'request_file: ../secret.json\n    override:'),
      /no file "\.\.\/secret\.json"/,
    ],
    [
      'a request that is none',
      tests('deny').replace('kind:', 'kin:'),
      /the request is malformed: action: unknown key "kin"; did you mean "kind"/,
    ],
    ['no cases', 'version: 1\ncases: []', /tests nothing/],
  ])('refuses with 2 a test with %s', async (_rule, text, message) => {
    const { code, err } = await assent(
      'test',
      await policiesOf({ 'a.yml': sound, 'a.test.yml': text }),
    );
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('reads requests from files beside the test', async () => {
    const made = await policiesOf({
      'a.yml': sound,
      'r.json': JSON.stringify(merge),
      'a.test.yml':
        'version: 1\ncases: [{ name: x, request_file: r.json, expect: { effect: require_human } }]',
    });
    expect(await assent('test', made)).toMatchObject({ code: 0 });
  });

  it("is content with this repository's own", async () => {
    expect(await assent('test', 'policies')).toMatchObject({ code: 0 });
  });
});
