import type { GovernorAnswer } from '../../src/agents/governor/proposal.ts';
import type { ReviewAnswer } from '../../src/agents/reviewer/proposal.ts';
import type { TriageAnswer } from '../../src/agents/triager/proposal.ts';

/** One turn of the demo's model, as written by hand; recorded through the real agents into the demo's tape. */
export type Turn = string | readonly { readonly tool: string; readonly input: object }[];

const csv = `/**
 * The rows of a CSV document (RFC 4180), each a list of cells. A cell in double quotes may hold commas, line ends and, doubled,
 * quotes. Throws a \`SyntaxError\` naming the line where such a cell does not end as it should.
 */
export function parseCsv(text) {
  const input = text.replace(/\\r\\n/g, '\\n').replace(/\\n$/, '');
  const cell = /(?:"((?:[^"]|"")*)"|(?!")([^,\\n]*))(,|\\n|$)/y;
  const rows = [[]];
  for (;;) {
    const start = cell.lastIndex;
    const match = cell.exec(input);
    if (match === null) {
      const line = input.slice(0, start).split('\\n').length;
      throw new SyntaxError(\`line \${line}: a quoted cell does not end in a quote\`);
    }
    const [, quoted, plain, end] = match;
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') return rows;
    if (end === '\\n') rows.push([]);
  }
}
`;

const csvTests = `test('an empty cell is an empty text', () => {
  assert.deepEqual(parseCsv('a,,c'), [['a', '', 'c']]);
});

test('a quoted cell may hold commas and line ends', () => {
  assert.deepEqual(parseCsv('name,place\\nada,"London, UK"'), [
    ['name', 'place'],
    ['ada', 'London, UK'],
  ]);
  assert.deepEqual(parseCsv('"two\\nlines",b'), [['two\\nlines', 'b']]);
});

test('a doubled quote in a quoted cell is one quote', () => {
  assert.deepEqual(parseCsv('"say ""hi""",b'), [['say "hi"', 'b']]);
});

test('a quote inside a plain cell is only a quote', () => {
  assert.deepEqual(parseCsv('5" bolt,2'), [['5" bolt', '2']]);
});

test('a quoted cell that does not end is an error that names its line', () => {
  assert.throws(() => parseCsv('a,b\\n"open,c'), { name: 'SyntaxError', message: /^line 2:/ });
});
`;

const table = `import { width } from './width.js';

const gap = '  ';

/**
 * Rows of cells as lines of equal columns; short rows are filled up. The first row is the head. A column whose other cells are
 * all numbers is aligned to the right.
 */
export function renderTable(rows) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  const right = widths.map((_, column) => isNumeric(rows.slice(1).map((row) => row[column] ?? '')));
  return rows
    .map((row) =>
      widths
        .map((size, column) => pad(row[column] ?? '', size, right[column]))
        .join(gap)
        .trimEnd(),
    )
    .join('\\n');
}

function isNumeric(cells) {
  return cells.length > 0 && cells.every((cell) => /^\\d+$/.test(cell));
}

function pad(cell, size, right) {
  const space = ' '.repeat(size - width(cell));
  return right ? space + cell : cell + space;
}
`;

const tableTests = `test('no rows make no lines', () => {
  assert.equal(renderTable([]), '');
});

test('a column of numbers is aligned to the right, with its head', () => {
  const table = renderTable([
    ['item', 'price'],
    ['bolts', '5'],
    ['boards', '120'],
  ]);
  assert.equal(table, 'item    price\\nbolts       5\\nboards    120');
});

test('a column with one cell that is no number stays on the left', () => {
  assert.equal(renderTable([['n'], ['12'], ['many']]), 'n\\n12\\nmany');
});
`;

const numericAfter = `/** Whole, negative and decimal numbers; an empty cell says nothing either way. */
function isNumeric(cells) {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => /^[+-]?\\d+(?:\\.\\d+)?$/.test(cell));
}
`;

const numericTests = `test('a column with one cell that is no number stays on the left', () => {
  assert.equal(renderTable([['n'], ['12'], ['many']]), 'n\\n12\\nmany');
});

test('negative and decimal numbers are numbers', () => {
  assert.equal(renderTable([['n'], ['-3'], ['12.50']]), '    n\\n   -3\\n12.50');
});

test('an empty cell does not stop a column from being numbers', () => {
  assert.equal(renderTable([['n', 'x'], ['', 'a'], ['12', 'b']]), ' n  x\\n    a\\n12  b');
});

test('a column of empty cells is not numbers', () => {
  assert.equal(renderTable([['wide', 'x'], ['', 'a']]), 'wide  x\\n      a');
});
`;

const width = `const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Shown two columns wide: emoji, East Asian scripts, full-width forms. */
const wide =
  /^(?:\\p{Emoji_Presentation}|\\p{Emoji}\\uFE0F|\\p{Script=Han}|\\p{Script=Hiragana}|\\p{Script=Katakana}|\\p{Script=Hangul}|[\\u3000-\\u303E\\uFF01-\\uFF60])/u;

/** How many columns a text takes in a terminal. */
export function width(text) {
  let columns = 0;
  for (const { segment } of characters.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}
`;

const widthTests = `test('nothing takes no column', () => {
  assert.equal(width(''), 0);
});

test('East Asian characters take two columns', () => {
  assert.equal(width('東京'), 4);
  assert.equal(width('かな'), 4);
  assert.equal(width('한글'), 4);
  assert.equal(width('Ａ'), 2);
});

test('an emoji takes two columns, however many code points it has', () => {
  assert.equal(width('\\u{1F389}'), 2);
  assert.equal(width('\\u{1F469}\\u200D\\u{1F469}\\u200D\\u{1F467}'), 2);
  assert.equal(width('\\u2764\\uFE0F'), 2);
});

test('a combining mark takes no column of its own', () => {
  assert.equal(width('e\\u0301'), 1);
});
`;

const markdown = `/** Rows of cells as a Markdown table (GitHub's); the first row is the head, short rows are filled up. */
export function renderMarkdown(rows) {
  if (rows.length === 0) return '';
  const columns = Math.max(...rows.map((row) => row.length));
  const [head, ...body] = rows.map((row) =>
    line(Array.from({ length: columns }, (_, column) => escape(row[column] ?? ''))),
  );
  return [head, line(Array.from({ length: columns }, () => '---')), ...body].join('\\n');
}

function line(cells) {
  return \`| \${cells.join(' | ')} |\`;
}

/** A pipe would end the cell, a line end the row. */
function escape(cell) {
  return cell.replaceAll('\\\\', '\\\\\\\\').replaceAll('|', '\\\\|').replaceAll('\\n', '<br>');
}
`;

const markdownTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../src/index.js';

test('the first row is the head', () => {
  assert.equal(
    renderMarkdown([
      ['name', 'stars'],
      ['ada', '12'],
    ]),
    '| name | stars |\\n| --- | --- |\\n| ada | 12 |',
  );
});

test('pipes, backslashes and line ends do not leave their cell', () => {
  assert.equal(
    renderMarkdown([['a|b'], ['c\\\\d'], ['e\\nf']]),
    '| a\\\\|b |\\n| --- |\\n| c\\\\\\\\d |\\n| e<br>f |',
  );
});

test('a short row is filled up', () => {
  assert.equal(renderMarkdown([['a', 'b'], ['c']]), '| a | b |\\n| --- | --- |\\n| c |  |');
});

test('no rows make no table', () => {
  assert.equal(renderMarkdown([]), '');
});
`;

const cli = `import { parseCsv } from './csv.js';
import { renderTable } from './table.js';

const usage = \`Usage: widgets [--help]

Reads CSV from standard input and prints it as a table.

Exit codes: 0 done, 2 wrong usage.\`;

/** The command: gives what to print and how to exit. Reads the input only if it is going to print it. */
export function main(args, readInput) {
  if (args.includes('--help') || args.includes('-h')) return done(usage);
  if (args.length > 0) {
    return { output: '', error: \`widgets: unknown argument "\${args[0]}"\\n\\n\${usage}\`, exitCode: 2 };
  }
  return done(renderTable(parseCsv(readInput())));
}

function done(output) {
  return { output, error: '', exitCode: 0 };
}
`;

const cliTests = `
function noInput() {
  throw new Error('the input was read');
}

for (const flag of ['--help', '-h']) {
  test(\`\${flag} prints the usage and reads nothing\`, () => {
    const result = main([flag], noInput);
    assert.match(result.output, /^Usage: widgets/);
    assert.equal(result.exitCode, 0);
  });
}

test('an argument it does not know is wrong usage', () => {
  const result = main(['--colour'], noInput);
  assert.equal(result.output, '');
  assert.match(result.error, /unknown argument "--colour"/);
  assert.equal(result.exitCode, 2);
});
`;

const call = (tool: string, input: object) => ({ tool, input });
const runTests = [call('run', { step: 'test' })];
const finish = (title: string, summary: string) => [call('finish', { title, summary })];

const lastCsvTest = `test('an empty cell is an empty text', () => {
  assert.deepEqual(parseCsv('a,,c'), [['a', '', 'c']]);
});
`;
const lastTableTest = `test('no rows make no lines', () => {
  assert.equal(renderTable([]), '');
});
`;
const lastWidthTest = `test('nothing takes no column', () => {
  assert.equal(width(''), 0);
});
`;
const lastCliTest = `  assert.deepEqual(result, { output: 'name  colour\\nada   green', error: '', exitCode: 0 });
});
`;

/** By issue and round. */
export const contributions: Readonly<Record<string, readonly Turn[]>> = {
  'issue-1/0': [
    [
      call('list', {}),
      call('read', { path: 'src/csv.js' }),
      call('read', { path: 'test/csv.test.js' }),
    ],
    [
      call('write', { path: 'src/csv.js', text: csv }),
      call('replace', { path: 'test/csv.test.js', before: lastCsvTest, after: csvTests }),
    ],
    runTests,
    finish(
      'fix: keep quoted CSV fields in one cell',
      'Cells in double quotes may now hold commas, line ends and, doubled, quotes (RFC 4180). A quoted cell that never ends is a SyntaxError naming its line, instead of a table that looks right and is not. A quote in the middle of a plain cell stays what it was: a character.',
    ),
  ],
  'issue-2/0': [
    [call('read', { path: 'src/table.js' }), call('read', { path: 'test/table.test.js' })],
    [call('search', { text: 'ada   12' }), call('read', { path: 'README.md' })],
    [
      call('write', { path: 'src/table.js', text: table }),
      call('replace', { path: 'test/table.test.js', before: lastTableTest, after: tableTests }),
      call('replace', { path: 'README.md', before: '    ada   12\n', after: '    ada      12\n' }),
    ],
    runTests,
    finish(
      'feat: align columns of numbers to the right',
      'A column whose cells below the head are all numbers is aligned to the right, with its head. Every other column stays on the left. The example in the README shows it.',
    ),
  ],
  'issue-2/1': [
    [call('read', { path: 'src/table.js' }), call('read', { path: 'test/table.test.js' })],
    [
      call('replace', {
        path: 'src/table.js',
        before:
          'function isNumeric(cells) {\n  return cells.length > 0 && cells.every((cell) => /^\\d+$/.test(cell));\n}\n',
        after: numericAfter,
      }),
      call('replace', {
        path: 'test/table.test.js',
        before: `test('a column with one cell that is no number stays on the left', () => {\n  assert.equal(renderTable([['n'], ['12'], ['many']]), 'n\\n12\\nmany');\n});\n`,
        after: numericTests,
      }),
    ],
    runTests,
    finish(
      'feat: align columns of numbers to the right',
      'As asked in review: negative and decimal numbers count as numbers, and an empty cell does not stop a column from being numbers. A column of nothing but empty cells stays on the left.',
    ),
  ],
  'issue-3/0': [
    [call('read', { path: 'src/width.js' }), call('read', { path: 'test/width.test.js' })],
    [
      call('write', { path: 'src/width.js', text: width }),
      call('replace', { path: 'test/width.test.js', before: lastWidthTest, after: widthTests }),
    ],
    runTests,
    finish(
      'fix: count wide characters as two columns',
      'The width of a text is counted by what a reader sees as one character: East Asian characters, full-width forms and emoji take two columns, a combining mark takes none. Intl.Segmenter finds the characters, so nothing is installed.',
    ),
  ],
  'issue-4/0': [
    [
      call('list', { prefix: 'src/' }),
      call('read', { path: 'src/index.js' }),
      call('read', { path: 'src/table.js' }),
    ],
    [
      call('write', { path: 'src/markdown.js', text: markdown }),
      call('write', { path: 'test/markdown.test.js', text: markdownTests }),
      call('replace', {
        path: 'src/index.js',
        before: "export { parseCsv } from './csv.js';\n",
        after:
          "export { parseCsv } from './csv.js';\nexport { renderMarkdown } from './markdown.js';\n",
      }),
    ],
    runTests,
    finish(
      'feat: render Markdown tables',
      'renderMarkdown(rows) gives the same rows as a Markdown table: the first row is the head, short rows are filled up, and pipes, backslashes and line ends are escaped so that no cell breaks the table.',
    ),
  ],
  'issue-5/0': [
    [
      call('read', { path: 'src/cli.js' }),
      call('read', { path: 'test/cli.test.js' }),
      call('read', { path: 'README.md' }),
    ],
    [
      call('write', { path: 'src/cli.js', text: cli }),
      call('replace', {
        path: 'test/cli.test.js',
        before: lastCliTest,
        after: `${lastCliTest}${cliTests}`,
      }),
      call('replace', {
        path: 'README.md',
        before: 'Tests: `node --test`.',
        after:
          '`widgets --help` prints the usage. An argument it does not know ends it with exit code 2.\n\nTests: `node --test`.',
      }),
    ],
    runTests,
    finish(
      'feat: print the usage and refuse unknown arguments',
      '--help and -h print a short usage without waiting for input. Any other argument ends with the usage on standard error and exit code 2. The README says so.',
    ),
  ],
};

const planned = (
  answer: Omit<TriageAnswer, 'duplicates' | 'missing_information'>,
): TriageAnswer => ({ duplicates: [], missing_information: [], ...answer });

/** By issue number. */
export const triages: Readonly<Record<number, TriageAnswer>> = {
  1: planned({
    labels: ['bug', 'priority: high'],
    type: 'bug',
    priority: 'high',
    size: 'small',
    plan: {
      summary:
        'Parse CSV by RFC 4180, so that a cell in double quotes may hold commas, line ends and doubled quotes.',
      files: ['src/csv.js', 'test/csv.test.js'],
      steps: [
        'Replace the split at commas in parseCsv by a scan that knows quoted cells.',
        'Undouble quotes inside quoted cells; leave a quote inside a plain cell as it is.',
        'Fail with the line number where a quoted cell does not end.',
      ],
      risks: ['Input with an unbalanced quote, which gave a wrong table so far, becomes an error.'],
      tests: [
        'test/csv.test.js: commas, line ends and doubled quotes in quoted cells, a quote in a plain cell, a quoted cell that does not end.',
      ],
    },
    comment:
      'Thank you, the example makes it plain: parseCsv splits at every comma and knows no quotes. A plan to parse quoted fields by RFC 4180 follows and waits for a maintainer.',
  }),
  2: planned({
    labels: ['enhancement', 'priority: normal'],
    type: 'feature',
    priority: 'normal',
    size: 'small',
    plan: {
      summary:
        'Align a column to the right, with its head, if all cells below the head are numbers.',
      files: ['src/table.js', 'test/table.test.js', 'README.md'],
      steps: [
        'Find the columns whose cells below the first row are all numbers.',
        'Pad these on the left.',
        'Bring the example in the README up to date.',
      ],
      risks: ['Output that other programs read changes its spacing.'],
      tests: [
        'test/table.test.js: a column of numbers with its head; a column with one cell that is no number.',
      ],
    },
    comment:
      'A good idea: numbers are compared from the right. The plan aligns columns that hold only numbers below their head and waits for a maintainer.',
  }),
  3: planned({
    labels: ['bug', 'priority: normal'],
    type: 'bug',
    priority: 'normal',
    size: 'small',
    plan: {
      summary: 'Count the columns of a text by the characters a reader sees, two for wide ones.',
      files: ['src/width.js', 'test/width.test.js'],
      steps: [
        'Split the text into grapheme clusters with Intl.Segmenter.',
        'Count two columns for East Asian scripts, full-width forms and emoji, one for the rest.',
      ],
      risks: [
        'Terminals differ in how wide they show some emoji; the common choice is two columns.',
      ],
      tests: [
        'test/width.test.js: East Asian scripts, emoji of several code points, combining marks.',
      ],
    },
    comment:
      'Thank you for naming the combining marks as well. The plan counts what a reader sees as one character, two columns for wide ones, and waits for a maintainer.',
  }),
  4: planned({
    labels: ['enhancement', 'priority: normal'],
    type: 'feature',
    priority: 'normal',
    size: 'small',
    plan: {
      summary: 'Add renderMarkdown(rows) beside renderTable, exported from the package.',
      files: ['src/markdown.js', 'src/index.js', 'test/markdown.test.js'],
      steps: [
        'Write renderMarkdown in src/markdown.js: head, separator, body; short rows filled up.',
        'Escape pipes, backslashes and line ends in cells.',
        'Export it from src/index.js.',
      ],
      risks: ['None known: nothing that exists changes.'],
      tests: ['test/markdown.test.js: head and body, escaping, short rows, no rows.'],
    },
    comment:
      'That fits the roadmap, where Markdown tables are planned. The plan adds renderMarkdown beside renderTable and waits for a maintainer.',
  }),
  5: planned({
    labels: ['bug', 'priority: normal'],
    type: 'bug',
    priority: 'normal',
    size: 'small',
    plan: {
      summary:
        'Read the arguments before the input: usage for --help and -h, exit code 2 for anything unknown.',
      files: ['src/cli.js', 'test/cli.test.js', 'README.md'],
      steps: [
        'Print a short usage for --help and -h without reading the input.',
        'Answer any other argument with the usage on standard error and exit code 2.',
        'Say so in the README.',
      ],
      risks: ['Scripts that pass arguments which were ignored so far will fail.'],
      tests: ['test/cli.test.js: both flags, an unknown argument, and that the input is not read.'],
    },
    comment:
      'Right, arguments are ignored and the command waits for input. The plan adds the usage and exit code 2 for what it does not know, and waits for a maintainer.',
  }),
  6: {
    labels: ['duplicate'],
    type: 'bug',
    priority: 'normal',
    size: 'small',
    duplicates: [
      {
        number: 1,
        reason: 'Both report that parseCsv splits quoted fields at the commas inside them.',
      },
    ],
    missing_information: [],
    plan: null,
    comment:
      'Thank you. This looks like the fault reported in an earlier issue: parseCsv knows no quotes. Please say so if yours is another one.',
  },
  7: {
    labels: ['question'],
    type: 'question',
    priority: 'low',
    size: 'small',
    duplicates: [],
    missing_information: [
      'Which input did you give it? A few lines are enough.',
      'What did it print, and what did you expect instead?',
    ],
    plan: null,
    comment:
      'Thank you for telling us. To find out what is wrong we need an example; please answer the questions below.',
  },
};

const quiet = (summary: string, ...reasons: readonly string[]): ReviewAnswer => ({
  summary,
  risk: { level: 'low', reasons: [...reasons] },
  findings: [],
  event: 'COMMENT',
});

/** By issue and round. */
export const reviews: Readonly<Record<string, ReviewAnswer>> = {
  'issue-1/0': {
    ...quiet(
      'parseCsv now scans cells with one sticky expression and knows quoted ones. The tests cover commas, line ends, doubled quotes, a quote in a plain cell and a quoted cell that does not end; they follow the plan.',
      'An unbalanced quote becomes an error, as the plan says.',
    ),
    findings: [
      {
        path: 'src/csv.js',
        line: 14,
        severity: 'info',
        kind: 'design',
        message:
          'The same message is given for text after a closing quote; that is right, and worth knowing when the message is read.',
        suggestion: null,
      },
    ],
  },
  'issue-2/0': {
    ...quiet(
      'Columns whose cells below the head are all digits are padded on the left. The tests show both cases and the README is up to date.',
      'Spacing of existing output changes, as the plan says.',
    ),
    findings: [
      {
        path: 'src/table.js',
        line: 27,
        severity: 'minor',
        kind: 'bug',
        message: 'Only whole positive numbers count: a column with -3 or 12.50 stays on the left.',
        suggestion:
          '  return cells.length > 0 && cells.every((cell) => /^[+-]?\\d+(?:\\.\\d+)?$/.test(cell));',
      },
    ],
  },
  'issue-2/1': quiet(
    'What was asked for is done: signs and fractions count as numbers, empty cells are passed over, and a column of empty cells stays on the left. Each has its test. The finding of the review before is settled.',
    'Spacing of existing output changes, as the plan says.',
  ),
  'issue-3/0': quiet(
    'Width is counted by grapheme clusters, two columns for wide ones. The tests name East Asian scripts, emoji of several code points and combining marks, written as escapes so that they can be read.',
    'Terminals differ in some emoji.',
  ),
  'issue-4/0': quiet(
    'A new function beside the old one, exported, with tests for head, escaping, short rows and no rows. Nothing that exists changes.',
  ),
  'issue-5/0': quiet(
    'The arguments are read before the input. Both flags and the unknown argument have tests, which also show that the input is not read.',
    'Arguments that were ignored so far now fail, as the plan says.',
  ),
};

/** Pull request numbers depend on who is faster: `{{issue-N}}` is bound to the pull request that the brief gives for that issue. */
export const governance: Omit<GovernorAnswer, 'flips'> & {
  readonly flips: readonly { readonly line: number; readonly to: 'done'; readonly issue: number }[];
} = {
  flips: [
    { line: 9, to: 'done', issue: 1 },
    { line: 10, to: 'done', issue: 3 },
    { line: 11, to: 'done', issue: 2 },
    { line: 18, to: 'done', issue: 4 },
    { line: 19, to: 'done', issue: 5 },
  ],
  summary:
    'The first milestone is complete: quoted fields, wide characters and numbers are handled. Of the second, Markdown tables and the usage of the command are done; tables from JSON remain.',
  sentences: {
    what_changed:
      'The parser, the width of characters and the alignment of numbers were mended, and Markdown output and a usage were added.',
    risks_introduced:
      'Output changes its spacing for columns of numbers, and unbalanced quotes are now errors.',
    how_it_can_fail:
      'Programs that read the old spacing, or pass arguments that were ignored, would notice.',
    how_detected: 'Each change came with tests that fail without it.',
    how_recovered: 'The changes touch different files and can be taken back one by one.',
  },
};
