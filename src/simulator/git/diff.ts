import type { GitRepository } from './repository.ts';

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: FileStatus;
  /** The blob after the change; before it, for a removed file. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for what git holds to be binary and for pure renames. */
  readonly patch: string | null;
}

const statusOf = (letter: string): FileStatus => {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  if (letter === 'R') return 'renamed';
  if (letter === 'C') return 'copied';
  return letter === 'T' ? 'changed' : 'modified';
};

/**
 * What changed from one tree to another. Paths come from `-z` forms, which need no unquoting; `--text`, because a
 * `.gitattributes` in the change itself could otherwise hide it as binary. All in one run: first what, then how much, then,
 * behind an empty field, the patches.
 */
export async function diffTrees(
  git: GitRepository,
  from: string,
  to: string,
): Promise<FileChange[]> {
  const forms = ['-r', '-z', '-M', '--raw', '--numstat', '-p', '--text', '--full-index'];
  const { stdout } = await git.run(['diff-tree', ...forms, from, to]);
  const { changes, patches } = parse(stdout.toString());
  const hunks = splitPatches(patches);
  return changes.map((change, index) => ({ ...change, patch: hunks[index] ?? null }));
}

function parse(output: string): {
  readonly changes: Omit<FileChange, 'patch'>[];
  readonly patches: string;
} {
  const fields = output.split('\0');
  const found: { path: string; previousPath: string | null; status: FileStatus; sha: string }[] =
    [];
  let at = 0;
  for (; fields[at]?.startsWith(':') === true;) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ');
    const moved = letter.startsWith('R') || letter.startsWith('C');
    const status = statusOf(letter.slice(0, 1));
    found.push({
      path: fields[at + (moved ? 2 : 1)] ?? '',
      previousPath: moved ? (fields[at + 1] ?? '') : null,
      status,
      sha: status === 'removed' ? before : after,
    });
    at += moved ? 3 : 2;
  }
  const changes = found.map((change) => {
    const [additions = '0', deletions = '0', path = ''] = (fields[at] ?? '').split('\t');
    // A rename's numstat has an empty path and two fields after it.
    at += path === '' ? 3 : 1;
    return { ...change, additions: Number(additions) || 0, deletions: Number(deletions) || 0 };
  });
  // What git shows as text may hold NULs.
  return { changes, patches: fields.slice(at + 1).join('\0') };
}

/** One entry a file, from its first `@@`; null where there is none. */
function splitPatches(text: string): (string | null)[] {
  if (text === '') return [];
  return `\n${text}`
    .split(/\ndiff --git /)
    .slice(1)
    .map((part) => {
      const start = part.search(/^@@ /m);
      return start < 0 ? null : part.slice(start).replace(/\n$/, '');
    });
}
