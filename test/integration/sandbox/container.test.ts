import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openContainer } from '../../../src/adapters/sandbox/container/container.ts';
import { openSandbox } from '../../../src/adapters/sandbox/open.ts';

/** No engine runs where these tests do: what is asked of one is looked at, and a stand-in answers. */
describe('a container', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assent-container-'));
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Writes down what it is asked; answers as told. */
  async function standIn(name: 'docker' | 'podman', answers: Readonly<Record<string, string>>) {
    const cases = Object.entries(answers).map(([word, answer]) => `${word}) ${answer};;`);
    const script = [
      '#!/bin/sh',
      `echo "$*" >> ${folder}/asked`,
      `case "$1" in ${cases.join(' ')} esac`,
    ];
    await writeFile(join(folder, name), `${script.join('\n')}\n`, { mode: 0o755 });
  }
  const asked = async () => (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  const opened = async () => {
    // Nothing else: an engine may really be here.
    const path = folder;
    return (await openContainer({ image: 'node:24', folder, path })).capability();
  };

  it.each([
    ['where there is neither docker nor podman', {}, /neither docker nor podman is on PATH/],
    [
      'where a client has no engine',
      { version: 'echo no; echo "cannot connect to the engine" >&2; exit 1' },
      /docker has no engine behind it: cannot connect/,
    ],
    [
      'where the image is not there',
      { version: 'echo 27.1.0', image: 'exit 1' },
      /image node:24 is not on this machine: docker pull node:24/,
    ],
    [
      'where the engine does not hold',
      { version: 'echo 27.1.0', run: 'echo "canary 0"; echo wide open; echo canary-end' },
      /docker 27\.1\.0 does not hold here: it should be so that/,
    ],
    [
      'where the engine makes none',
      { version: 'echo 27.1.0', run: 'echo "no space left" >&2; exit 125' },
      /no space left/,
    ],
  ] as const)('is none %s, and says so', async (_, answers, expected) => {
    if (Object.keys(answers).length > 0) await standIn('docker', answers);
    const none = { image: 'node:24', folder, path: folder };
    const { kind, reason } =
      Object.keys(answers).length > 0 ? await opened() : (await openContainer(none)).capability();
    expect(kind).toBe('unavailable');
    expect(reason).toMatch(expected);
  });

  it('that an earlier service left running is ended first, and nobody else’s', async () => {
    await standIn('docker', { version: 'echo 27.1.0', ps: 'echo 0a1b', run: 'exit 125' });
    await opened();
    const lines = await asked();
    const [listing] = lines.filter((line) => line.startsWith('ps'));
    expect(listing).toMatch(/^ps -aq --filter=label=assent=[0-9a-f]{12}$/);
    expect(lines).toContain('rm --force 0a1b');
  });

  it('is chosen only where an operator named an image', async () => {
    const { kind } = (
      await openSandbox({ kind: 'container', image: null, users: null, folder })
    ).capability();
    expect(kind).toBe('unavailable');
  });
});
