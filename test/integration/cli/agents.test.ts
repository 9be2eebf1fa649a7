import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPrograms } from '../../../src/adapters/programs/on-path.ts';
import { listAgents } from '../../../src/application/tools/list-agents.ts';
import { repositoryConfig } from '../../../src/composition.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'assent-programs-')));

const program = (path: string): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
};

const bin = dirname(program('bin/plain'));
program('lib/node_modules/@openai/codex/bin/codex.js');
symlinkSync('../lib/node_modules/@openai/codex/bin/codex.js', join(bin, 'codex'));
const home = dirname(program('home/ann/tool'));
writeFileSync(join(bin, 'notes'), 'not to be run');

const programs = createPrograms(`${bin}:${home}:relative`, home);

describe('a program on the PATH of the service', () => {
  it.each([
    ['plain', join(bin, 'plain'), bin],
    // As a whole, since it loads what lies beside it.
    [
      'codex',
      join(root, 'lib/node_modules/@openai/codex/bin/codex.js'),
      join(root, 'lib/node_modules/@openai/codex'),
    ],
    // Seen in every sandbox; preferred to whatever stands in for it.
    ['sh', '/usr/bin/sh', null],
  ])('%s is found, with what has to be seen of the machine', async (name, path, folder) => {
    expect(await programs.find(name)).toEqual({ ok: true, value: { name, path, folder } });
  });

  it.each([
    ['absent', 'program.absent'],
    ['notes', 'program.absent'],
    // Keys and tokens lie there.
    ['tool', 'program.exposed'],
  ])('%s is refused: %s', async (name, code) => {
    expect(await programs.find(name)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('is named with the agent that needs it', async () => {
    const config = repositoryConfig(
      'version: 1\nagents: { contributor: { uses: codex, programs: [absent] } }\n',
    );
    if (!config.ok) throw new Error(config.refusal.message);
    const [, contributor] = await listAgents(config.value, programs);
    expect(contributor?.programs).toMatchObject([
      { name: 'codex', missing: null },
      { name: 'absent', path: null, missing: expect.stringContaining('install it') },
    ]);
  });
});
