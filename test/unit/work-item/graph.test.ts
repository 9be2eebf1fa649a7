import { describe, expect, it } from 'vitest';
import { decide, decideUnder } from '../../../src/domain/work-item/decide.ts';
import type { EventType } from '../../../src/domain/work-item/event.ts';
import { checkLegality, checkStep, type Law } from '../../../src/domain/work-item/legality.ts';
import { walk } from '../../support/machine-walk.ts';
import { cycle, issue, pull, type Tale } from '../../support/machine.ts';

const kinds: readonly (readonly [string, () => Tale])[] = [
  ['an issue', issue],
  ['a pull request', pull],
  ['a cycle', cycle],
];

/** The law with the authority of these events left unchecked: a machine somebody has tampered with. */
const lawWithout =
  (...types: readonly EventType[]): Law =>
  (state, event) =>
    types.includes(event.type) ? checkStep(state, event) : checkLegality(state, event);

describe('in the whole reachable graph of', () => {
  it.each(kinds)(
    '%s nothing is merged, published or meant to be without a human’s yes on the head',
    (_kind, start) => {
      const { state, id } = start();
      const seen = walk(state, id, decide);

      // Far fewer would mean that the walk was stopped at the door; none merged, that it proves nothing.
      expect(seen.states).toBeGreaterThan(100);
      expect(seen.merged).toBeGreaterThan(0);
      expect(seen.hole).toBeNull();
    },
  );

  it('a pull request this holds with halts and holds anywhere on the way', () => {
    const { state, id } = pull();
    const seen = walk(state, id, decide, { stops: true });
    expect(seen.merged).toBeGreaterThan(0);
    expect(seen.hole).toBeNull();
  });
});

describe('the walk finds the hole in a machine that does not check', () => {
  it.each<readonly [string, Law]>([
    ['authority at all', checkStep],
    ['who merges', lawWithout('item.merged')],
    ['what it means to merge', lawWithout('effect.intended')],
    [
      'whether an approved gate has evidence, from there on',
      lawWithout('gate.approved', 'item.resumed', 'item.merged'),
    ],
    ['what an approval is about', lawWithout('approval.given', 'gate.updated', 'item.merged')],
  ])('%s', (_what, law) => {
    const { state, id } = pull();
    expect(walk(state, id, decideUnder(law)).hole).not.toBeNull();
  });
});
