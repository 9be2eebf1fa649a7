import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './cruise.ts';

const longest = 400;

/** The demo's project is a repository of its own, seeded into the simulator: not Assent's code. */
const foreign = join('src', 'entrypoints', 'cli', 'demo', 'project');

interface Source {
  readonly path: string;
  readonly text: string;
}

async function sourcesIn(folder: string): Promise<Source[]> {
  const entries = await readdir(join(repositoryRoot, folder), {
    recursive: true,
    withFileTypes: true,
  });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1))
    .filter((path) => !path.startsWith(foreign));
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(repositoryRoot, path), 'utf8') })),
  );
}

/** `path:line` of each line that matches. */
function linesThatMatch(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

const source = await sourcesIn('src');
const everything = [
  ...source,
  ...(await sourcesIn('test')),
  ...(await sourcesIn('scripts').catch(() => [])),
];

describe('the house', () => {
  it(`has no file in src longer than ${longest} lines`, () => {
    const long = source.filter(({ text }) => text.split('\n').length - 1 > longest);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ['double type assertion', /\bas\s+unknown\s+as\b/],
    ['silenced type error', /@ts-(ignore|expect-error|nocheck)/],
    ['silenced lint rule', /(oxlint|eslint)-disable/],
  ])('has no %s', (_, pattern) => {
    expect(linesThatMatch(everything, pattern)).toEqual([]);
  });

  it('reads no clock in the domain', () => {
    const domain = source.filter(({ path }) => path.startsWith(join('src', 'domain')));
    expect(linesThatMatch(domain, /new Date\(\)|Date\.now\(|Math\.random\(/)).toEqual([]);
  });
});
