import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cyclesOf } from '../../../src/domain/scan/graph.ts';
import { importsWithin, pythonImports, scriptImports } from '../../../src/domain/scan/imports.ts';

describe('a TypeScript or JavaScript file loads', () => {
  it.for([
    ["import a from './a.js';", ['./a.js']],
    ["import {\n  b,\n  type C,\n} from './b';", ['./b']],
    ["import './side-effect';", ['./side-effect']],
    ["export * from './c';", ['./c']],
    ["export { d } from './d';", ['./d']],
    ["const e = await import('./e');", ['./e']],
    ["const f = require('./f');", ['./f']],
    ["import type { T } from './types';", []],
    ["// import x from './gone';", []],
    [" * import x from './gone';", []],
    ["object.require('./not-one');", []],
    ['const word = "important from \'x\'";', []],
  ] as const)('%j', ([text, names]) => {
    expect(scriptImports(text)).toEqual(names);
  });
});

describe('an import leads to a file of the repository', () => {
  const paths = new Set([
    'src/a.ts',
    'src/b/index.tsx',
    'src/c.mts',
    'pkg/__init__.py',
    'pkg/x.py',
    'pkg/sub/y.py',
    'src/top.py',
  ]);
  it.for([
    ['src/main.ts', "import './a.js'", ['src/a.ts']],
    ['src/main.ts', "import './b'", ['src/b/index.tsx']],
    ['src/main.ts', "import './c.mjs'", ['src/c.mts']],
    ['src/main.ts', "import 'a'; import '../../etc/passwd'", []],
    ['pkg/z.py', 'from . import x', ['pkg/x.py']],
    ['pkg/sub/z.py', 'from ..x import name', ['pkg/x.py']],
    ['pkg/z.py', 'from pkg.sub import y\nimport pkg.x, os', ['pkg/sub/y.py', 'pkg/x.py']],
    ['main.py', 'import top', ['src/top.py']],
    ['main.py', 'from pkg import nothing_of_a_file', ['pkg/__init__.py']],
  ] as const)('%s: %s', ([path, text, targets]) => {
    expect(importsWithin({ path, text }, paths)).toEqual(targets);
  });

  it('names in brackets over several lines are all of them', () => {
    expect(pythonImports('from a import (\n  b,\n  c,\n)')).toEqual([
      { module: 'a', names: ['b', 'c'] },
    ]);
  });
});

describe('cycles', () => {
  const graph = (edges: Readonly<Record<string, readonly string[]>>) =>
    new Map(Object.entries(edges));

  it.for([
    ['none in a tree', { a: ['b', 'c'], b: ['c'], c: [] }, []],
    ['one of two', { a: ['b'], b: ['a'] }, [['a', 'b']]],
    ['one of itself', { a: ['a'] }, [['a']]],
    ['the shortest of a knot', { a: ['b', 'c'], b: ['c'], c: ['a'] }, [['a', 'c']]],
    [
      'each knot once',
      { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ] as const)('%s', ([, edges, cycles]) => {
    expect(cyclesOf(graph(edges))).toEqual(cycles);
  });

  it('each is a way round, and without them nothing goes round', () => {
    const node = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.dictionary(node, fc.uniqueArray(node, { maxLength: 4 })), (edges) => {
        const whole = graph(edges);
        const found = cyclesOf(whole);
        for (const cycle of found)
          for (const [at, from] of cycle.entries())
            expect(whole.get(from)).toContain(cycle[(at + 1) % cycle.length]);
        if (found.length === 0) expect(isAcyclic(whole)).toBe(true);
      }),
    );
  });

  it('a chain of a hundred thousand is no depth', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, n) => [`${n}`, [`${n + 1}`]]));
    expect(cyclesOf(chain)).toEqual([]);
  });
});

/** Kahn: take away what nothing leads to, until nothing is left. */
function isAcyclic(graph: ReadonlyMap<string, readonly string[]>): boolean {
  let left = new Map(graph);
  for (;;) {
    const targets = new Set([...left.values()].flat());
    const kept = new Map([...left].filter(([node]) => targets.has(node)));
    if (kept.size === left.size) return kept.size === 0;
    left = kept;
  }
}
