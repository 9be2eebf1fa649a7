import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * All refs of a bare repository, read from its files (gitrepository-layout: loose ones go before packed ones) in order of name. Null
 * for what is no plain ref: git has to be asked. A process for each look was what fetching cost most.
 */
export async function readRefFiles(directory: string): Promise<Map<string, string> | null> {
  const loose = new Map<string, string>();
  if (!(await readLoose(directory, 'refs', loose))) return null;
  const packed = await readPacked(directory);
  if (packed === null) return null;
  const all = [...new Map([...packed, ...loose])];
  return new Map(all.toSorted(([one], [other]) => Buffer.compare(bytes(one), bytes(other))));
}

/**
 * One ref from its file; null where it has none of its own, and git has to be asked. At once, since it is forty bytes: a story of the
 * tests looks every fifteen milliseconds.
 */
export function readLooseRef(directory: string, name: string): string | null {
  try {
    const content = readFileSync(join(directory, name), 'utf8');
    return /^[0-9a-f]{40}\n$/.test(content) ? content.slice(0, 40) : null;
  } catch {
    return null;
  }
}

const bytes = (text: string): Buffer => Buffer.from(text);

async function readLoose(
  directory: string,
  folder: string,
  found: Map<string, string>,
): Promise<boolean> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(ifGone([]));
  const plain = await Promise.all(
    entries.map(async (entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readLoose(directory, name, found);
      if (name.endsWith('.lock')) return true;
      const content = await readFile(join(directory, name), 'utf8').catch(ifGone(null));
      if (content === null) return true;
      if (!/^[0-9a-f]{40}\n$/.test(content)) return false;
      found.set(name, content.slice(0, 40));
      return true;
    }),
  );
  return plain.every(Boolean);
}

async function readPacked(directory: string): Promise<Map<string, string> | null> {
  const content = await readFile(join(directory, 'packed-refs'), 'utf8').catch(ifGone(''));
  const refs = new Map<string, string>();
  for (const line of content.split('\n')) {
    // `#` heads the file, `^` peels the tag before it.
    if (line === '' || line.startsWith('#') || line.startsWith('^')) continue;
    if (!/^[0-9a-f]{40} refs\//.test(line)) return null;
    refs.set(line.slice(41), line.slice(0, 40));
  }
  return refs;
}

/** A ref or a folder of refs may go while they are read. */
const ifGone =
  <T>(instead: T) =>
  (cause: unknown): T => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return instead;
    throw cause;
  };
