import { describe, expect, it } from 'vitest';
import { isProposing, isReviewing } from '../../../src/domain/work-item/work-in-hand.ts';
import { contributed, mergeAsked, pull, type Tale } from '../../support/machine.ts';

const reviewing = (): Tale => contributed('a').do({ kind: 'start_run', agent: 'reviewer' });
const pushed = (): Tale =>
  reviewing()
    .do({ kind: 'move_head', after: 'b', reason: 'pushed' })
    .do({ kind: 'start_run', agent: 'reviewer' });

describe('what became of a review', () => {
  it.each([
    ['ends the stage where it is of the head in force', reviewing(), 'a', true],
    ['ends none once the head has moved, though a run is in progress again', pushed(), 'a', false],
    ['ends the stage of the head it moved to', pushed(), 'b', true],
    ['ends none before a run is begun', pull('a'), 'a', false],
    ['ends none that is over', mergeAsked(), 'a', false],
  ] as const)('%s', (_, { item }, head, ends) => {
    expect(isReviewing(item, head)).toBe(ends);
  });
});

describe('a pull request that is there', () => {
  it.each([
    ['ends no review', reviewing()],
    ['ends no merge', mergeAsked()],
  ] as const)('%s', (_, { item }) => {
    expect(isProposing(item)).toBe(false);
  });
});
