import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const node = (...args: readonly string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(process.execPath, args, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

/** The command line as a user starts it. */
const assent = (...args: readonly string[]) =>
  node('src/entrypoints/cli/main.ts', 'policy', ...args);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-proof-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function policiesOf(text: string): Promise<string> {
  const made = await mkdtemp(join(folder, 'policies-'));
  await writeFile(join(made, 'a.yml'), text);
  return made;
}

const merging = (approval: string) => `version: 1
rules:
  - id: label
    actions: [issue.label]
    effect: allow
  - id: merge
    actions: [pull_request.merge]
    effect: require_human
    approval: ${approval}
`;
const unsound = merging(
  `{ id: code, from: { permission: maintain }, when: '!pull_request.files.all(f, f.path.startsWith("docs/"))' }`,
);

describe('policy prove', () => {
  it('is content with 0 with the policies of this repository', async () => {
    const { code, out, err } = await assent('prove', 'policies');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^✓ .*: proved$/gm)).toHaveLength(4);
  });

  it('finds a counterexample with 1, names the rule and its line, and saves a request that evaluates', async () => {
    const policies = await policiesOf(unsound);
    const saved = join(folder, 'counterexamples');
    const { code, out } = await assent('prove', policies, '--out', saved);
    expect(code).toBe(1);
    expect(out).toContain(`by rule merge (${join(policies, 'a.yml')}:6), where`);
    expect(out).toContain('pull_request.files[0].path: "docs/"');
    const file = join(saved, 'pull_request.merge-as_written.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      action: { kind: 'pull_request.merge' },
    });
    const verdict = await assent('evaluate', '--policies', policies, '--request', file);
    // The floor asks for somebody where the rule does not.
    expect(verdict.code).toBe(3);
    expect(verdict.out).toContain('step code is not asked for');
  });

  it('cannot tell with 4 where a condition is beyond the model', async () => {
    const policies = await policiesOf(
      merging(
        `{ id: code, from: { permission: maintain }, when: 'pull_request.title.split("-").size() != 7' }`,
      ),
    );
    const { code, out } = await assent('prove', policies);
    expect(code).toBe(4);
    expect(out).toMatch(/not provable\n {4}.*the function split/);
  });

  it('prints one document', async () => {
    const { code, out, err } = await assent('prove', await policiesOf(unsound), '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      answer: 'refuted',
      questions: [
        {
          id: 'pull_request.merge/as_written',
          answer: 'refuted',
          rules: ['merge'],
          witness: { verdict: { satisfied: true, approvers: [] } },
        },
        { id: 'pull_request.merge/enforced', answer: 'proved', witness: null },
        { id: 'roadmap.publish/as_written', answer: 'proved' },
        { id: 'roadmap.publish/enforced', answer: 'proved' },
      ],
      places: [{ rule: 'merge', line: 6 }],
    });
  });

  it.each([
    ['malformed policies', () => policiesOf('version: 1\nrulez: []'), /unknown key "rulez"/],
    ['no such folder', () => Promise.resolve(join(folder, 'absent')), /no folder/],
  ])('refuses with 2 %s', async (_what, made, message) => {
    const { code, err } = await assent('prove', await made());
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('policy prove --against', () => {
  const asks = (count: number) =>
    merging(`{ id: code, from: { permission: maintain }, count: ${count} }`);

  it('finds with 1 what is newly allowed, and is content with 0 the other way', async () => {
    const [one, two] = await Promise.all([policiesOf(asks(1)), policiesOf(asks(2))]);
    const loosened = await assent('prove', one, '--against', two, '--json');
    expect(loosened.code).toBe(1);
    expect(JSON.parse(loosened.out)).toMatchObject({
      answer: 'refuted',
      questions: [
        {
          id: 'pull_request.merge/approvals',
          rules: ['merge'],
          witness: { before: { satisfied: false }, after: { satisfied: true } },
        },
      ],
    });
    expect((await assent('prove', two, '--against', one)).code).toBe(0);
    const same = await assent('prove', one, '--against', one);
    expect(same).toMatchObject({ code: 0, out: expect.stringContaining('say the same') });
  });
});

describe('the solver', () => {
  const loaded = (then: string) =>
    node(
      '--input-type=module',
      '-e',
      `import { createRequire } from 'node:module';
       const { policyProver, policySource } = await import('./src/composition.ts');
       await import('./src/entrypoints/cli/commands.ts');
       ${then}
       const files = Object.keys(createRequire(import.meta.url).cache);
       console.log(files.some((file) => file.includes('z3-solver')));`,
    );

  it('is not loaded by the command line, nor by the service', async () => {
    expect((await loaded('policyProver();')).out.trim()).toBe('false');
  });

  it('is loaded by a question, and ends with it', async () => {
    const policies = `version: 1\\nrules: [{ id: m, actions: [pull_request.merge], effect: allow, when: pull_request.draft }]`;
    const ended = await loaded(
      `const prover = policyProver();
       await prover.prove(policySource.load(new Map([['a.yml', "${policies}"]])).value);
       await prover.close();`,
    );
    expect(ended).toMatchObject({ code: 0, out: 'true\n' });
  });
});
