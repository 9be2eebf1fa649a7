import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';

const run = promisify(execFile);

/** Blocks that talk to a simulator; the others start one. */
async function documentedBlocks(): Promise<readonly string[]> {
  const text = await readFile(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.filter((block) => block.includes('$URL') || block.includes('${URL'));
}

describe('docs/simulator.md', () => {
  let alone: StandAlone;
  let folder: string;
  beforeAll(async () => {
    alone = await startStandAlone();
    await seedWidgets(alone.simulator);
    folder = await mkdtemp(join(tmpdir(), 'simulator-docs-'));
  });
  afterAll(async () => {
    await alone.simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds only commands that work, run in their order', async () => {
    const { url, people } = alone.simulator;
    const blocks = await documentedBlocks();
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      URL: url,
      OWNER_TOKEN: people.owner.token,
      READER_TOKEN: people.reader.token,
    };

    for (const block of blocks) {
      await run('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, env });
    }

    expect(blocks.length).toBeGreaterThan(6);
    expect(alone.validator.report().mismatches).toEqual([]);
  });
});
