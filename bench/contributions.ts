/**
 * Turns and tokens of a contribution: the demo's tasks, their recorded answers played through the real contributor, git and steps.
 * Turns and output are the tape's; input is counted from what was really asked (four characters a token), the whole conversation
 * each turn, as a service without a cache would bill it. Run: npx node bench/contributions.ts
 */
import { join } from 'node:path';
import { createOpenAiModel } from '../src/adapters/openai/language-model.ts';
import { readTape, replay, type Transport } from '../src/adapters/openai/tape.ts';
import { demoIssues } from '../src/entrypoints/cli/demo/issues.ts';
import { setDemoTable } from '../test/support/demo-play.ts';

const tape = join(import.meta.dirname, '../src/entrypoints/cli/demo/tape/tape.jsonl');
// Its outage is about waiting, not about work.
const entries = readTape(tape).filter(({ status }) => status === 200);
const answer = replay(entries);
let characters = 0;
const counting: Transport = (call, body, send) => {
  characters += body.length;
  return answer(call, body, send);
};

const table = await setDemoTable(
  createOpenAiModel({
    apiKey: null,
    baseUrl: 'http://127.0.0.1:9/v1',
    model: 'demo-tape-1',
    transport: counting,
  }),
);
try {
  const rows = [];
  for (const { number, title, expected } of demoIssues) {
    await table.triage(number);
    if (expected !== 'plan') continue;
    let head = table.base;
    for (let round = 0; hasRound(number, round); round += 1) {
      characters = 0;
      const started = performance.now();
      const outcome = await table.contribute(number, round, head);
      const ms = Math.round(performance.now() - started);
      const { requests: turns, output_tokens: out } = outcome.usage;
      rows.push({
        task: `${title} (${round})`,
        end: outcome.kind,
        turns,
        in: Math.round(characters / 4),
        out,
        ms,
      });
      if (outcome.kind !== 'proposal') break;
      head = outcome.proposal.commit;
    }
  }
  console.table(rows);
} finally {
  await table.close();
}

function hasRound(issue: number, round: number): boolean {
  return entries.some(({ key }) => key.startsWith(`contributor/issue-${issue}/${round}/`));
}
