import { hunksByFile, type Hunk, type ReviewedFile } from '../../domain/review/change.ts';
import { select } from '../../domain/review/selection.ts';
import type { ChangedFile, RepositoryFiles } from '../../ports/repository-files.ts';

const CONTEXT = 10;
/** Of one patch, and of one file's where the whole is more. */
const BYTES = 4_000_000;
const BYTES_OF_FILE = 200_000;
/** Read one by one: each is a process. */
const FILES_ALONE = 40;

/** What a pull request changes, line by line as far as it is worth reading; null where its head is gone. */
export async function readChange(
  git: RepositoryFiles,
  base: string,
  head: string,
): Promise<readonly ReviewedFile[] | null> {
  const files = await git.changedFiles(base, head);
  const { read, left_out } = select(files);
  const because = new Map(left_out.map((one) => [one.file.path, one.because]));
  // In git's own order, by which sections and files are paired.
  const wanted = files.filter((file) => !because.has(file.path));
  const patch = await git.patchOf(base, head, paths(wanted), { context: CONTEXT, bytes: BYTES });
  if (patch === null) return null;
  const together = hunksByFile(patch.text, wanted, patch.cut) ?? new Map<string, readonly Hunk[]>();
  const rest = wanted.filter(({ path }) => !together.has(path));
  const alone = await eachAlone(git, base, head, rest);
  const hunks = new Map([...together, ...alone]);
  const order = new Map(read.map(({ path }, index) => [path, index]));
  const last = files.length;
  return files
    .map((file): ReviewedFile => {
      const found = hunks.get(file.path);
      const why = because.get(file.path) ?? (found === undefined ? 'lines too long' : null);
      return { ...file, hunks: found ?? [], left_out: why };
    })
    .toSorted((a, b) => (order.get(a.path) ?? last) - (order.get(b.path) ?? last));
}

const paths = (files: readonly ChangedFile[]): readonly string[] => files.map(({ path }) => path);

/** One file of endless lines must not hide the others. */
async function eachAlone(
  git: RepositoryFiles,
  base: string,
  head: string,
  files: readonly ChangedFile[],
): Promise<ReadonlyMap<string, readonly Hunk[]>> {
  const found = new Map<string, readonly Hunk[]>();
  for (const file of files.slice(0, FILES_ALONE)) {
    const limits = { context: CONTEXT, bytes: BYTES_OF_FILE };
    const patch = await git.patchOf(base, head, [file.path], limits);
    const hunks =
      patch?.cut === false ? hunksByFile(patch.text, [file])?.get(file.path) : undefined;
    if (hunks !== undefined) found.set(file.path, hunks);
  }
  return found;
}
