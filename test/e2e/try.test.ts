import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryDocument, type TryDocument } from '../../src/entrypoints/cli/demo/try/document.ts';
import { assentRun, interrupt } from '../support/command.ts';
import { createRepository, type TestRepository } from '../support/git-repository.ts';
import { saying, startModelServer, type ModelServer } from '../support/model-server.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const policy = `version: 1
name: default
roles:
  maintainer: { permission: maintain }
rules:
  - { id: triage, agents: [triager], actions: [issue.label, issue.comment], effect: allow }
  - id: plan
    actions: [plan.adopt]
    effect: require_human
    approval: { id: plan, from: { roles: [maintainer] }, count: 1, by: [label] }
`;
const malformed = policy
  .replace('effect: allow', 'efect: allow')
  .replace('[plan.adopt]', 'plan.adopt, x]');
const triage = {
  duplicates: [],
  missing_information: [],
  labels: [],
  type: 'bug',
  priority: 'normal',
  size: 'small',
  plan: {
    summary: 'Turn more slowly.',
    files: ['README.md'],
    steps: ['Write down how fast it turns.'],
    risks: [],
    tests: ['None: it is words.'],
  },
  comment: 'Thank you.',
};

interface Tried {
  readonly code: number | null;
  readonly err: string;
  readonly document: TryDocument;
}

async function tryOnce(
  path: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Tried> {
  const run = assentRun(['try', path, '--once', '--json', ...args], environment);
  const code = await run.exit;
  return { code, err: run.err(), document: tryDocument.parse(JSON.parse(run.out())) };
}

describe('assent try', () => {
  let repository: TestRepository;
  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository.close());

  describe("on this project's own clone", () => {
    let tried: Tried;
    /** The branches that Assent would make: others work in this checkout while the test runs. */
    const branches = () =>
      execFileSync('git', ['-C', checkout, 'for-each-ref', 'refs/heads/assent', 'refs/pull'], {
        encoding: 'utf8',
      });
    const headOf = () =>
      execFileSync('git', ['-C', checkout, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    let before: string;
    const heads: string[] = [];
    beforeAll(async () => {
      before = branches();
      heads.push(headOf());
      tried = await tryOnce('.');
      heads.push(headOf());
    }, 120_000);

    it('reads its policies, its configuration and its roadmap', () => {
      const { policies, configuration, roadmap, head } = tried.document;
      expect(policies).toMatchObject({ valid: true, faults: [] });
      expect(policies.rules).toBeGreaterThan(5);
      expect(configuration).toMatchObject({ present: true, valid: true, faults: [] });
      expect(roadmap.milestones?.length).toBeGreaterThan(3);
      expect(heads).toContain(head);
    });

    it('files an issue that waits for a model, says why, and ends with 3', () => {
      expect(tried.code, tried.err).toBe(3);
      const [item] = tried.document.items;
      expect(item).toMatchObject({ id: 'issue-1', stage: 'triage' });
      expect(item?.waits_for).toEqual([
        {
          whom: 'a model',
          what: expect.stringContaining('no model is named: set OPENAI_BASE_URL'),
        },
      ]);
    });

    it('writes nothing into it', () => {
      expect(branches()).toBe(before);
    });

    it('says whether steps of it run: in a sandbox or not at all', () => {
      expect(tried.document.steps).toMatch(
        /^Steps of the repository (run in a sandbox: |are not run: no sandbox: )/,
      );
      expect(tried.err).toContain(tried.document.steps);
    });
  });

  describe('on a repository with malformed rules', () => {
    let tried: Tried;
    beforeAll(async () => {
      await repository.commit('malformed', {
        'policies/default.yml': malformed,
        '.github/assent.yml': 'version: 1\nagent: {}\n',
      });
      await repository.write({ 'notes.txt': 'not committed' });
      tried = await tryOnce(repository.path);
    }, 120_000);

    it('names every fault of every file with its place', () => {
      const places = tried.document.policies.faults.map(({ file, line }) => `${file}:${line}`);
      expect(places).toContain('policies/default.yml:6');
      expect(tried.document.configuration.faults).toEqual([
        '.github/assent.yml:2:1: unknown key "agent"; did you mean "agents"?',
      ]);
    });

    it('says what to do, lets the item wait with the reason, and ends with 3', () => {
      const { items, remedies, rules_faults } = tried.document;
      expect(tried.code).toBe(3);
      expect(remedies.join('\n')).toContain('Mend the policies named above');
      expect(rules_faults.join('\n')).toContain('policies/default.yml:6');
      expect(items).toMatchObject([
        { id: 'issue-1', stage: 'triage', waits_for: [{ whom: 'somebody who mends the rules' }] },
      ]);
    });

    it('takes what is committed, and tells what it left', () => {
      expect(tried.document.uncommitted).toBe(1);
      expect(tried.err).toContain('1 uncommitted change is not taken');
    });
  });

  it('says that without policies everything is denied, and what to do about it', async () => {
    const bare = await createRepository();
    await bare.commit('first', { 'README.md': '# Widgets\n' });
    const { code, document } = await tryOnce(bare.path);
    expect(code).toBe(3);
    expect(document.policies).toMatchObject({ valid: true, rules: 0 });
    expect(document.remedies.join('\n')).toContain(
      'everything is denied. Write policies/default.yml',
    );
    expect(document.items[0]?.waits_for[0]?.what).toContain('nothing is allowed');
    await bare.close();
  });

  describe('with a model', () => {
    let model: ModelServer;
    beforeAll(async () => {
      model = await startModelServer();
      model.say(saying(triage));
      await repository.commit('sound', {
        'policies/default.yml': policy,
        '.github/assent.yml': 'version: 1\n',
      });
    });
    afterAll(() => model.close());

    it('on this machine, goes as far as the plan, which waits for a maintainer', async () => {
      const issue = join(repository.directory, 'issue.md');
      writeFileSync(issue, '\n## It turns too fast\n\nFar too fast.\n');
      const { code, document } = await tryOnce(repository.path, ['--issue', issue], {
        OPENAI_BASE_URL: model.url,
      });
      expect(code).toBe(3);
      expect(document.issue.title).toBe('It turns too fast');
      expect(document.model.kind).toBe('live');
      expect(document.items).toMatchObject([
        { stage: 'plan', waits_for: [{ whom: 'the role maintainer', what: 'approve the plan' }] },
      ]);
      expect(JSON.stringify(model.asked[0]?.body)).toContain('Far too fast.');
    });
  });

  it('without --once stays up with its page, and ends with 0 at Ctrl-C', async () => {
    const run = assentRun(['try', repository.path]);
    const [, url = ''] = await run.says(/The page: +(http:\S+)/);
    await run.says(/The page stays up/);
    const page = await (await fetch(url)).text();
    expect(page).toContain('Assent on origin');
    expect(page).toContain('2 rules in 1 file');
    expect(page).toContain('Say in the README how to run the tests');
    interrupt(run);
    expect(await run.exit).toBe(0);
  });

  it('answers wrong usage with 2, and nothing on standard output', async () => {
    const run = assentRun(['try', '.', '--issue', 'none.md']);
    expect(await run.exit).toBe(2);
    expect(run.err()).toContain('none.md: cannot be read (ENOENT)');
    expect(run.out()).toBe('');
  });
});
