import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../../../src/entrypoints/cli/command.ts';
import { show } from '../../../src/entrypoints/cli/commands/history/show.ts';
import { evaluateCommand } from '../../../src/entrypoints/cli/commands/policy/evaluate.ts';
import { simulateCommand } from '../../../src/entrypoints/cli/commands/policy/simulate.ts';
import { historyOf } from '../../support/decided.ts';
import { merge, review, withEvidence } from '../../support/policy.ts';
import { writeFiles } from '../history/folders.ts';

const asking = (count: number) =>
  `rules: [{ id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }, count: ${count} } }]`;
const approved = withEvidence({ reviews: [review('mia', 'approved', '10:00')] });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assent-simulate-'));
});
afterAll(() => rm(root, { recursive: true }));

const folder = async (files: ReadonlyMap<string, string>) =>
  writeFiles(await mkdtemp(join(root, 'made-')), files);
const policiesOf = (rules: string) => folder(new Map([['a.yml', `version: 1\n${rules}\n`]]));
const ledger = () => folder(historyOf(asking(1), [merge, approved, approved]).files);

async function heard<T>(work: (terminal: Terminal) => Promise<T>) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await work({
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    interactive: false,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const simulate = (rules: string, at: string, more: object = {}) =>
  heard(async (terminal) =>
    simulateCommand({ policies: await policiesOf(rules), ledger: at, ...more }, terminal),
  );

describe('policy simulate', () => {
  it('tells, by item, what would have waited and for whom; the same decision twice once', async () => {
    const { code, out } = await simulate(asking(2), await ledger());
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'Would have waited (2)',
        '  issue-1  Widget 1 is broken',
        '    2026-11-20 10:00:04Z  event 4  pull_request.merge: approved → waiting, rule merge (2 times)',
        '      code: 1 of 2 from maintain permission or more',
        '',
        '3 decisions: 1 the same, 2 otherwise.',
      ].join('\n'),
    );
  });

  it('is one document with --json', async () => {
    const { out, err } = await simulate('rules: []', await ledger(), { json: true });
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      decisions: 3,
      same: 0,
      totals: { newly_allowed: 0, newly_denied: 3, newly_waiting: 0, could_not_tell: 0 },
      differences: [{ sequence: 3 }, { sequence: 4 }, { sequence: 5 }],
    });
  });

  it.each([
    ['the same, as was expected', asking(1), { expectSame: true }, 0],
    ['something differs that was to be the same', asking(2), { expectSame: true }, 1],
    ['nothing could be told', asking(1).replace('permission: maintain', 'teams: [a/b]'), {}, 4],
    ['the policies are malformed', 'rules: 7', {}, 2],
  ])('ends, where %s', async (_, rules, more, exit) => {
    expect((await simulate(rules, await ledger(), more)).code).toBe(exit);
  });

  it('ends with 2 where there is no such history, and with 4 where there is nothing in it', async () => {
    expect((await simulate(asking(1), join(root, 'nowhere'))).code).toBe(2);
    expect((await simulate(asking(1), await folder(new Map([['README.md', '']])))).code).toBe(4);
  });

  it('tries nothing on a history that does not hold', async () => {
    const files = new Map(historyOf(asking(1), [approved]).files);
    for (const [path, text] of files)
      files.set(path, text.replace('"login":"mia"', '"login":"max"'));
    const { code, out, err } = await simulate(asking(2), await folder(files));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('this history does not hold');
  });
});

describe('a past decision', () => {
  it('can be taken out of the history and asked again, with the same answer', async () => {
    const at = await ledger();
    const facts = await heard((terminal) => show(at, null, { facts: 4 }, terminal));
    expect(facts.code).toBe(0);
    const request = join(root, 'request.json');
    await writeFile(request, facts.out);
    const policies = await policiesOf(asking(1));
    const again = await heard((terminal) =>
      evaluateCommand({ policies, request, json: true }, terminal),
    );
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ satisfied: true, approvers: [{ login: 'mia' }] });
  });

  it.each([
    ['is no decision', 1, 2],
    ['is not in the history', 99, 2],
  ])('that %s is not shown', async (_, facts, exit) => {
    const at = await ledger();
    const { code, out, err } = await heard((terminal) => show(at, null, { facts }, terminal));
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toContain(`Event ${facts} is no decision`);
  });
});
