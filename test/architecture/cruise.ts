import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

export const repositoryRoot = resolve(import.meta.dirname, '../..');

const rulesFile = join(repositoryRoot, '.dependency-cruiser.mjs');

export interface Breach {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface Cruise {
  readonly breaches: readonly Breach[];
  readonly modules: number;
  readonly dependencies: number;
}

/** Holds `src` below the folder against the repository's layer rules. */
export async function cruiseTree(root: string): Promise<Cruise> {
  const options = await extractDepcruiseOptions(rulesFile);
  const { output } = await cruise(['src'], { ...options, baseDir: root, validate: true });
  if (typeof output === 'string')
    throw new TypeError('dependency-cruiser gave a text, not a result');
  return {
    breaches: breachesIn(output),
    modules: output.modules.length,
    dependencies: output.summary.totalDependenciesCruised ?? 0,
  };
}

function breachesIn(result: ICruiseResult): Breach[] {
  return result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** Cruises a tree made of these files alone. */
export async function cruiseFiles(files: Readonly<Record<string, string>>): Promise<Cruise> {
  const root = await mkdtemp(join(tmpdir(), 'assent-layers-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    return await cruiseTree(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
