import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBounded } from '../../../src/adapters/trials/bounded-process.ts';
import { createCliTrials } from '../../../src/adapters/trials/cli-trials.ts';
import type { PolicyFiles } from '../../../src/ports/policy-source.ts';
import { historyOf } from '../../support/decided.ts';
import { merge, review, withEvidence } from '../../support/policy.ts';

const main = fileURLToPath(new URL('../../../src/entrypoints/cli/main.ts', import.meta.url));
const bounds = { milliseconds: 60_000, megabytes: 2000 };
const { signal } = new AbortController();

const asking = (count: number) =>
  `rules: [{ id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }, count: ${count} } }]`;
const filesOf = (rules: string, path = 'policies/default.yml'): PolicyFiles =>
  new Map([[path, `version: 1\n${rules}\n`]]);
const approved = withEvidence({ reviews: [review('mia', 'approved', '10:00')] });
const ledger = historyOf(asking(1), [merge, approved]).files;

const tryOut = (after: PolicyFiles, command: readonly string[] = [process.execPath, main]) =>
  createCliTrials({ command, bounds }).run({ before: filesOf(asking(1)), after, ledger, signal });

describe('policies tried by processes of their own', () => {
  it('come with what they would have changed in the past', async () => {
    expect(await tryOut(filesOf(asking(2)))).toMatchObject({
      readable: true,
      faults: [],
      past: {
        ok: true,
        value: {
          decisions: 2,
          could_not_tell: 0,
          changes: [
            {
              change: 'newly_waiting',
              action: 'pull_request.merge',
              times: 1,
              items: ['issue-1'],
              because: ['code: 1 of 2'],
            },
          ],
        },
      },
    });
  });

  it.each([
    [
      'whose word is enough',
      asking(1).replace('maintain', 'write'),
      ['enough is the review of somebody with write permission, today it waits for a human'],
    ],
    ['nothing, where they are stricter', asking(2), null],
  ])('come with what they newly let pass: %s', async (_, after, such_as) => {
    const { newly_allows } = await tryOut(filesOf(after));
    const action = 'pull_request.merge';
    const allowed = such_as === null ? [] : [{ action, rules: ['merge'], such_as }];
    expect(newly_allows).toEqual({ ok: true, value: allowed });
  });

  it('come with their faults by place, as in a checkout, where they cannot be read', async () => {
    const { readable, faults, past } = await tryOut(filesOf('rules: 7'));
    expect({ readable, ok: past.ok }).toEqual({ readable: false, ok: false });
    expect(faults).toEqual([expect.stringMatching(/^policies\/default\.yml:2:\d+: /)]);
  });

  it('are not taken for good where nothing answers', async () => {
    const { readable, faults } = await tryOut(filesOf(asking(1)), ['/bin/false']);
    expect({ readable, faults }).toEqual({ readable: false, faults: ['it ended with 1'] });
  });

  it('reach no file but those they were laid in', async () => {
    await expect(tryOut(filesOf(asking(1), '../../escaped.yml'))).rejects.toThrow('leads out');
  });
});

describe('a process of its own', () => {
  const node = (program: string, more: Partial<typeof bounds> = {}) =>
    runBounded(
      { command: [process.execPath, '-e', program], directory: '/', signal },
      { ...bounds, ...more },
    );

  it('is given no environment', async () => {
    expect(await node('console.log(JSON.stringify(process.env))')).toEqual({
      ok: true,
      value: { code: 0, out: '{}\n' },
    });
  });

  it.each([
    ['time', 'for (;;);', { milliseconds: 500 }, 'it took more than 0.5 seconds'],
    [
      'memory',
      'const all = []; setInterval(() => all.push(Buffer.alloc(20_000_000, 1)), 10);',
      { megabytes: 200 },
      'it took more than 200 MB of memory',
    ],
  ])('is ended where it takes too much %s', async (_, program, more, message) => {
    expect(await node(program, more)).toMatchObject({ ok: false, refusal: { message } });
  });

  it('is ended where it says too much', async () => {
    const yes = { command: ['/usr/bin/yes'], directory: '/', signal };
    const message = 'it said more than anybody reads';
    expect(await runBounded(yes, bounds)).toMatchObject({ ok: false, refusal: { message } });
  });
});
