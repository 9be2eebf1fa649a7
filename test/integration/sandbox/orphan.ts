import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBubblewrap } from '../../../src/adapters/sandbox/bubblewrap/bubblewrap.ts';

/** Runs a step that stays; the test kills it meanwhile. */
const [folder = '', mark = ''] = process.argv.slice(2);
const own = join(folder, 'orphan');
mkdirSync(own);
const sandbox = await openBubblewrap({ folder: own });
const workspace = join(own, 'workspace');
mkdirSync(workspace);
await sandbox.run({
  name: 'stays',
  command: `sleep ${mark}`,
  workspace,
  timeout_ms: 600_000,
  output_cap: 1_000,
});
