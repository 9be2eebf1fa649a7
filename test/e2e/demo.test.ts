import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../../src/entrypoints/cli/command.ts';
import { simulateCommand } from '../../src/entrypoints/cli/commands/policy/simulate.ts';
import { verify } from '../../src/entrypoints/cli/commands/history/verify.ts';
import { demoDocument, type DemoDocument } from '../../src/entrypoints/cli/demo/document.ts';
import { demoIssues } from '../../src/entrypoints/cli/demo/issues.ts';
import { damages, type Damage, type LedgerFiles } from '../support/ledger-damage.ts';
import { assentRun, npmRun, type Running } from '../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'assent-e2e-demo-'));
const out = join(folder, 'out');
let demo: Running;
let document: DemoDocument;

/** Once for all: what a newcomer runs, and what it left. */
beforeAll(async () => {
  demo = npmRun('demo', ['--once', '--json', '--out', out]);
  await demo.exit;
  document = demoDocument.parse(JSON.parse(demo.out()));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', join(out, 'repository.git'), ...args], { encoding: 'utf8' }).trim();

describe('npm run demo -- --once --json --out DIR', () => {
  it('ends with 0, having written one document and nothing else on standard output', async () => {
    expect(await demo.exit, demo.err()).toBe(0);
    expect(JSON.parse(demo.out())).toEqual(
      JSON.parse(readFileSync(join(out, 'demo.json'), 'utf8')),
    );
  });

  it('says where the page is, and that a tape answers for the model', () => {
    expect(demo.err()).toMatch(/The demo's page: +http:\/\/127\.0\.0\.1:\d+\//);
    expect(demo.err()).toContain("model's answers come from a tape");
    expect(document.model).toBe('tape');
  });

  it.each([
    'strangers_label_counts_for_nothing',
    'change_request_reworked',
    'push_ends_approval',
    'model_outage_waits_and_goes_on',
    'duplicate_issue_is_not_worked_on',
    'roadmap_changes_only_with_a_human',
    'duplicate_delivery_dropped',
  ])('shows %s', (name) => {
    expect(document.scenes.find((scene) => scene.name === name)).toMatchObject({ held: true });
  });

  it('holds every scene it shows', () => {
    expect(document.scenes.filter(({ held }) => !held)).toEqual([]);
  });

  it('merges five issues and closes one cycle with them', () => {
    const merged = document.items.filter(({ kind, merged: is }) => kind === 'issue' && is);
    expect(merged.map(({ title }) => title)).toEqual(
      demoIssues.filter(({ expected }) => expected === 'plan').map(({ title }) => title),
    );
    expect(document.merges).toBe(5);
    expect(document.cycles).toHaveLength(1);
    expect(document.cycles[0]?.pull_requests).toEqual(merged.map((item) => item.pull_request));
  });

  it('goes through every stage, and back to the contribution where changes were requested', () => {
    const stagesOf = (id: string) => document.items.find((item) => item.id === id)?.stages;
    const straight = ['triage', 'plan', 'contribution', 'review', 'merge'];
    expect(stagesOf('issue-1')).toEqual(straight);
    expect(stagesOf('issue-2')).toEqual([...straight, 'contribution', 'review', 'merge']);
    expect(stagesOf('issue-3')).toEqual([...straight, 'review', 'merge']);
    expect(stagesOf('cycle-1')).toEqual(['roadmap', 'merge']);
  });

  it('merges nothing whose head a human did not approve: the second parent of each merge', () => {
    const merges = git('log', '--first-parent', '--merges', '--format=%P %s', 'main').split('\n');
    expect(merges).toHaveLength(6);
    for (const line of merges) {
      const [, head = '', ...subject] = line.split(' ');
      const number = Number(/\(#(\d+)\)$/.exec(subject.join(' '))?.[1]);
      const item = document.items.find((one) => one.pull_request === number);
      const approvals = item?.approvals.filter(({ gate }) => gate !== 'plan.adopt') ?? [];
      const inForce = approvals.filter(({ ended, digest }) => ended === null && digest === head);
      expect(
        inForce.map(({ login }) => login),
        line,
      ).toContain('maintainer');
    }
  });

  it('lets nothing else reach the default branch', () => {
    const commits = git('log', '--first-parent', '--format=%P', 'main').split('\n');
    // Six merges, on the one commit that the demo began with (whose line has no parent).
    expect(commits.map((parents) => parents.split(' ').length)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(git('rev-list', '--count', '--first-parent', 'main')).toBe('7');
  });

  it("ends the maintainer's approval by the push, and takes the owner's beside a new one", () => {
    const approvals = document.items
      .find(({ id }) => id === 'issue-3')
      ?.approvals.filter(({ gate }) => gate === 'pull_request.merge');
    expect(approvals?.map(({ login, ended }) => [login, ended === null])).toEqual(
      expect.arrayContaining([
        ['maintainer', false],
        ['owner', true],
        ['maintainer', true],
      ]),
    );
    expect(new Set(approvals?.map(({ digest }) => digest)).size).toBe(2);
  });

  it("changes ROADMAP.md by the merge of the roadmap's pull request alone", () => {
    const changing = git('log', '--first-parent', '--format=%s', 'main', '--', 'ROADMAP.md');
    const [cycle] = document.cycles;
    expect(changing.split('\n')).toEqual([
      expect.stringContaining(`(#${cycle?.pull_request})`),
      'Initial commit',
    ]);
    const changed = git('diff', '--numstat', 'main~1', 'main', '--', 'ROADMAP.md').split('\t');
    expect(Math.max(Number(changed[0]), Number(changed[1]))).toBe(cycle?.roadmap_lines_changed);
    expect(document.roadmap_diff).toContain('+| CSV fields in quotes | Done |');
  });

  it('drops what GitHub delivered twice, and refuses nothing of it', () => {
    expect(document.deliveries.duplicates).toBeGreaterThan(0);
    expect(document.deliveries.refused).toBe(0);
    expect(document.deliveries.received).toBeGreaterThan(document.deliveries.handled);
  });

  it("exchanges nothing with the simulated GitHub that GitHub's own description does not have", () => {
    expect(document.validation.mismatches).toEqual([]);
    expect(document.validation.requests).toBeGreaterThan(100);
    expect(document.validation.webhooks).toBeGreaterThan(100);
  });

  it.each([
    ['verify', /^The history holds: /],
    ['replay', /queue\.json/],
  ])('leaves a ledger that history %s answers with 0', async (command, says) => {
    const run = assentRun(['history', command, join(out, 'ledger')]);
    expect(await run.exit, run.err()).toBe(0);
    expect(run.out()).toMatch(says);
  });

  it('tells the ledger that was left: its head, its commits', () => {
    const subject = git('rev-list', '--count', 'assent/ledger');
    expect(document.commits).toBe(Number(subject));
    const queue: unknown = JSON.parse(
      readFileSync(join(out, 'ledger/.ai_metadata/queue.json'), 'utf8'),
    );
    expect(queue).toMatchObject({
      sequence: document.ledger.sequence,
      hash: document.ledger.hash,
    });
    expect(document.ledger).toMatchObject({ verification: 'valid', replay_is_identical: true });
  });
});

/** Of the list for a made ledger, those that speak of its words or of its two segments; here they are made anew. */
const ofTheMadeLedger = new Set([
  'a title edited in place',
  'half a character, which no UTF-8 can hold',
  'data nested deeper than any reader goes',
  'the end cut off, queue.json left as it was',
  'the last segment missing',
  'the whole history forged, queue.json left as it was',
]);

const lastSegment = (files: LedgerFiles): string =>
  [...files.keys()]
    .filter((path) => path.endsWith('.jsonl'))
    .toSorted()
    .at(-1) ?? '';

describe("the demo's ledger under other policies", () => {
  const own = readFileSync(
    join(import.meta.dirname, '../../src/entrypoints/cli/demo/project/policies/default.yml'),
    'utf8',
  );
  const first = '{ id: code, from: { roles: [maintainer] }, count: 1';
  const merges = (differences: readonly Tried[]) =>
    new Set(
      differences.filter(({ action }) => action === 'pull_request.merge').map(({ item }) => item),
    );

  it('is what it was under its own', async () => {
    expect(await triedWith(own)).toMatchObject({ differences: [], could_not_tell: [] });
  });

  it('waits at each merge that had one approval, where two are asked for', async () => {
    const { differences, totals } = await triedWith(
      own.replace(first, first.replace('count: 1', 'count: 2')),
    );
    expect(totals).toMatchObject({ newly_allowed: 0, newly_denied: 0 });
    // The fifth had the owner's beside the maintainer's.
    expect(merges(differences).size).toBe(4);
    expect(differences[0]?.would_be.waiting_for).toMatchObject([
      { step: 'code', count: 2, have: 1 },
    ]);
  });

  it('is denied its merges, where the rule for them is gone', async () => {
    const gone = own.replace('actions: [pull_request.merge]', 'actions: [pull_request.close]');
    const { differences, totals } = await triedWith(gone);
    expect(totals).toMatchObject({ newly_allowed: 0, newly_waiting: 0 });
    expect(merges(differences).size).toBe(5);
  });
});

interface Tried {
  readonly item: string;
  readonly action: string;
  readonly would_be: { readonly waiting_for: readonly unknown[] };
}

async function triedWith(policy: string) {
  const policies = mkdtempSync(join(folder, 'policies-'));
  writeFileSync(join(policies, 'default.yml'), policy);
  const ledger = join(out, 'ledger');
  const lines: string[] = [];
  const terminal: Terminal = {
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    interactive: false,
  };
  expect(await simulateCommand({ policies, ledger, json: true }, terminal)).toBe(0);
  const tried: { differences: Tried[]; could_not_tell: unknown[]; totals: object } = JSON.parse(
    lines.join('\n'),
  );
  return tried;
}

/** In whichever segment has it. */
const edit = (find: string, put: string) => (files: LedgerFiles) => {
  const path = [...files.keys()]
    .filter((one) => one.endsWith('.jsonl'))
    .toSorted()
    .find((one) => files.get(one)?.includes(find));
  if (path !== undefined) files.set(path, files.get(path)?.replace(find, put) ?? '');
};

const made: readonly Pick<Damage, 'name' | 'harm' | 'code'>[] = [
  {
    name: 'a title edited in place',
    harm: edit('Commas inside quotes', 'Commas outside quotes'),
    code: 'hash.mismatch',
  },
  {
    name: 'an approval in the name of another',
    harm: edit('"login":"maintainer"', '"login":"stranger"'),
    code: 'hash.mismatch',
  },
  {
    name: 'the end cut off, queue.json left as it was',
    harm: (files) => {
      const path = lastSegment(files);
      const lines = (files.get(path) ?? '').split('\n');
      files.set(path, `${lines.slice(0, -3).join('\n')}\n`);
    },
    code: 'queue.ahead',
  },
  {
    name: 'the last segment missing',
    harm: (files) => void files.delete(lastSegment(files)),
    code: 'queue.ahead',
  },
];

const here = [...damages.filter(({ name }) => !ofTheMadeLedger.has(name)), ...made];

describe("the demo's ledger, damaged", () => {
  it.each(here)('is found to be: $name', async (damage) => {
    const copy = mkdtempSync(join(folder, 'damaged-'));
    cpSync(join(out, 'ledger'), copy, { recursive: true });
    harm(copy, damage);
    const { code, findings } = await verified(copy);
    expect(code).toBe(1);
    expect(findings.map((finding) => finding.code)).toContain(damage.code);
  });

  it('is found to be, by its commits: cut off with a queue.json to fit', async () => {
    const copy = join(folder, 'shortened');
    execFileSync('git', ['clone', '--quiet', join(out, 'ledger'), copy]);
    const inCopy = (...args: readonly string[]) => execFileSync('git', ['-C', copy, ...args]);
    // Gone first: a segment that was begun since would stay, and be a gap.
    rmSync(join(copy, '.ai_metadata'), { recursive: true });
    inCopy('checkout', '--quiet', 'HEAD~3', '--', '.ai_metadata', 'INTERNAL_LOG.md');
    const { code, findings } = await verified(copy);
    expect(code).toBe(1);
    expect(findings.map((finding) => finding.code)).toContain('anchor.beyond');
  });
});

function harm(copy: string, damage: Pick<Damage, 'harm'>): void {
  const before = filesOf(copy);
  const files: LedgerFiles = new Map(before);
  damage.harm(files);
  expect(files, 'the damage changes something').not.toEqual(before);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), content);
  }
  for (const path of before.keys()) if (!files.has(path)) rmSync(join(copy, path));
}

const filesOf = (root: string): LedgerFiles =>
  new Map(
    readdirSync(join(root, '.ai_metadata'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]),
  );

async function verified(path: string): Promise<{
  readonly code: number;
  readonly findings: readonly { readonly code: string }[];
}> {
  const lines: string[] = [];
  const terminal: Terminal = {
    out: (line) => void lines.push(line),
    err: () => {},
    interactive: false,
  };
  const code = await verify(path, { json: true }, terminal);
  return { code, findings: JSON.parse(lines.join('\n')).findings };
}
