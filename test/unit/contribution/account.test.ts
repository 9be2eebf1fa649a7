import { describe, expect, it } from 'vitest';
import { described, describedAnew } from '../../../src/domain/contribution/account.ts';

describe('the account in a description', () => {
  it.for<readonly [what: string, body: string, then: string | null]>([
    ['alone', described('old'), described('new')],
    ['amid what people wrote', `a\n${described('old')}\nb`, `a\n${described('new')}\nb`],
    [
      'with the line ends of a browser',
      described('old').replaceAll('\n', '\r\n'),
      described('new'),
    ],
    ['of an older version, without marks', 'old', null],
    ['taken away by its people', 'Mine.', null],
    ['cut in half', described('old').slice(0, -5), null],
    ['with its marks turned round', '<!-- /assent:account --> <!-- assent:account -->', null],
  ])('%s', ([, body, then]) => {
    expect(describedAnew(body, 'new')).toBe(then);
  });

  it('holds no pattern', () => {
    expect(describedAnew(described('old'), '$& $1')).toBe(described('$& $1'));
  });
});
