import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../../src/adapters/openai/language-model.ts';
import { readTape, replay } from '../../../src/adapters/openai/tape.ts';
import type { ContributionProposal } from '../../../src/agents/contributor/proposal.ts';
import type { CycleMerge } from '../../../src/agents/governor/brief.ts';
import type { AgentOutcome } from '../../../src/agents/outcome.ts';
import { demoIssues } from '../../../src/entrypoints/cli/demo/issues.ts';
import { demoProject, setDemoTable, type DemoTable } from '../../support/demo-play.ts';

const tape = join(demoProject, '../tape/tape.jsonl');
const planned = demoIssues
  .filter(({ expected }) => expected === 'plan')
  .map(({ number }) => number);

const proposalOf = <P>(outcome: AgentOutcome<P>): P => {
  if (outcome.kind !== 'proposal')
    throw new Error(
      `${outcome.kind}: ${outcome.kind === 'waiting' ? outcome.question : outcome.reason}`,
    );
  return outcome.proposal;
};

let table: DemoTable;
const contributions = new Map<number, ContributionProposal>();

beforeAll(async () => {
  table = await setDemoTable(
    createOpenAiModel({
      apiKey: null,
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'tape',
      transport: replay(readTape(tape)),
    }),
  );
});
afterAll(() => table.close());

const nodeTest = () =>
  promisify(execFile)('/bin/sh', ['-c', 'node --test'], {
    cwd: table.origin,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  });

describe("the demo's tape, played through real agents, git and steps", () => {
  it.for(demoIssues)('issue $number gets the answer $expected', async ({ number, expected }) => {
    const proposal = proposalOf(await table.triage(number));
    const got =
      proposal.plan !== null
        ? 'plan'
        : proposal.duplicates.length > 0
          ? 'duplicate'
          : 'missing_information';
    expect(got).toBe(expected);
  });

  it('the contribution to issue 4 meets an outage twice, waits as told, and then goes on', async () => {
    for (const _ of [1, 2])
      expect(await table.contribute(4, 0, table.base)).toMatchObject({
        kind: 'model_unavailable',
        retry_after_seconds: 1,
      });
    expect(await table.contribute(4, 0, table.base)).toMatchObject({ kind: 'proposal' });
  });

  it.for(planned)('the contribution to issue %i passes the steps and closes it', async (number) => {
    const proposal = proposalOf(await table.contribute(number, 0, table.base));
    contributions.set(number, proposal);
    expect(proposal.steps).toMatchObject([{ name: 'test', ok: true }]);
    expect(proposal.body).toContain(`Closes #${number}`);
    expect(await table.mirror.isAncestor(table.base, proposal.commit)).toBe(true);
  });

  it('the contribution to issue 2 is reworked on its own head after a change request', async () => {
    const before = contributions.get(2);
    const proposal = proposalOf(await table.contribute(2, 1, before?.commit ?? ''));
    contributions.set(2, proposal);
    expect(proposal.steps).toMatchObject([{ ok: true }]);
    expect(await table.mirror.isAncestor(before?.commit ?? '', proposal.commit)).toBe(true);
  });

  it.for(planned)(
    'the tests of the contribution to issue %i fail without its source',
    async (number) => {
      const { commit = '' } = contributions.get(number) ?? {};
      await table.git('fetch', '-q', join(table.directory, 'mirror.git'), commit);
      await table.git('checkout', '-q', '--detach', commit);
      await table.git('checkout', '-q', table.base, '--', 'src');
      const ended = nodeTest();
      await expect(ended).rejects.toThrow('Command failed');
      await table.git('reset', '-q', '--hard', 'main');
      await table.git('checkout', '-q', 'main');
    },
  );

  it.for([
    { issue: 1, round: 0 },
    { issue: 2, round: 0 },
    { issue: 2, round: 1 },
    { issue: 3, round: 0 },
    { issue: 4, round: 0 },
    { issue: 5, round: 0 },
  ])(
    'the review of issue $issue, round $round, names only changed lines',
    async ({ issue, round }) => {
      const { commit = '' } = contributions.get(issue) ?? {};
      const proposal = proposalOf(await table.review(issue, round, commit, 10 + issue));
      expect(proposal).toMatchObject({ publish: true, event: 'COMMENT', risk: { level: 'low' } });
      // What has no place in the change would be told in the review's text, and not at a line.
      expect(proposal.comments).toHaveLength(proposal.findings.length);
    },
  );

  it('all five merge without a conflict, and the tests of the whole pass', async () => {
    for (const number of planned) await table.merge(contributions.get(number)?.commit ?? '');
    await expect(nodeTest()).resolves.toBeDefined();
  });

  it('the cycle flips five roadmap items, each on the pull request that did it', async () => {
    const merges = planned.map((number): CycleMerge => ({
      pull_request: 30 - number,
      title: contributions.get(number)?.title ?? '',
      issue: number,
      files: contributions.get(number)?.files ?? [],
      labels: [],
      author: null,
      subjects: [],
      breaks: [],
      merged_at: '2026-11-21T09:00:00Z',
      merge_sha: 'e'.repeat(40),
      revert: `git revert -m 1 ${'e'.repeat(40)}`,
      closes: [],
      reverts: [],
      reverted_by: null,
      approvals: ['maintainer'],
      by: 'agent',
      usage: { input_tokens: 1, output_tokens: 1, usd: null },
    }));
    const proposal = proposalOf(await table.govern(merges));
    expect(proposal.flips.map(({ line, evidence }) => [line, evidence])).toEqual([
      [9, [29]],
      [10, [27]],
      [11, [28]],
      [18, [26]],
      [19, [25]],
    ]);
    expect(proposal.version).toMatchObject({ from: '0.1.0', to: '0.2.0' });
  });
});
