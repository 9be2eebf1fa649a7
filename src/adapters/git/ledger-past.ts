import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseHeadTrailer } from '../../domain/ledger/commit-message.ts';
import type { LedgerCommitFacts, LedgerPast, SoundHead } from '../../ports/ledger-past.ts';
import { onceTrue } from './kept.ts';
import { objectsOf } from './objects.ts';
import { repositoryAt } from './repository.ts';
import { LEDGER_PATHS } from './tree.ts';

interface Options {
  /** The bare mirror. */
  readonly repository: string;
  readonly branch: string;
}

/** What of the past can be told from the mirror on this machine. */
export type LocalPast = Omit<LedgerPast, 'vouched' | 'keep'>;

const PATCH_KEPT = 40_000;

const soundFile = z.strictObject({
  branch: z.string(),
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  head: z.strictObject({
    sequence: z.number().int().min(1),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

export const createLocalPast = ({ repository, branch }: Options): LocalPast => {
  const git = repositoryAt(repository);
  const paths = ['--', ...LEDGER_PATHS];
  // Beside the mirror's own files: it is as disposable as they are, and goes with them.
  const kept = join(repository, 'assent-ledger-head.json');

  const objects = objectsOf(repository);
  const knows = onceTrue(async (oid) => (await objects.read(oid))?.type === 'commit');

  return {
    knows,
    async commits(tip, since) {
      // What was written here and never fetched, since the branch was turned away from it before: only its files can be had.
      if (!(await knows(tip))) return [];
      const except = since !== null && (await knows(since)) ? [`^${since}`] : [];
      const log = await git.text([
        'log',
        '-z',
        '--first-parent',
        '--no-show-signature',
        `--format=${fields.join('%x1f')}`,
        tip,
        ...except,
        ...paths,
      ]);
      return log
        .split('\0')
        .filter((line) => line !== '')
        .map(factsOf);
    },
    async odd(oid) {
      if (!(await knows(oid))) return [];
      const listing = await git.bytes(['ls-tree', '-r', '-z', '--full-tree', oid, ...paths]);
      return listing
        .toString()
        .split('\0')
        .map((entry) => /^(?!100644|100755)\d{6} \w+ [0-9a-f]+\t(.+)$/s.exec(entry)?.[1])
        .filter((path) => path !== undefined);
    },
    async difference(from, to) {
      const options = ['--no-ext-diff', '--no-textconv', '--no-color', '--text', '--no-renames'];
      const patch = await git.text(['diff', ...options, from, to, ...paths]);
      return patch.length > PATCH_KEPT ? `${patch.slice(0, PATCH_KEPT)}\n… cut here` : patch;
    },
    async remembered() {
      const found = soundFile.safeParse(await readJson(kept));
      return found.success && found.data.branch === branch
        ? { commit: found.data.commit, head: found.data.head }
        : null;
    },
    async remember({ commit, head: { sequence, hash } }: SoundHead) {
      const content = { branch, commit, head: { sequence, hash } };
      // Whole or not at all: a process may die here.
      await writeFile(`${kept}.new`, `${JSON.stringify(content)}\n`);
      await rename(`${kept}.new`, kept);
    },
  };
};

const fields = ['%H', '%aI', '%an', '%s', '%(trailers:key=Assent-Head,valueonly,separator=%x2C)'];

const factsOf = (line: string): LedgerCommitFacts => {
  const [oid = '', at = '', author = '', subject = '', trailer = ''] = line.split('\x1f');
  return { oid, at, author, subject, head: parseHeadTrailer(trailer) };
};

/** Null for what is not there or no JSON: it is a memory, and losing it costs no truth. */
const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
};
