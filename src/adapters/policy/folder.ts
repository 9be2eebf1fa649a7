import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { PolicyFiles } from '../../ports/policy-source.ts';

/** A policy file of a megabyte is refused by its reader with a better message; this only bounds memory. */
const maxBytes = 4_000_000;

/**
 * The YAML and JSON files of a folder, by path as the reader of a message would open it. Folders below are read too: what is
 * wrong there has to be found. Links are refused: what a policy says must stand in the folder itself.
 */
export async function readPolicyFolder(folder: string): Promise<Result<PolicyFiles>> {
  let names: readonly string[];
  try {
    names = (await readdir(folder, { recursive: true }))
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .sort();
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return refuse(
      'policy.folder',
      `${folder}: no folder that can be read (${why}); give the folder of the policies`,
    );
  }
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, name);
    const stats = await lstat(path);
    if (!stats.isFile())
      return refuse('policy.folder', `${path}: a link or no plain file; policies are plain files`);
    if (stats.size > maxBytes)
      return refuse('policy.folder', `${path}: ${stats.size} bytes are too much for a policy`);
    files.set(path, await readFile(path, 'utf8'));
  }
  return ok(files);
}
