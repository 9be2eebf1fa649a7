import { describe, expect, it } from 'vitest';
import { inAllRounds, pullRequestMadeWith } from '../../../src/application/decisions/made-with.ts';
import { tierOfWork } from '../../../src/domain/agents/tools.ts';
import { contributed, pull, type Tale } from '../../support/machine.ts';

describe('the tier of what was made', () => {
  it.each([
    ['no tool', [], 'none'],
    ['looking alone', ['list', 'read'], 'read'],
    ['looking and writing', ['write', 'read'], 'write'],
    ['a step that was run', ['read', 'run', 'write'], 'run'],
    ['a model that was reached', ['model', 'run'], 'outward'],
    ['a tool nobody knows', ['read', 'teleport'], 'unknown'],
  ] as const)('is that of the highest tool: %s', (_, tools, tier) => {
    expect(tierOfWork(tools)).toBe(tier);
  });
});

const usage = { input_tokens: 1, output_tokens: 1, usd: null, model: null };

/** A round of the contributor, then one of the reviewer, which makes nothing. */
function rounds(...all: readonly unknown[]): Tale {
  const tale = contributed();
  for (const content of all) {
    tale.do({ kind: 'return_to', stage: 'contribution', reason: 'again' });
    tale.do({ kind: 'start_run', agent: 'contributor' });
    const made = { agent: 'contributor', action: 'pull_request.open' } as const;
    propose(tale, made, content);
    tale.do({ kind: 'complete_stage' }).do({ kind: 'start_run', agent: 'reviewer' });
    propose(tale, { agent: 'reviewer', action: 'review.publish' }, { tools: ['model'] });
    tale.do({ kind: 'complete_stage' });
  }
  return tale;
}

function propose(
  tale: Tale,
  made: { readonly agent: 'contributor' | 'reviewer'; readonly action: string },
  content: unknown,
): void {
  const run = tale.item.run ?? '';
  tale.do({ kind: 'propose', proposal: { ...made, run, digest: 'd', content, usage } });
}

describe('a pull request', () => {
  it.each([
    ['of one round', [{ tools: ['write'] }], ['write'], 'write'],
    [
      'of several has what any of them used',
      [{ tools: ['read', 'run'] }, { tools: ['write'] }],
      ['read', 'run', 'write'],
      'run',
    ],
    ['of a round that did not say', [{ tools: ['read'] }, {}, { tools: ['read'] }], [], 'unknown'],
    ['that says something else', [{ tools: 'all' }], [], 'unknown'],
    ['of before this was recorded', [], [], 'unknown'],
  ] as const)('%s', (_, said, tools, tier) => {
    const { state, item } = rounds(...said);
    expect(pullRequestMadeWith(state, item)).toEqual({ agent: 'contributor', tools, tier });
  });

  it('of a person was made with nothing of ours', () => {
    const { state, item } = pull();
    expect(pullRequestMadeWith(state, item)).toBeNull();
  });

  it('that is about to be pushed again counts this round, too', () => {
    const { state, item } = rounds({ tools: ['run'] });
    expect(inAllRounds(state, item, ['write'])).toEqual(['run', 'write']);
    expect(inAllRounds(state, item, undefined)).toBe('unknown');
  });
});
