import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { fieldOf, World } from './world.ts';

const branch = 'assent/ledger';
const segment = '.ai_metadata/history/000001.jsonl';
const patience = { timeout: 20_000 };

/** Other hands that write between a decision and its commit: Assent read a sound ledger, and finds another one. */
class Intruder {
  #armed: (() => Promise<void>) | null = null;

  arm(does: () => Promise<void>): void {
    this.#armed = does;
  }

  get struck(): boolean {
    return this.#armed === null;
  }

  readonly around = (repository: Repository): Repository => ({
    ...repository,
    ledger: {
      ...repository.ledger,
      append: (decide) =>
        repository.ledger.append(async (state) => {
          const drafts = await decide(state);
          const strike = this.#armed;
          if (strike !== null && drafts.length > 0) {
            this.#armed = null;
            await strike();
          }
          return drafts;
        }),
    },
  });
}

describe.each(['quarantine', 'stop'] as const)(
  'a foreign commit between a decision and its record, where the configuration says %s',
  (answer) => {
    let world: World;
    const intruder = new Intruder();
    beforeAll(async () => {
      world = await World.begin({
        config: `version: 1\nledger: { on_foreign_commit: ${answer} }\n`,
      });
      await world.machine({ around: intruder.around });
    });
    afterAll(() => world.end('commits.quarantined'));

    const tip = async (): Promise<string> => {
      const ref = await world.act('owner', 'GET', `/git/ref/heads/${branch}`);
      return String(fieldOf(fieldOf(ref, 'object'), 'sha'));
    };

    /** Writes junk behind the last event as soon as the approval is to be recorded. */
    async function struck(title: string) {
      const { id, number } = await world.planned(title);
      await world.settled();
      const before = { history: await world.history(), tip: await tip() };
      let foreign = '';
      intruder.arm(async () => {
        await world.push('owner', branch, segment, `${await world.read(branch, segment)}junk\n`);
        foreign = await tip();
      });
      await world.label('maintainer', number, 'assent:approve');
      await expect.poll(() => intruder.struck && foreign !== '', patience).toBe(true);
      return { id, before, foreign };
    }

    const approvals = async (id: string) =>
      (await world.history()).filter(({ type, item }) => type === 'approval.given' && item === id)
        .length;

    const fault = async () =>
      (await world.machines.at(-1)?.service.shown())?.[0]?.faults.join('\n');

    it.runIf(answer === 'quarantine')(
      'is set aside right behind what was sound, and what was decided is decided again, once',
      async () => {
        const { id, before, foreign } = await struck('Meanwhile');
        const { length } = before.history;
        // Until it is set aside nobody can read it, this test included.
        const next = async () => (await world.history())[length]?.type;
        await expect.poll(next, patience).toBe('ledger.quarantined');
        await world.waits(id, 'merge');
        const history = await world.history();
        expect(history.slice(0, length)).toEqual(before.history);
        expect(history[length]).toMatchObject({
          type: 'ledger.quarantined',
          data: { tip: foreign },
        });
        expect(history.filter(({ type }) => type === 'ledger.quarantined')).toHaveLength(1);
        expect(await approvals(id)).toBe(1);
      },
    );

    it.runIf(answer === 'stop')(
      'stops with the reason, nothing written on top of it; put back, it goes on with what was said meanwhile',
      async () => {
        const { id, before, foreign } = await struck('Meanwhile');
        await expect.poll(fault, patience).toMatch(/not what Assent wrote: .*not JSON/s);
        expect(await tip()).toBe(foreign);
        expect(await fault()).toContain(before.tip);

        const sha = before.tip;
        await world.act('owner', 'PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
        await world.waits(id, 'merge');
        expect((await world.history()).slice(0, before.history.length)).toEqual(before.history);
        expect(await approvals(id)).toBe(1);
        await expect.poll(fault, patience).toBe('');
      },
    );
  },
);
