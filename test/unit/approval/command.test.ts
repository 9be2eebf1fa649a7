import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../../src/domain/approval/command.ts';

const read = (body: string) =>
  commandsIn(body).map(({ verb, rest }) => (rest === '' ? verb : `${verb}: ${rest}`));

describe('a command', () => {
  it.each([
    ['stands at the start of a line', '/assent approve', ['approve']],
    ['may follow other lines', 'Looks good.\n/assent approve', ['approve']],
    ['may end in Windows line ends', 'Fine.\r\n/assent approve\r\n', ['approve']],
    [
      'keeps the text after it as its reason',
      '/assent override the test is flaky',
      ['override: the test is flaky'],
    ],
    ['is read without regard to case of its verb', '/assent APPROVE', ['approve']],
    ['may be one of several', '/assent reject\n/assent approve', ['reject', 'approve']],
    ['may stand after a closed fence', '```\nx\n```\n/assent approve', ['approve']],
    ['may stand after a quote and an empty line', '> hm\n\n/assent approve', ['approve']],
  ])('%s', (_rule, body, commands) => expect(read(body)).toEqual(commands));

  it.each([
    ['in the middle of a line', 'I would /assent approve'],
    ['after a space', ' /assent approve'],
    ['run together with its verb', '/assentapprove'],
    ['without a verb', '/assent'],
    ['of another name', '/assents approve'],
    ['in a quote', '> /assent approve'],
    ['in a line that lazily continues a quote', '> somebody said\n/assent approve'],
    ['in a quote inside a list', '- > said\n/assent approve'],
    ['in a fence', '```\n/assent approve\n```'],
    ['in a fence of tildes', '~~~ md\n/assent approve\n~~~'],
    ['in a fence that a shorter one does not close', '````\n```\n/assent approve\n````'],
    ['in a fence that nothing closes', '```\n/assent approve'],
    ['in a fence inside a list', '- ```\n/assent approve\n'],
    ['in indented code', '    /assent approve'],
    ['in a code span over lines', 'run `a\n/assent approve\nb` please'],
    ['in an HTML comment', '<!--\n/assent approve\n-->'],
    ['in an HTML comment that nothing ends', '<!--\n/assent approve'],
    ['in preformatted HTML', '<pre>\n/assent approve\n</pre>'],
  ])('is none %s', (_place, body) => expect(read(body)).toEqual([]));
});
