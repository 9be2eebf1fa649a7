import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../src/adapters/github/github.ts';
import { createLedgerBranch } from '../../../src/adapters/github/ledger-branch.ts';
import { examineSetUp } from '../../../src/composition.ts';
import { report } from '../../../src/entrypoints/cli/commands/doctor/report.ts';
import type { Person } from '../../../src/simulator/simulator.ts';
import {
  seedWidgets,
  startStandAlone,
  type StandAlone,
} from '../../../src/simulator/stand-alone.ts';
import { assentRun } from '../../support/command.ts';

const widgets = '/repos/acme/widgets';

describe('the doctor', () => {
  let alone: StandAlone;
  const folder = mkdtempSync(join(tmpdir(), 'assent-doctor-'));
  beforeAll(async () => {
    alone = await startStandAlone({ strictRequests: true });
    await seedWidgets(alone.simulator);
  });
  afterAll(async () => {
    await alone.simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const access = () => ({
    appId: alone.simulator.app.id,
    privateKey: alone.simulator.app.privateKey,
    baseUrl: alone.simulator.url,
    pace: false,
    retryDelay: 1,
  });
  const sandbox = { kind: 'auto', image: null, users: null } as const;
  const examined = (change: object = {}) =>
    examineSetUp({
      faults: [],
      config: { ...access(), databaseUrl: null, folder, sandbox, model: null, ...change },
      repository: 'acme/widgets',
      live: false,
      programs: async () => ({ node: 'v24', git: 'git version 2.39.5', ripgrep: 'ripgrep 13' }),
      events: ['issues', 'push'],
    });
  const said = async (about: RegExp) =>
    (await examined())
      .filter(({ message }) => about.test(message))
      .map(({ state, message }) => `${state} ${message}`);
  const as = (person: Person, method: string, path: string, body?: object) =>
    alone.simulator.as(person)(method, path, body);

  it('sees what a repository of its own has and lacks', async () => {
    expect(await said(/^GitHub knows it/u)).toEqual(['fine GitHub knows it as assent']);
    expect(await said(/^policies:/u)).toEqual([
      'fault policies: there is none, so everything is denied',
    ]);
    expect(await said(/^main:/u)).toHaveLength(2);
    expect(await said(/^assent\/ledger:/u)).toEqual([expect.stringContaining('will be open')]);
  });

  it('the ruleset it asks for lets Assent write its ledger, and nobody else', async () => {
    const github = createGitHub(access());
    const [ref] = await github.repositories();
    if (ref === undefined) throw new Error('the App is installed nowhere');
    const ledger = createLedgerBranch(github.contextOf(ref), 'assent/ledger');
    const write = async (expected: string | null) =>
      ledger.commit({
        expected,
        files: [{ path: '.ai_metadata/queue.json', content: String(expected) }],
        subject: 'ledger: x [skip ci]',
        body: '',
      });
    const first = await write(null);
    if (!first.ok) throw new Error(first.refusal.message);
    expect(await said(/^assent\/ledger:/u)).toEqual([
      expect.stringContaining('whoever may write can write there too'),
    ]);

    const made = await as('owner', 'POST', `${widgets}/rulesets`, {
      name: 'The ledger',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/assent/ledger'], exclude: [] } },
      rules: [{ type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
      bypass_actors: [
        { actor_id: access().appId, actor_type: 'Integration', bypass_mode: 'always' },
      ],
    });
    expect(made.status).toBe(201);
    expect(await said(/^assent\/ledger:/u)).toEqual([expect.stringMatching(/^fine/u)]);

    expect((await write(first.value)).ok).toBe(true);
    const main = await as('owner', 'GET', `${widgets}/git/ref/heads/main`);
    const { sha } = (main.body as { object: { sha: string } }).object;
    for (const person of ['writer', 'owner'] as const) {
      const forced = { sha, force: true };
      const path = `${widgets}/git/refs/heads/assent/ledger`;
      expect((await as(person, 'PATCH', path, forced)).status).toBe(422);
      expect((await as(person, 'DELETE', path)).status).toBe(422);
    }
    await alone.simulator.idle();
    expect(alone.validator.report().mismatches).toEqual([]);
  });

  it('reads policies and configuration as the default branch has them', async () => {
    const put = (path: string, text: string) =>
      as('owner', 'PUT', `${widgets}/contents/${path}`, {
        message: path,
        content: Buffer.from(text).toString('base64'),
      });
    await put(
      'policies/default.yml',
      'version: 1\nname: default\nrules:\n  - { id: t, actions: [issue.label], effect: allow }\n',
    );
    await put('.github/assent.yml', 'version: 1\nledgr: {}\n');
    expect(await said(/^policies:/u)).toEqual(['fine policies: 1 rule in force']);
    expect(await said(/assent\.yml/u)).toEqual([expect.stringMatching(/^fault .*ledgr.*ledger/su)]);
  });

  it('says that a key is of no App that GitHub knows, and asks no more', async () => {
    const findings = await examined({ appId: 999 });
    expect(findings.filter(({ area }) => area === 'app')).toMatchObject([{ state: 'fault' }]);
    expect(findings.some(({ area }) => area === 'repository')).toBe(false);
  });

  it('does not take GitHub’s silence for health', async () => {
    const findings = await examined({ baseUrl: 'http://127.0.0.1:9' });
    expect(findings.filter(({ area }) => area === 'app')).toMatchObject([{ state: 'unknown' }]);
  });

  it('says of a database that nothing answers where it was looked for', async () => {
    const findings = await examined({ databaseUrl: 'postgres://u:secret@127.0.0.1:9/assent' });
    const [database] = findings.filter(({ area }) => area === 'database');
    expect(database).toMatchObject({ state: 'fault' });
    expect(database?.message).toContain('127.0.0.1:9/assent');
    expect(database?.message).not.toContain('secret');
  });

  it('gives each thing that is not fine a remedy, in lines of eighty columns', async () => {
    const findings = await examined();
    const remedied = findings.filter(({ state }) => state !== 'fine');
    expect(remedied.every(({ remedy }) => remedy !== null && remedy !== '')).toBe(true);
    expect(report(findings).lines.filter((line) => line.length > 79)).toEqual([]);
  });

  it('is a command: 1 with faults, all of the environment at once', async () => {
    const running = assentRun(['doctor', '--json'], { WEBHOOK_SECRET: 'short' });
    expect(await running.exit).toBe(1);
    const { findings } = JSON.parse(running.out()) as {
      findings: { area: string; about: string }[];
    };
    expect(findings.filter(({ area }) => area === 'environment').map(({ about }) => about)).toEqual(
      ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET'],
    );
  });
});
