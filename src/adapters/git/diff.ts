import { createHash } from 'node:crypto';
import type { ChangedFile } from '../../ports/repository-files.ts';
import { fieldsOf, git, GitFault } from './git.ts';

const plain = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--full-index'];

const statuses: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  M: 'modified',
  D: 'removed',
  T: 'type_changed',
};

/**
 * What differs between two trees of a bare repository. Run without a work tree, so that no `.gitattributes` of the change is
 * read, and with `--text`: otherwise `*.js -diff` would hide a change as binary.
 */
export async function changedFiles(
  gitDir: string,
  from: string,
  to: string,
): Promise<readonly ChangedFile[]> {
  const diff = (...options: string[]) =>
    git([`--git-dir=${gitDir}`, 'diff-tree', '-r', '-z', ...plain, ...options, from, to]).then(
      fieldsOf,
    );
  const told = parted(await diff('--raw', '--abbrev=40', '--numstat'));
  const isBinary = (count: string) => count.startsWith('-\t');
  const binaries = new Set(told.counts.filter(isBinary).map((count) => countLine(count)[0]));
  // What git holds to be binary has no lines unless it is asked for text; without such a file the one answer is the other.
  const { raw, counts } =
    binaries.size === 0 ? told : parted(await diff('--raw', '--abbrev=40', '--numstat', '--text'));
  const lines = new Map(counts.map(countLine));
  const files: ChangedFile[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [old_mode = '', new_mode = '', , , letter = ''] = (raw[index] ?? '').slice(1).split(' ');
    const path = raw[index + 1] ?? '';
    const status = statuses[letter];
    if (status === undefined)
      throw new GitFault('diff-tree', 0, `unknown status "${letter}" of ${path}`);
    const [additions, deletions] = lines.get(path) ?? [0, 0];
    files.push({
      path,
      status,
      additions,
      deletions,
      binary: binaries.has(path),
      old_mode,
      new_mode,
    });
  }
  return files;
}

/** First what, two fields a file, then how much. */
function parted(fields: readonly string[]) {
  const first = fields.findIndex((field, index) => index % 2 === 0 && !field.startsWith(':'));
  return first < 0
    ? { raw: fields, counts: [] }
    : { raw: fields.slice(0, first), counts: fields.slice(first) };
}

function countLine(line: string): [path: string, counts: [number, number]] {
  const [additions = '', deletions = '', ...path] = line.split('\t');
  return [path.join('\t'), [Number(additions) || 0, Number(deletions) || 0]];
}

export async function patchBetween(gitDir: string, from: string, to: string): Promise<Buffer> {
  const output = await git([
    `--git-dir=${gitDir}`,
    'diff-tree',
    '-r',
    '-p',
    '--text',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    ...plain,
    from,
    to,
  ]);
  return output.stdout;
}

export interface PatchText {
  readonly text: string;
  readonly cut: boolean;
}

/** Of these paths alone. A path is only ever compared, never a pattern (`GIT_LITERAL_PATHSPECS`). */
export async function patchOfPaths(
  gitDir: string,
  from: string,
  to: string,
  paths: readonly string[],
  { context, bytes }: { readonly context: number; readonly bytes: number },
): Promise<PatchText> {
  if (paths.length === 0) return { text: '', cut: false };
  const options = ['-r', '-p', '--text', `--unified=${context}`, ...plain];
  const output = await git(
    [`--git-dir=${gitDir}`, 'diff-tree', ...options, from, to, '--', ...paths],
    { most_bytes: bytes },
  );
  return { text: output.stdout.toString('utf8'), cut: output.cut === true };
}

/**
 * SHA-256 of a patch without what a rebase moves: line numbers and object names. White space counts, unlike in `git patch-id`:
 * in some languages it is the program.
 */
export function hashOfPatch(patch: Buffer): string {
  const hash = createHash('sha256');
  let [oldLeft, newLeft] = [0, 0];
  for (const line of patch.toString('latin1').split('\n')) {
    if (oldLeft > 0 || newLeft > 0) {
      if (!line.startsWith('\\') && !line.startsWith('+')) oldLeft -= 1;
      if (!line.startsWith('\\') && !line.startsWith('-')) newLeft -= 1;
      hash.update(`${line}\n`, 'latin1');
      continue;
    }
    if (line.startsWith('index ')) continue;
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    oldLeft = hunk ? Number(hunk[1] ?? 1) : 0;
    newLeft = hunk ? Number(hunk[2] ?? 1) : 0;
    hash.update(hunk ? '@@\n' : `${line}\n`, 'latin1');
  }
  return hash.digest('hex');
}
