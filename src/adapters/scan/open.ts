import { openScanFolder, type TrackedPaths } from './folder.ts';
import { createGitleaks } from './gitleaks.ts';
import { createLanguages } from './languages.ts';
import { manifests } from './manifests/manifests.ts';
import { createSecretlint } from './secretlint.ts';

/** A folder, and what it is read with: our rules, secretlint's in a thread, and the program `gitleaks` where it is on PATH. */
export const openScan = async (path: string, tracked: TrackedPaths) => ({
  folder: await openScanFolder(path, tracked),
  tools: {
    languages: await createLanguages(),
    manifests,
    rules: createSecretlint(),
    program: createGitleaks(),
  },
});
