import { ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { CodeHostFault } from './fault.ts';

const FOLDER = '.ai_metadata';
const LOG = 'INTERNAL_LOG.md';

interface File {
  readonly path: string;
  readonly sha: string;
}

/** Blobs held between readings, in characters. A closed segment never changes: only what is new is fetched. */
const HELD = 16_000_000;

/** Reads `.ai_metadata/**` and `INTERNAL_LOG.md` at a commit by the API: two requests, and one for each new blob. */
export function readLedgerFiles(
  context: RepositoryContext,
): (oid: string) => Promise<ReadonlyMap<string, string>> {
  let held = new Map<string, string>();
  return async (oid) => {
    const operation = `ledger at ${oid} of ${context.ref.full_name}`;
    const files = await listFiles(context, operation, oid);
    const contents = new Map<string, string>();
    for (const batch of inBatches(files, 8)) {
      const texts = await Promise.all(
        batch.map(async ({ sha }) => held.get(sha) ?? (await blob(context, operation, sha))),
      );
      batch.forEach(({ path }, index) => contents.set(path, texts[index] ?? ''));
    }
    held = newestWithin(HELD, files, contents);
    return contents;
  };
}

async function listFiles(
  context: RepositoryContext,
  operation: string,
  oid: string,
): Promise<readonly File[]> {
  const root = await tree(context, operation, oid, false);
  const log = root.filter(({ path, type }) => path === LOG && type === 'blob');
  const folder = root.find(({ path, type }) => path === FOLDER && type === 'tree');
  if (folder === undefined) return log;
  const inside = await tree(context, operation, folder.sha, true);
  const files = inside.filter(({ type }) => type === 'blob');
  return [...log, ...files.map(({ path, sha }) => ({ path: `${FOLDER}/${path}`, sha }))];
}

async function tree(
  context: RepositoryContext,
  operation: string,
  sha: string,
  recursive: boolean,
): Promise<readonly (File & { readonly type: string })[]> {
  const { data } = await ask(operation, () =>
    context.client('observe').git.getTree({
      ...context.at,
      tree_sha: sha,
      // GitHub takes any value, also "false", as yes.
      ...(recursive ? { recursive: '1' } : {}),
    }),
  );
  // Half a history would look like a history cut off.
  if (data.truncated)
    throw new CodeHostFault(operation, new Error('GitHub did not list all of its files'));
  return data.tree.map(({ path, sha, type }) => ({ path, sha, type }));
}

async function blob(context: RepositoryContext, operation: string, sha: string): Promise<string> {
  const { data } = await ask(operation, () =>
    context.client('observe').git.getBlob({ ...context.at, file_sha: sha }),
  );
  return Buffer.from(data.content, 'base64').toString('utf8');
}

/** Later segments are read again sooner than earlier ones. */
function newestWithin(
  limit: number,
  files: readonly File[],
  contents: ReadonlyMap<string, string>,
): Map<string, string> {
  const held = new Map<string, string>();
  let size = 0;
  for (const { path, sha } of files.toReversed()) {
    const content = contents.get(path) ?? '';
    size += content.length;
    if (size > limit) break;
    held.set(sha, content);
  }
  return held;
}

function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
