import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf, type GitOutput } from './git.ts';

type Heads = ReadonlyMap<string, string>;

/** All branches with their heads, by one process: each costs its start, several milliseconds in a large program. */
export async function readHeads(
  local: (args: readonly string[]) => Promise<GitOutput>,
): Promise<Heads> {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const lines = textOf(await local(['for-each-ref', format, 'refs/heads'])).split('\n');
  return new Map(
    lines
      .filter((line) => line !== '')
      .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );
}

/** The same after a fetch of all branches, without a process: git wrote down what it fetched, changed or not. */
export async function readFetchedHeads(directory: string): Promise<Heads> {
  const written = await readFile(join(directory, 'FETCH_HEAD'), 'utf8');
  return new Map(
    [...written.matchAll(/^([0-9a-f]{40,64})\t(?:not-for-merge)?\tbranch '(.+)' of /gm)].map(
      ([, sha = '', branch = '']) => [branch, sha],
    ),
  );
}
