import { describe, expect, it } from 'vitest';
import { diagramDrift } from '../../../src/domain/drift/diagram-drift.ts';
import { docsDrift, namedVariables } from '../../../src/domain/drift/docs-drift.ts';
import { isDocument } from '../../../src/domain/drift/documents.ts';
import { FileTree, ignoredNames } from '../../../src/domain/drift/file-tree.ts';
import { inOrder } from '../../../src/domain/drift/finding.ts';
import { readProse } from '../../../src/domain/drift/prose.ts';
import { roadmapDrift, type RoadmapRow } from '../../../src/domain/drift/roadmap-drift.ts';

const tree = new FileTree(
  [
    'README.md',
    'docs/guide.md',
    'docs/images/a b.png',
    'src/index.ts',
    'src/core/turn.ts',
    'src/core/deep/hold.ts',
    'test/turn.test.ts',
  ],
  ignoredNames('# made\n/generated\n*.log\n'),
);

const docs = (text: string, path = 'README.md', variables: readonly string[] = []) =>
  docsDrift(
    { path, prose: readProse(text) },
    {
      tree,
      scripts: new Set(['test', 'build']),
      variables: new Map(variables.map((name) => [name, false])),
    },
  ).map(({ line, text: told }) => `${line}: ${told}`);

describe('a document that names what is not there', () => {
  it.each([
    [
      'a link',
      'See [it](docs/gone.md#there).',
      ['1: links to `docs/gone.md#there`, which is not there'],
    ],
    ['a path', 'In `src/core/gone.ts`.', ['1: names `src/core/gone.ts`, which is not there']],
    [
      'a path below the root',
      'In `core/gone.ts`.',
      ['1: names `core/gone.ts`, which is not there'],
    ],
    [
      'a path in a command',
      'Run `node src/gone.js --x`.',
      ['1: names `src/gone.js`, which is not there'],
    ],
    [
      'a script',
      '`npm test`, `npm run build`\n\n```sh\nnpm run -s gone\n```',
      ['4: `npm run gone` is no script of any package.json'],
    ],
  ])('%s', (_, text, told) => {
    expect(docs(text)).toEqual(told);
  });

  it.each([
    [
      'a file, a folder, a module',
      '`src/index.ts` `src/core/` `src/core/turn` `core/turn.ts` `./src`',
    ],
    ['a line of a file', '`src/index.ts:12` and [there](src/index.ts#L3)'],
    ['a name with a space', '[a](docs/images/a%20b.png)'],
    [
      'a page elsewhere',
      '[a](https://x.example) [b](#here) [c](/absolute) [d](../../issues) [e](api.html)',
    ],
    ['a package, a branch, a kind', '`@scope/name` `feature/x` `text/html` `and/or`'],
    [
      'a pattern and a placeholder',
      '`src/*.ts` `src/<name>.ts` `src/NAME/x.ts` `src/my-part.ts` `src/{a,b}.ts`',
    ],
    ['what is made', '`dist/x.js` `generated/x.ts` `src/generated/x.ts`'],
    ['what was, and what may be', 'It was removed: `src/gone.ts`.\n\nFor example `src/gone.ts`.'],
    [
      'code and comments',
      '```ts\nimport "src/gone.ts"; // [x](gone.md)\n```\n\n<!-- `src/gone.ts` -->',
    ],
    ['a link in code', '`[x](gone.md)`'],
    ['a tutorial of another project', '`npm run dev` `npm run start` `npm run build`'],
  ])('%s is no claim that could be wrong', (_, text) => {
    expect(docs(text)).toEqual([]);
  });

  it('is read from where it lies', () => {
    expect(docs('[a](guide.md) [b](../src/index.ts) `images/x.png`', 'docs/guide.md')).toEqual([
      '1: names `images/x.png`, which is not there',
    ]);
  });

  it.each([
    [
      'where it speaks of the environment',
      'The variable `WIDGET_HOME` says where.',
      ['WIDGET_HOME'],
    ],
    [
      'in a table of them',
      '## Environment\n\n| Name | |\n|---|---|\n| `WIDGET_HOME` | x |',
      ['WIDGET_HOME'],
    ],
    [
      'set in a shell',
      '```sh\nexport WIDGET_HOME=/x\nWIDGET_KEY=1 run\n```',
      ['WIDGET_HOME', 'WIDGET_KEY'],
    ],
    ['a constant is none', 'It throws `WIDGET_ERROR`.', []],
    ['what every system has is none of ours', 'The variable `NODE_OPTIONS`, `GITHUB_TOKEN`.', []],
  ])('variables: %s', (_, text, names) => {
    expect(
      namedVariables({ path: 'a.md', prose: readProse(text) }).map(({ name }) => name),
    ).toEqual(names);
  });

  it('a variable that nothing reads is told, one that nobody looked for is not', () => {
    const text = 'The variables `WIDGET_HOME` and `WIDGET_KEY`.';
    expect(docs(text, 'README.md', ['WIDGET_HOME'])).toEqual([
      '1: `WIDGET_HOME` is set here, and nothing reads it',
    ]);
  });

  it.each([
    ['README.md', true],
    ['packages/a/docs/use.mdx', true],
    ['docs/adr/0001-x.md', false],
    ['CHANGELOG.md', false],
    ['test/fixtures/a.md', false],
    ['src/index.ts', false],
  ] as const)('%s: %s', (path, is) => {
    expect(isDocument(path)).toBe(is);
  });
});

const drawn = (text: string, path = 'README.md') =>
  diagramDrift({ path, prose: readProse(text) }, tree).map(
    ({ line, text: told }) => `${line}: ${told}`,
  );

describe('a diagram that draws what is not there', () => {
  it.each([
    [
      'mermaid',
      '```mermaid\ngraph LR\n  a[src/index.ts] --> b["src/gone.ts<br/>loads"]\n  c((core)) --> d(src/core)\n```',
      ['3: draws `src/gone.ts`, which is not there'],
    ],
    [
      'a tree of lines',
      '```\nwidgets/\n├── src/\n│   ├── index.ts\n│   ├── core/        # the core\n│   │   └── turn.ts\n│   └── gone/\n│       └── x.ts\n└── docs/\n```',
      ['7: draws `src/gone`, which is not there'],
    ],
    [
      'an indented tree',
      '```\nsrc/\n  core/   what turns\n    deep/ what holds\n    lost/ what is gone\n  index.ts  the door\ndocs/  · test/   what is told\n```',
      ['5: draws `src/core/lost`, which is not there'],
    ],
  ])('%s', (_, text, told) => {
    expect(drawn(text)).toEqual(told);
  });

  it.each([
    [
      'a layout with names that we have as well',
      '```\nyour-app/\n├── src/\n├── docs/\n├── test/\n├── app/\n├── pages/\n├── public/\n├── styles/\n└── lib/\n```',
    ],
    [
      'another project’s tree',
      '```\nyour-app/\n├── app/\n│   ├── page.tsx\n│   └── layout.tsx\n└── src/\n```',
    ],
    ['a list of commands', '```\nassent try PATH\n  --issue FILE\n```'],
    [
      'what is not drawn whole',
      '```\nsrc/\n├── index.ts\n├── core/\n├── ...\n└── node_modules/\n```',
    ],
    ['words with a slash', '```mermaid\ngraph LR\n  a[read/write] --> b[and/or]\n```'],
  ])('%s is no claim', (_, text) => {
    expect(drawn(text)).toEqual([]);
  });
});

describe('a roadmap that says otherwise than its issues', () => {
  const row = (status: RoadmapRow['status'], cites: readonly number[], line = 5): RoadmapRow => ({
    line,
    text: 'Widgets turn',
    status,
    cites,
  });
  const told = (
    rows: readonly RoadmapRow[],
    planned: readonly { number: number; title: string }[] = [],
    settled: readonly number[] = [],
  ) =>
    roadmapDrift({
      path: 'ROADMAP.md',
      rows,
      issues: new Map([
        [1, 'open'],
        [2, 'closed'],
        [3, 'closed'],
        [9, 'missing'],
      ]),
      planned,
      settled: new Set(settled),
    }).map(({ text }) => text);

  it.each([
    [
      'open, and its issue is closed',
      row('planned', [2]),
      ['"Widgets turn" is planned, and #2 is closed'],
    ],
    [
      'open, and all its issues are closed',
      row('in_progress', [2, 3]),
      ['"Widgets turn" is in progress, and #2, #3 are closed'],
    ],
    ['one of several is open', row('in_progress', [1, 2]), []],
    [
      'done, and its issue is open',
      row('done', [1, 2]),
      ['"Widgets turn" is done, and #1 is open'],
    ],
    ['done and closed', row('done', [2]), []],
    [
      'an issue that is not there',
      row('planned', [9]),
      ['"Widgets turn" names #9, which is not there'],
    ],
    ['nobody looked', row('done', [44]), []],
    ['it says no status', row('unknown', [2]), []],
  ] as const)('%s', (_, one, findings) => {
    expect(told([one])).toEqual(findings);
    expect(told([one], [], [one.line])).toEqual([]);
  });

  it.each([
    ['named by its number', { number: 2, title: 'Spin' }, true],
    ['named by its words', { number: 7, title: 'Make widgets turn' }, true],
    ['named nowhere', { number: 7, title: 'Paint them blue' }, false],
  ] as const)('a planned issue %s', (_, issue, named) => {
    expect(told([row('in_progress', [1, 2])], [issue])).toEqual(
      named ? [] : ['#7 "Paint them blue" is planned and open, and stands in no row'],
    );
  });
});

it('each is told once, in the order of the places', () => {
  const one = { kind: 'docs', path: 'b.md', text: 'x' } as const;
  expect(
    inOrder([
      { ...one, line: 3 },
      { ...one, line: 1, path: 'a.md' },
      { ...one, line: 9 },
    ]),
  ).toEqual([
    { ...one, line: 1, path: 'a.md' },
    { ...one, line: 3 },
  ]);
});

it.each([
  ['brackets', '](a'.repeat(60_000)],
  ['options', `\`npm run ${'--a '.repeat(5_000)}X\``],
  ['points', `\`${'.'.repeat(190_000)}a\``],
  ['backticks', '`'.repeat(190_000)],
  ['comments', '<!--'.repeat(50_000)],
  ['a tree', `\`\`\`\n${`${'│   '.repeat(200)}├── a/\n`.repeat(200)}\`\`\``],
])('a document that is nothing but %s is read all the same', (_, text) => {
  expect(docs(text)).toEqual([]);
  expect(drawn(text)).toEqual([]);
});
