import { describe, expect, it } from 'vitest';
import { revertsIn, takenBack } from '../../../src/domain/roadmap/reverts.ts';

const merge = (pull_request: number, ...texts: string[]) => ({ pull_request, texts });

describe('a merge says what it takes back', () => {
  it.each<readonly [string, string, readonly number[]]>([
    ['as GitHub’s button writes it', 'Reverts acme/widgets#7', [7]],
    ['in short', 'Reverts #7', [7]],
    ['on a line of several', 'Sorry.\n\nReverts acme/widgets#7\nReverts #8', [7, 8]],
    ['as git names a merge commit', 'Revert "Merge pull request #7 from acme/one"', [7]],
    ['as git names a squashed commit', 'Revert "Add a widget (#7)"', [7]],
    ['as a conventional commit', 'revert: "Add a widget (#7)"', [7]],
    ['of another repository: nothing here', 'Reverts acme/gadgets#7', []],
    ['in passing: nothing', 'This reverts to the plan of #7', []],
    ['by title alone: nothing that a number names', 'Revert "Add a widget"', []],
  ])('%s', (_, text, numbers) => {
    expect(revertsIn(merge(9, text), 'Acme/Widgets')).toEqual(numbers);
  });

  it('and a revert that was reverted takes nothing back', () => {
    const merges = [merge(1, 'Add'), merge(2, 'Reverts #1'), merge(3, 'Reverts #2')];
    expect([...takenBack(merges, 'acme/widgets')]).toEqual([[2, 3]]);
    expect([...takenBack(merges.slice(0, 2), 'acme/widgets')]).toEqual([[1, 2]]);
  });

  it('nor does one take itself back', () => {
    expect([...takenBack([merge(1, 'Reverts #1')], 'acme/widgets')]).toEqual([]);
  });
});
