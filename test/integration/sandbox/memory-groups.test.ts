import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/adapters/sandbox/bubblewrap/limits.ts';
import { findMemoryGroups } from '../../../src/adapters/sandbox/bubblewrap/memory.ts';

const groups = await findMemoryGroups(defaultLimits);

describe.skipIf(groups === null)(
  `a group of processes whose memory is counted${groups === null ? ' (no control groups may be made here)' : ''}`,
  () => {
    it('takes the place of one that a killed Assent left behind under the same name', async () => {
      const name = `assent-left-${process.pid}`;
      const left = await groups?.open(name);
      const taken = await groups?.open(name);
      expect(taken?.door).toBe(left?.door);
      expect(await taken?.starved()).toBe(false);
      await taken?.close();
      expect(existsSync(dirname(taken?.door ?? '/'))).toBe(false);
    });
  },
);
