import { describe, expect, it } from 'vitest';
import { createMemoryLedgerBranch } from '../../../src/adapters/memory/ledger-branch.ts';
import {
  ATTEMPTS,
  createLedgerStore,
  type LedgerStore,
} from '../../../src/application/ledger/ledger-store.ts';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import type { Result } from '../../../src/domain/result.ts';
import type { LedgerBranch } from '../../../src/ports/ledger-branch.ts';
import { FIRST } from '../../support/ledger-damage.ts';
import { sha256, Story } from '../../support/ledger-story.ts';

const storeOf = (branch: LedgerBranch): LedgerStore => createLedgerStore(branch, sha256);

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${result.refusal.message}`);
  return result.value;
};

/** Opens the issue unless it is open: what a use case does, which may be asked more than once. */
const open =
  (number: number, asked: string[][] = []) =>
  (state: { readonly items: Readonly<Record<string, unknown>> }) => {
    asked.push(Object.keys(state.items));
    return state.items[`issue-${number}`] === undefined
      ? new Story(number).opened(number).drafts
      : [];
  };

/** What somebody else writes to the branch between two of our steps. */
const overwrite = async (branch: LedgerBranch, path: string, content: string): Promise<void> => {
  const expected = await branch.head();
  const commit = { expected, files: [{ path, content }], subject: 'by hand', body: '' };
  valueOf(await branch.commit(commit));
};

describe('the ledger store', () => {
  it('begins with an empty ledger where there is no branch', async () => {
    const { head, oid, state } = valueOf(await storeOf(createMemoryLedgerBranch()).load());
    expect({ sequence: head.sequence, oid, items: state.items }).toEqual({
      sequence: 0,
      oid: null,
      items: {},
    });
  });

  it('writes several events as one commit', async () => {
    const branch = createMemoryLedgerBranch();
    const { events } = valueOf(
      await storeOf(branch).append(() => new Story().opened(1).triaged(1).drafts),
    );
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(branch.commits).toHaveLength(1);
  });

  it('writes nothing where nothing is to be recorded', async () => {
    const branch = createMemoryLedgerBranch();
    expect(valueOf(await storeOf(branch).append(() => [])).events).toEqual([]);
    expect(await branch.head()).toBeNull();
  });

  it('goes on after a restart as if there had been none', async () => {
    const branch = createMemoryLedgerBranch();
    const first = storeOf(branch);
    await first.append(() => new Story().merged(1, 1).drafts);
    const restarted = valueOf(await storeOf(branch).load());
    expect(restarted).toEqual(valueOf(await first.load()));
  });

  it('decides again on the fresh state when another writer was faster, and loses nothing', async () => {
    const branch = createMemoryLedgerBranch();
    const ours = storeOf(branch);
    const theirs = storeOf(branch);
    await ours.append(open(1));
    await theirs.append(open(2));
    const asked: string[][] = [];
    const { ledger } = valueOf(await ours.append(open(3, asked)));
    expect(asked).toEqual([['issue-1'], ['issue-1', 'issue-2']]);
    expect(Object.keys(ledger.state.items)).toEqual(['issue-1', 'issue-2', 'issue-3']);
  });

  it('lets one of two win who claim the same', async () => {
    const branch = createMemoryLedgerBranch();
    const stores = [storeOf(branch), storeOf(branch)];
    await Promise.all(stores.map((store) => store.load()));
    const results = await Promise.all(stores.map((store) => store.append(open(1))));
    expect(
      results
        .map((result) => valueOf(result).events.length)
        .toSorted((left, right) => left - right),
    ).toEqual([0, 1]);
    expect(branch.commits).toHaveLength(1);
  });

  it('takes its own writers one at a time, so that none reads twice', async () => {
    const branch = createMemoryLedgerBranch();
    const store = storeOf(branch);
    const asked: string[][] = [];
    await Promise.all([1, 2, 3].map((number) => store.append(open(number, asked))));
    expect(asked).toEqual([[], ['issue-1'], ['issue-1', 'issue-2']]);
  });

  it(`gives up after losing ${ATTEMPTS} times, and says so`, async () => {
    const branch = createMemoryLedgerBranch();
    let tries = 0;
    const moving: LedgerBranch = {
      ...branch,
      commit: async () => {
        tries += 1;
        return { ok: false, refusal: { code: 'ledger.moved', message: 'moved' } };
      },
    };
    const result = await storeOf(moving).append(open(1));
    expect(result).toMatchObject({ ok: false, refusal: { code: 'ledger.contended' } });
    expect(tries).toBe(ATTEMPTS);
  });

  it('refuses to write on top of a history that does not hold, and names the place', async () => {
    const branch = createMemoryLedgerBranch();
    const store = storeOf(branch);
    await store.append(() => new Story().opened(1, 'Widget').triaged(1).drafts);
    const content = branch.commits.at(-1)?.files.get(FIRST) ?? '';
    await overwrite(branch, FIRST, content.replace('Widget', 'Gadget'));
    const tip = await branch.head();
    for (const result of [await store.append(open(2)), await storeOf(branch).load()]) {
      expect(result).toMatchObject({
        ok: false,
        refusal: { code: 'ledger.broken', message: expect.stringContaining(`${FIRST}:1`) },
      });
    }
    expect(await branch.head()).toBe(tip);
  });

  it('refuses a branch whose history was removed', async () => {
    const branch = createMemoryLedgerBranch();
    await storeOf(branch).append(open(1));
    const commit = { files: [], deletions: [FIRST], subject: 'by hand', body: '' };
    await branch.commit({ ...commit, expected: await branch.head() });
    expect(await storeOf(branch).load()).toMatchObject({
      ok: false,
      refusal: { code: 'ledger.broken' },
    });
  });

  it('writes queue.json again where somebody edited it: the history is the truth', async () => {
    const branch = createMemoryLedgerBranch();
    await storeOf(branch).append(open(1));
    const right = branch.commits.at(-1)?.files.get(QUEUE_PATH) ?? '';
    await overwrite(branch, QUEUE_PATH, right.replace('"every": 5', '"every": 1'));
    const { ledger } = valueOf(await storeOf(branch).append(open(2)));
    expect(ledger.state.cycle.every).toBe(5);
    expect(branch.commits.at(-1)?.files.get(QUEUE_PATH)).toContain('"every": 5');
  });

  it('decides on nothing stale after a decision threw', async () => {
    const branch = createMemoryLedgerBranch();
    const store = storeOf(branch);
    await expect(
      store.append(() => {
        throw new Error('a fault in a use case');
      }),
    ).rejects.toThrow('a fault in a use case');
    expect(valueOf(await store.append(open(1))).events).toHaveLength(1);
  });
});
