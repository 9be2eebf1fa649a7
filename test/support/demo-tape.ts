import type { TapeEntry } from '../../src/adapters/openai/tape.ts';
import { contributions, governance, reviews, triages, type Turn } from './demo-answers.ts';

const model = 'demo-tape-1';
/** Tokens are counted as a service would count them, roughly. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

function answered(key: string, turn: Turn): TapeEntry {
  const tool_calls =
    typeof turn === 'string'
      ? undefined
      : turn.map(({ tool, input }, index) => ({
          id: `call_${key.replaceAll('/', '_')}_${index}`,
          type: 'function',
          function: { name: tool, arguments: JSON.stringify(input) },
        }));
  const content = typeof turn === 'string' ? turn : null;
  const completion_tokens = tokens(content ?? JSON.stringify(tool_calls));
  const prompt_tokens = key.startsWith('contributor') ? 3_200 : 1_800;
  return {
    key,
    request_digest: null,
    status: 200,
    response: {
      id: `chatcmpl-${key.replaceAll('/', '-')}`,
      object: 'chat.completion',
      created: 1_764_000_000,
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, ...(tool_calls ? { tool_calls } : {}) },
          finish_reason: tool_calls ? 'tool_calls' : 'stop',
        },
      ],
      usage: {
        prompt_tokens,
        completion_tokens,
        total_tokens: prompt_tokens + completion_tokens,
      },
    },
  };
}

/** The model goes away in the midst of this contribution, twice, and comes back. */
export const outage: TapeEntry = {
  key: 'contributor/issue-4/0/1',
  request_digest: null,
  status: 503,
  times: 2,
  retry_after_seconds: 1,
  response: {
    error: {
      message: 'The model is overloaded. Try again later.',
      type: 'server_error',
      code: null,
      param: null,
    },
  },
};

/** The hand-written answers as tape entries without digests. */
export function scriptedEntries(): readonly TapeEntry[] {
  const { flips, ...account } = governance;
  const governed = answered(
    'governor/cycle-1/0/0',
    JSON.stringify({
      flips: flips.map(({ line, to, issue }) => ({ line, to, evidence: [`{{issue-${issue}}}`] })),
      ...account,
    }).replace(/"(\{\{issue-\d+\}\})"/g, '$1'),
  );
  return [
    ...Object.entries(triages).map(([issue, answer]) =>
      answered(`triager/issue-${issue}/0/0`, JSON.stringify(answer)),
    ),
    ...Object.entries(contributions).flatMap(([run, turns]) =>
      turns.map((turn, index) => answered(`contributor/${run}/${index}`, turn)),
    ),
    ...Object.entries(reviews).map(([run, answer]) =>
      answered(`reviewer/${run}/0`, JSON.stringify(answer)),
    ),
    {
      ...governed,
      bind: Object.fromEntries(
        flips.map(({ issue }) => [
          `issue-${issue}`,
          `pull request (\\d+)">\\n[^\\n]*\\nissue: ${issue};`,
        ]),
      ),
    },
  ];
}
