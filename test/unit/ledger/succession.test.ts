import { describe, expect, it } from 'vitest';
import { renderSuccession, type Succession } from '../../../src/domain/ledger/succession.ts';
import { initialState, type GovernanceState } from '../../../src/domain/work-item/state.ts';

const nothing: Succession = { cycle: 3, merges: [], decided: [], risks: [], drift: [], next: [] };
const rendered = (state: Partial<GovernanceState>, left: Partial<Succession> = {}): string =>
  renderSuccession({ ...initialState, ...state }, { ...nothing, ...left }).join('\n');

describe('whoever takes over is told where to begin', () => {
  const intent = {
    key: 'k',
    kind: 'branch.push' as const,
    item: 'issue-1',
    payload: {},
    attempts: 1,
    not_before: null,
    uncertain: true,
  };
  it.each([
    ['nothing waits', rendered({}), '1. Nothing waits for a person'],
    [
      'what is halted comes first',
      rendered({
        control: { halted: { by: 'ann', reason: 'x', at: '' }, disabled_agents: [] },
        intents: { k: intent },
      }),
      '1. Everything is halted by `ann`: find out whether it may go on, then `/assent resume`.\n2. Look at the act that nobody',
    ],
    [
      'then the roadmap, begun rows first as given',
      rendered({}, { next: [{ line: 7, text: 'Hold', status: 'in_progress' }] }),
      '1. On the roadmap: `Hold` (line 7, in progress).',
    ],
    [
      'what drifted',
      rendered({}, { drift: [{ kind: 'docs', path: 'a.md', line: 2, text: 'names `x`' }] }),
      '- `a.md` line 2: names `x`',
    ],
    [
      'what was merged, and why',
      rendered(
        {},
        {
          merges: [
            { pull_request: 7, title: 'T', approvals: ['ann by review'], plan: 'Hold them' },
          ],
        },
      ),
      '- Merged pull request 7 `T`, approved by `ann by review`; its plan: `Hold them`',
    ],
    [
      'what could not be told is not called none',
      rendered({}, { drift: null }),
      'It could not be told.',
    ],
  ])('%s', (_, text, expected) => {
    expect(text).toContain(expected);
  });

  it('text of others acts nowhere', () => {
    const evil = '`](https://evil.example) <b> @ann';
    const text = rendered(
      {},
      {
        merges: [{ pull_request: 7, title: evil, approvals: [evil], plan: evil }],
        risks: [evil],
        drift: [{ kind: 'docs', path: evil, line: null, text: evil }],
        next: [{ line: 1, text: evil, status: 'planned' }],
      },
    );
    expect(text.replaceAll(/``? ?[^\n]*? ?``?/g, '')).not.toMatch(
      /(?<!\\)\]\(|(?<!\\)<b>|(?<!\\)@ann/,
    );
  });
});
