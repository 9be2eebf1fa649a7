import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Person, Simulator, SimulatorRepository } from './face.ts';

const files: Readonly<Record<string, string>> = {
  'README.md': `# Widgets

Small parts for larger things.

    npm test
`,
  'ROADMAP.md': `# Roadmap

## 0.1: It turns

- [x] Widgets turn
- [ ] Widgets stop when told to
- [ ] A widget says how often it turned
`,
  'package.json': `{
  "name": "widgets",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'src/widget.js': `export function createWidget() {
  let turns = 0;
  return {
    turn() {
      turns += 1;
      return turns;
    },
  };
}
`,
  'test/widget.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWidget } from '../src/widget.js';

test('a widget turns', () => {
  assert.equal(createWidget().turn(), 1);
});
`,
};

const labels: readonly (readonly [string, string, string])[] = [
  ['bug', 'd73a4a', 'Something does not work'],
  ['enhancement', 'a2eeef', 'Something new'],
  ['question', 'd876e3', 'Something is unclear'],
];

const issues: readonly { readonly by: Person; readonly title: string; readonly body: string }[] = [
  {
    by: 'reader',
    title: 'A widget cannot be stopped',
    body: 'I call `turn()` and it turns, but there is no way to stop it.\n\nExpected: after `stop()` a further `turn()` throws.',
  },
  {
    by: 'stranger',
    title: 'How often did it turn?',
    body: 'I would like to ask a widget how often it turned so far, without turning it once more.',
  },
];

/** `acme/widgets`: a repository small enough to read whole, with something to do. */
export async function seedWidgets(simulator: Simulator): Promise<SimulatorRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'widgets-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const repository = await simulator.createRepository({
      owner: 'acme',
      name: 'widgets',
      from: folder,
      description: 'Small parts for larger things',
    });
    await fill(simulator, repository.fullName);
    return repository;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(simulator: Simulator, fullName: string): Promise<void> {
  for (const [name, color, description] of labels) {
    // A label that the simulator gave the repository already is as good.
    await simulator.as('owner')('POST', `/repos/${fullName}/labels`, { name, color, description });
  }
  for (const { by, ...issue } of issues) {
    const { status } = await simulator.as(by)('POST', `/repos/${fullName}/issues`, issue);
    if (status !== 201)
      throw new Error(`Seeding ${fullName}: an issue was answered with ${status}.`);
  }
}
