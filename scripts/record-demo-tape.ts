/**
 * Writes the demo's tape: plays the hand-written answers of test/support/demo-answers.ts through the real agents, git and
 * steps, and records what passed. Run it after a change of prompts, answers or the demo's project: node scripts/record-demo-tape.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAiModel } from '../src/adapters/openai/language-model.ts';
import { readTape, recordTo, replay, type TapeEntry } from '../src/adapters/openai/tape.ts';
import type { AgentOutcome } from '../src/agents/outcome.ts';
import { demoIssues } from '../src/entrypoints/cli/demo/issues.ts';
import { setDemoTable } from '../test/support/demo-play.ts';
import { outage, scriptedEntries } from '../test/support/demo-tape.ts';

const tape = join(import.meta.dirname, '../src/entrypoints/cli/demo/tape/tape.jsonl');
const scratch = mkdtempSync(join(tmpdir(), 'assent-tape-'));
const recorded = join(scratch, 'recorded.jsonl');
const script = scriptedEntries();
const answer = replay(script);
const record = recordTo(recorded);

const table = await setDemoTable(
  createOpenAiModel({
    apiKey: null,
    baseUrl: 'http://127.0.0.1:9/v1',
    model: 'demo-tape-1',
    transport: (call, body, send) => record(call, body, () => answer(call, body, send)),
  }),
);
try {
  for (const { number } of demoIssues) proposalOf(`triage ${number}`, await table.triage(number));
  const merges = [];
  for (const { number } of demoIssues.filter(({ expected }) => expected === 'plan')) {
    let round = 0;
    let head = table.base;
    for (;;) {
      head = proposalOf(
        `contribution ${number}/${round}`,
        await table.contribute(number, round, head),
      ).commit;
      proposalOf(`review ${number}/${round}`, await table.review(number, round, head, 10 + number));
      round += 1;
      if (!script.some(({ key }) => key.startsWith(`contributor/issue-${number}/${round}/`))) break;
    }
    merges.push({
      pull_request: 10 + number,
      title: 'A change',
      issue: number,
      files: [],
      labels: [],
      author: null,
      subjects: [],
      breaks: [],
      merged_at: '2026-11-21T09:00:00Z',
      merge_sha: await table.merge(head),
      revert: null,
      closes: [],
      reverts: [],
      reverted_by: null,
      approvals: [],
      by: 'agent' as const,
      usage: { input_tokens: 0, output_tokens: 0, usd: null },
    });
  }
  proposalOf('governance', await table.govern(merges));
  writeFileSync(
    tape,
    `${finished(readTape(recorded))
      .map((entry) => JSON.stringify(entry))
      .join('\n')}\n`,
  );
} finally {
  await table.close();
  rmSync(scratch, { recursive: true, force: true });
}

function proposalOf<P>(what: string, outcome: AgentOutcome<P>): P {
  if (outcome.kind !== 'proposal')
    throw new Error(
      `${what}: ${outcome.kind}: ${outcome.kind === 'waiting' ? outcome.question : outcome.reason}`,
    );
  return outcome.proposal;
}

/** Without the requests, which repeat the whole conversation each turn; bound answers as written; the outage before its answer. */
function finished(entries: readonly TapeEntry[]): readonly TapeEntry[] {
  return entries.flatMap(({ request: _request, ...entry }) => {
    const written = script.find(({ key }) => key === entry.key);
    const later = entry.key.startsWith('contributor/') ? {} : { later_rounds: true as const };
    const bound = written?.bind
      ? { ...entry, ...later, request_digest: null, bind: written.bind, response: written.response }
      : { ...entry, ...later };
    return entry.key === outage.key ? [outage, bound] : [bound];
  });
}
