import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createGitHub } from '../../../src/adapters/github/github.ts';
import { createLedgerBranch } from '../../../src/adapters/github/ledger-branch.ts';
import type { RequestObservation } from '../../../src/adapters/github/options.ts';
import type { LedgerBranch } from '../../../src/ports/ledger-branch.ts';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import { describeLedgerBranch } from './suite.ts';

let alone: StandAlone;
const observed: RequestObservation[] = [];
beforeAll(async () => {
  alone = await startStandAlone({ strictRequests: true });
  await seedWidgets(alone.simulator);
});
afterAll(() => alone.simulator.close());

let branches = 0;
const connect = async () => {
  const { simulator } = alone;
  const github = createGitHub({
    appId: simulator.app.id,
    privateKey: simulator.app.privateKey,
    baseUrl: simulator.url,
    pace: false,
    retryDelay: 10,
    onRequest: (observation) => observed.push(observation),
  });
  const [ref] = await github.repositories();
  if (ref === undefined) throw new Error('the App is installed nowhere');
  branches += 1;
  return { github, ref, name: `assent/ledger-${branches}` };
};

const makeBranch = async (): Promise<LedgerBranch> => {
  const { github, ref, name } = await connect();
  return createLedgerBranch(github.contextOf(ref), name);
};

describeLedgerBranch('on GitHub, simulated', makeBranch);

describe('the ledger on GitHub', () => {
  it('costs one request a commit, and reads only what is new', async () => {
    const branch = await makeBranch();
    const file = (path: string, content: string) => ({ path: `.ai_metadata/${path}`, content });
    const commit = { subject: 'ledger: x [skip ci]', body: '' };
    const closed = file('history/000001.jsonl', '{"closed":1}\n');
    const first = await branch.commit({
      ...commit,
      expected: null,
      files: [closed, file('queue.json', '1')],
    });
    if (!first.ok) throw new Error(first.refusal.message);
    await branch.read(first.value);
    observed.length = 0;
    const second = await branch.commit({
      ...commit,
      expected: first.value,
      files: [file('queue.json', '2')],
    });
    if (!second.ok) throw new Error(second.refusal.message);
    expect(observed.map(({ route }) => route)).toEqual(['/graphql createCommitOnBranch']);
    observed.length = 0;
    expect([...(await branch.read(second.value)).values()]).toEqual(['{"closed":1}\n', '2']);
    expect(observed.map(({ route }) => route).filter((r) => r.includes('/blobs/'))).toHaveLength(1);
  });

  it('is never deleted, whatever its branch is called', async () => {
    const { github, ref, name } = await connect();
    const branch = createLedgerBranch(github.contextOf(ref), name);
    const file = { path: '.ai_metadata/queue.json', content: '1' };
    const begun = await branch.commit({ expected: null, files: [file], subject: 's', body: '' });
    expect(await github.repository(ref).deleteBranch(name)).toMatchObject({
      refusal: { code: 'branch.kept' },
    });
    expect(begun).toEqual({ ok: true, value: await branch.head() });
  });

  it('was as GitHub describes it', () => {
    expect(alone.validator.report().mismatches).toEqual([]);
  });
});
