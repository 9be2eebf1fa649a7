/** What the demo's contributors ask for, as people write. Numbers follow from the order they are filed in; the tape names them. */
export interface DemoIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: 'writer' | 'triager' | 'reader' | 'stranger';
  /** How the tape's triager answers it. */
  readonly expected: 'plan' | 'duplicate' | 'missing_information';
}

export interface DemoLabel {
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

export const demoLabels: readonly DemoLabel[] = [
  { name: 'bug', color: 'd73a4a', description: 'It does not do what it says' },
  { name: 'enhancement', color: 'a2eeef', description: 'Something new' },
  { name: 'documentation', color: '0075ca', description: 'Words, not code' },
  { name: 'duplicate', color: 'cfd3d7', description: 'Said before' },
  { name: 'question', color: 'd876e3', description: 'More has to be known' },
  { name: 'priority: high', color: 'b60205', description: 'Next' },
  { name: 'priority: normal', color: 'fbca04', description: 'In its turn' },
  { name: 'priority: low', color: 'c2e0c6', description: 'Some day' },
];

export const demoIssues: readonly DemoIssue[] = [
  {
    number: 1,
    author: 'reader',
    expected: 'plan',
    title: 'Commas inside quotes split the cell',
    body: `Our CSV comes from a spreadsheet and has quoted fields. \`parseCsv\` cuts them at every comma:

    parseCsv('name,place\\nada,"London, UK"')

gives three cells in the second row instead of two, with the quotes still in them. I would expect \`London, UK\` in one cell.
Doubled quotes (\`""\`) inside a quoted field should become one quote, too.`,
  },
  {
    number: 2,
    author: 'writer',
    expected: 'plan',
    title: 'Align numbers to the right',
    body: `Columns of numbers are hard to compare when they stand on the left:

    item    price
    bolts   5
    boards  120

It would be easier to read if columns that hold only numbers were aligned to the right, with their heading.`,
  },
  {
    number: 3,
    author: 'reader',
    expected: 'plan',
    title: 'Chinese and emoji push the columns out of line',
    body: `With \`東京\` or an emoji in a cell everything after it is shifted. The terminal shows these characters two columns wide, but
\`width\` counts them by their code units. Accents written as combining marks are off as well (\`e\` + U+0301 counts as two).`,
  },
  {
    number: 4,
    author: 'stranger',
    expected: 'plan',
    title: 'Print Markdown tables',
    body: `I paste tables into GitHub issues a lot. A function \`renderMarkdown(rows)\` beside \`renderTable\` would save me the editing: the
first row as the head, pipes in cells escaped.`,
  },
  {
    number: 5,
    author: 'triager',
    expected: 'plan',
    title: 'widgets --help waits for input for ever',
    body: `Running \`widgets --help\` prints nothing and waits: arguments are ignored and the command reads standard input. Please print a
short usage for \`--help\` and \`-h\`, and fail with exit code 2 and the usage for an argument it does not know.`,
  },
  {
    number: 6,
    author: 'stranger',
    expected: 'duplicate',
    title: 'Quoted fields with commas split into several cells',
    body: `\`parseCsv\` splits a quoted CSV field at the commas inside the quotes: \`"London, UK"\` becomes two cells, and the quotes stay in
them. I expect one cell without the quotes.`,
  },
  {
    number: 7,
    author: 'stranger',
    expected: 'missing_information',
    title: 'Does not work',
    body: 'I installed it and the output is wrong on my machine. Please fix.',
  },
];
