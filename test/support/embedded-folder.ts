import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCluster } from '../../src/adapters/jobs/pglite-cluster.ts';

let template: Promise<string> | null = null;

/** A folder whose database is made already: making one takes seconds, copying it a tenth of one. */
export async function embeddedFolder(): Promise<string> {
  template ??= makeTemplate();
  const folder = mkdtempSync(join(tmpdir(), 'assent-embedded-'));
  cpSync(await template, join(folder, 'pg'), { recursive: true });
  return folder;
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assent-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await makeCluster(join(folder, 'pg'));
  return join(folder, 'pg');
}
