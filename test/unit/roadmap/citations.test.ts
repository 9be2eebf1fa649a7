import { describe, expect, it } from 'vitest';
import { citedIn, closedBy } from '../../../src/domain/roadmap/citations.ts';

describe('what a line names', () => {
  it.each([
    ['- [ ] Hold (#12, #13)', [12, 13]],
    ['| Hold | [#12](https://github.com/Acme/Widgets/issues/12) | Planned |', [12]],
    ['- See https://github.com/acme/widgets/pull/7', [7]],
    ['- See https://github.com/other/widgets/pull/7 and other/repo#8', []],
    ['- Colour &#35; and a#1 and #x', []],
  ] as const)('%s', (line, numbers) => {
    expect(citedIn(line, 'acme/widgets')).toEqual(numbers);
  });

  it.each([
    ['Closes #3, fixes: #4 and resolved acme/widgets#5', [3, 4, 5]],
    ['closes other/repo#3, discloses #4, see #5', []],
  ] as const)('%s closes', (text, numbers) => {
    expect(closedBy(text, 'acme/widgets')).toEqual(numbers);
  });
});
