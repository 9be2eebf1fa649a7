import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicyFolder } from '../../../src/adapters/policy/folder.ts';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { checkCommand } from '../../../src/entrypoints/cli/commands/policy/check.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assent-bad-input-'));
});
afterAll(() => rm(root, { recursive: true }));

const head = 'version: 1\nrules:\n';
const rule = (index: number, more = '') =>
  `  - { id: r${index}, actions: [issue.label], effect: allow${more} }\n`;
const rules = (count: number, more = '') =>
  head + Array.from({ length: count }, (_, index) => rule(index, more)).join('');
const when = (condition: string) => head + rule(0, `, when: ${JSON.stringify(condition)}`);
const asking = (approval: string) =>
  `${head}  - { id: m, actions: [pull_request.merge], effect: require_human, approval: ${approval} }\n`;
const survives = (...globs: readonly string[]) =>
  asking(`{ id: x, from: { users: [a] }, survives: [{ paths: ${JSON.stringify(globs)} }] }`);

/** A file of this text, and every fault that has to be found in it, in order. */
type Case = readonly [string, string | Buffer, readonly RegExp[]];

const nesting: readonly Case[] = [
  [
    '5,000 nested parentheses',
    when('('.repeat(5000) + 'true' + ')'.repeat(5000)),
    [/:3:\d+: rules\[0\]\.when: longer than 4096 characters/],
  ],
  [
    '2,000 nested parentheses',
    when('('.repeat(2000) + 'true' + ')'.repeat(2000)),
    [/:3:\d+: rules\[0\]\.when: nested deeper than 64/],
  ],
  [
    '5,000 nested lists',
    `version: 1\nrules: ${'['.repeat(5000)}`,
    [/:2:72: nested deeper than 64/],
  ],
  ['5,000 nested maps', `version: 1\nrules: ${'{a: '.repeat(5000)}`, [/:2:\d+: nested deeper/]],
  ['5,000 nested entries', `version: 1\nrules:\n${'- '.repeat(5000)}a`, [/:3:1: nested deeper/]],
  [
    '5,000 nested approvals',
    asking(`${'{ any: ['.repeat(5000)}{ id: x, from: {} }${'] }'.repeat(5000)}`),
    [/:3:\d+: nested deeper than 64/],
  ],
];

const size: readonly Case[] = [
  [
    'two megabytes',
    `version: 1\nname: ${'x'.repeat(2_000_000)}`,
    [/\.yml: 2000017 bytes; at most 131072 are read/],
  ],
  ['10,000 rules', rules(10_000), [/568908 bytes; at most 131072 are read/]],
  ['10,000 faulty rules', rules(10_000, ', x: 1'), [/at most 131072 are read/]],
  ['2,000 rules', rules(2_000), [/2000 rules in all policies, 2000 of them here; at most 500/]],
  [
    '16,000 keys',
    `version: 1\n${Array.from({ length: 16_000 }, (_, index) => `${index.toString(36)}:`).join('\n')}`,
    Array.from({ length: 16_000 }, () => /unknown key/),
  ],
];

const yaml: readonly Case[] = [
  [
    'aliases that unfold without end',
    `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]`,
    [/too many aliases/],
  ],
  [
    'an alias in what it stands for',
    'version: 1\nrules: &a [*a]',
    [/:2:12: an alias stands inside/],
  ],
  [
    'two hundred aliases',
    `version: 1\nx: &r [issue.label]\nrules: [${'*r,'.repeat(200)}]`,
    [/too many aliases: 200, of at most 100/],
  ],
  [
    'merge keys',
    `version: 1\nroles: { a: &a { permission: read }, b: { <<: *a } }\nrulez: []`,
    [/:2:43: merge keys \("<<"\) are not read/, /:3:1: unknown key "rulez"/],
  ],
  [
    'keys given twice, at any depth',
    `version: 1\nroles: { a: { permission: read, permission: admin } }\nversion: 1`,
    [/:2:33: the key "permission" is given twice/, /:3:1: the key "version" is given twice/],
  ],
  ['tabs', 'version: 1\nrules:\n\t- id: x', [/:3:1: Tabs are not allowed as indentation/]],
  ['two documents', 'version: 1\n---\nversion: 1', [/:2:1: a second document begins here/]],
  [
    'a mark of byte order, and a fault after it',
    '\uFEFFversion: 1\nrulez: []',
    [/:2:1: unknown key/],
  ],
  ['lines that end as on Windows', 'version: 1\r\nrulez: []\r\n', [/:2:1: unknown key "rulez"/]],
  [
    'bytes that are no UTF-8',
    Buffer.from('version: 1\nname: caf\xe9', 'latin1'),
    [/:2:10: is no UTF-8/],
  ],
  [
    'two bytes a character',
    Buffer.from('version: 1', 'utf16le'),
    [/:1:2: holds a character.*U\+0000/],
  ],
  ['text that runs the other way', 'version: 1\nname: "x\u202Ey"', [/:2:9: .*U\+202E/]],
  ['an escape of a terminal', 'version: 1\n"\\e[31mx": 1', [/:2:1: unknown key "\\u\{1b\}\[31mx"/]],
];

const words: readonly Case[] = [
  [
    'names that mean something to the language beneath',
    `version: 1\n__proto__: { rules: [] }\nconstructor: 1\nroles: { __proto__: { permission: read }, toString: { permission: read } }`,
    [
      /:2:1: "__proto__" is no key here/,
      /:3:1: unknown key "constructor"/,
      /:4:10: "__proto__" is no key here/,
    ],
  ],
  [
    'roles nobody defined, named as what every object has',
    asking('{ id: x, from: { roles: [constructor, hasOwnProperty] } }'),
    [/unknown role "constructor"/, /unknown role "hasOwnProperty"/],
  ],
  [
    'numbers that are none',
    `version: 1\nlimits: [{ actions: [issue.label], per_hour: .nan, per_day: .inf }]\nbudgets: [{ usd_per_day: 1e999, tokens_per_day: -.inf }]`,
    [/per_hour: .*NaN/, /per_day: .*Infinity/, /usd_per_day: .*Infinity/, /not -Infinity/],
  ],
  [
    'words that were truth values once',
    asking('{ id: x, from: { users: [no] }, author: no, edited: yes, contributors: on }'),
    [
      /author: .*"no"; write false/,
      /edited: .*"yes"; write true/,
      /contributors: .*"on"; write true/,
    ],
  ],
  [
    'numbers where names belong',
    `version: 1\nrules: [{ id: 007, actions: [issue.label], effect: allow }]`,
    [/:2:15: rules\[0\]\.id: takes a text, not 7; put it in quotes/],
  ],
  [
    'hours that were numbers once',
    'version: 1\nwindows: [{ hours: 9:00-17:00, timezone: UTC }]',
    [/hours: takes hours as "09:00-17:00"/],
  ],
  [
    'globs that would not end',
    survives('*****', '{a,b}{c,d}{e,f}', '[a-z]', '/etc/**', 'x'.repeat(300)),
    [/at most three \*/, /only \*, \*\* and \?/, /only \*/, /matches nothing/, /1 to 256/],
  ],
  [
    'patterns too long and too large',
    head +
      rule(0, `, when: 'at.matches("${'a'.repeat(300)}")'`) +
      rule(1, `, when: 'at.matches("(a{100}){100}")'`),
    [/rules\[0\]\.when: the pattern is longer/, /rules\[1\]\.when: .*unrolls/],
  ],
];

const check = async (folder: string) => {
  const lines: string[] = [];
  const terminal = {
    interactive: false,
    out: (line: string) => lines.push(line),
    err: (line: string) => lines.push(line),
  };
  const code = await checkCommand(folder, {}, terminal);
  return { code, lines };
};

describe.each([
  ['nesting', nesting],
  ['size', size],
  ['YAML', yaml],
  ['words and numbers', words],
])('bad input by %s', (_kind, cases) => {
  it.each(cases)('%s: every fault is told at once', async (_name, text, expected) => {
    const folder = await mkdtemp(join(root, 'case-'));
    await writeFile(join(folder, 'a.yml'), text);

    const files = await readPolicyFolder(folder);
    const loaded = files.ok ? loadPolicies(files.value) : files;
    expect(loaded.ok).toBe(false);

    const { code, lines } = await check(folder);
    const faults = lines.filter((line) => line.startsWith('✗'));
    expect(code).toBe(1);
    expect(faults).toHaveLength(expected.length);
    const wrong = expected.filter((message, index) => !message.test(faults[index] ?? ''));
    expect(wrong.length === 0 ? [] : [wrong[0], faults]).toEqual([]);
    // Nothing of it acts on the terminal it is shown on.
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});

describe('what looks odd and is sound', () => {
  it.each([
    ['a mark of byte order', `\uFEFF${rules(1)}`],
    ['lines that end as on Windows', rules(2).replaceAll('\n', '\r\n')],
    ['a date as a name', 'version: 1\nname: 2026-11-20'],
    ['a country', `version: 1\nname: no\n${rules(1).slice('version: 1\n'.length)}`],
    ['the most rules there may be', rules(500)],
    ['an anchor and its alias', 'version: 1\nroles: { a: &a { permission: read }, b: *a }'],
    ['words of every script', `version: 1\nname: "Ж 漢字 👩‍💻"`],
  ])('%s', (_name, text) => {
    const loaded = loadPolicies(new Map([['policies/a.yml', text]]));
    expect(loaded.ok ? '' : loaded.refusal.message).toBe('');
  });
});

it('a file name that does not show as it is is refused, and shown by its characters', async () => {
  const folder = await mkdtemp(join(root, 'case-'));
  await writeFile(join(folder, 'a\u001b[31m.yml'), rules(1));
  const { code, lines } = await check(folder);
  expect(code).toBe(1);
  expect(lines[0]).toMatch(
    /a\\u\{1b\}\[31m\.yml: the name of the file has characters that do not show/,
  );
});
