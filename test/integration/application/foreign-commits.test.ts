import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDashboard } from '../../../src/application/views/dashboard.ts';
import { chain } from '../../../src/domain/ledger/chain.ts';
import type { RecordedEvent } from '../../../src/domain/ledger/envelope.ts';
import { eventLine } from '../../../src/domain/ledger/segments.ts';
import { sha256 } from '../../../src/composition.ts';
import { fieldOf, list, World } from './world.ts';

const branch = 'assent/ledger';
const segment = '.ai_metadata/history/000001.jsonl';
const queue = '.ai_metadata/queue.json';

/** The ledger's branch as somebody with push access can treat it. */
class Hand {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async tip(): Promise<string> {
    const ref = await this.#world.act('owner', 'GET', `/git/ref/heads/${branch}`);
    return String(fieldOf(fieldOf(ref, 'object'), 'sha'));
  }

  async parent(sha: string): Promise<string> {
    const commit = await this.#world.act('owner', 'GET', `/git/commits/${sha}`);
    return String(fieldOf(list(fieldOf(commit, 'parents'))[0], 'sha'));
  }

  async segment(path = segment): Promise<string> {
    const text = await this.#world.read(branch, path);
    if (text === null) throw new Error('there is no history');
    return text;
  }

  async last(): Promise<string> {
    const folder = await this.#world.act(
      'owner',
      'GET',
      `/contents/.ai_metadata/history?ref=${encodeURIComponent(branch)}`,
    );
    return String(fieldOf(list(folder).at(-1), 'path'));
  }

  async events(path: string): Promise<readonly RecordedEvent[]> {
    return (await this.segment(path))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedEvent);
  }

  async typeAt(event: number): Promise<string | undefined> {
    return (await this.#world.history()).at(event)?.type;
  }

  write(path: string, text: string): Promise<void> {
    return this.#world.push('owner', branch, path, text);
  }

  async remove(path: string): Promise<void> {
    const file = await this.#world.act(
      'owner',
      'GET',
      `/contents/${path}?ref=${encodeURIComponent(branch)}`,
    );
    const sha = fieldOf(file, 'sha');
    await this.#world.act('owner', 'DELETE', `/contents/${path}`, { message: 'tidy', sha, branch });
  }

  async reset(sha: string): Promise<void> {
    await this.#world.act('owner', 'PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
  }

  async drop(): Promise<void> {
    await this.#world.act('owner', 'DELETE', `/git/refs/heads/${branch}`);
  }

  /** An event with its right place and hashes, in a commit that says all that Assent's say. */
  async forge(type: string, item: string | null, data: unknown, as: string): Promise<void> {
    const path = await this.last();
    const events = await this.events(path);
    const last = events.at(-1);
    if (last === undefined) throw new Error('nothing to forge upon');
    const actor = { kind: 'human', id: 2, login: 'maintainer' } as const;
    const { at, policy } = last;
    const draft = { id: `forged-${last.sequence}`, at, type, version: 1, item, actor, data };
    const [event] = chain(last, [{ ...draft, cause: null, policy }], sha256);
    if (event === undefined) throw new Error('nothing was forged');
    const content = `${await this.segment(path)}${eventLine(event)}`;
    if (as === 'person') return this.write(path, content);
    const tip = await this.tip();
    const tree = await this.#world.act('owner', 'POST', '/git/trees', {
      base_tree: tip,
      tree: [{ path, mode: '100644', type: 'blob', content }],
    });
    const bot = await this.#world.act('owner', 'GET', `/commits/${tip}`);
    const email = fieldOf(fieldOf(fieldOf(bot, 'commit'), 'author'), 'email');
    const author = { name: 'assent[bot]', email };
    const commit = await this.#world.act('owner', 'POST', '/git/commits', {
      message: `ledger: issue is approved [skip ci]\n\nAssent-Head: ${event.sequence} ${event.hash}`,
      tree: fieldOf(tree, 'sha'),
      parents: [tip],
      author,
      committer: { name: 'GitHub', email: 'noreply@github.com' },
    });
    await this.reset(String(fieldOf(commit, 'sha')));
  }
}

/** Until the ledger is put right nobody can read it. */
const patience = { timeout: 20_000 };

interface Misdeed {
  readonly name: string;
  readonly does: (hand: Hand) => Promise<void>;
  /** Whether anything of it has to be kept: what is only gone is put back whole. */
  readonly kept: boolean;
  readonly says: RegExp;
}

const titled = <T extends { readonly name: string }>(all: readonly T[]) =>
  all.map((one) => [one.name, one] as const);

const misdeeds: readonly Misdeed[] = [
  {
    name: 'a line of junk behind the last event',
    does: async (hand) => hand.write(segment, `${await hand.segment()}junk\n`),
    kept: true,
    says: /not JSON/,
  },
  {
    name: 'an event that was edited',
    does: async (hand) =>
      hand.write(segment, (await hand.segment()).replace('"login":"reader"', '"login":"owner"')),
    kept: true,
    says: /was edited/,
  },
  {
    name: 'a segment that was deleted',
    does: (hand) => hand.remove(segment),
    kept: true,
    says: /holds no history|the end was cut off|removed/,
  },
  {
    name: 'a branch that was set back to an earlier commit of ours',
    does: async (hand) => hand.reset(await hand.parent(await hand.tip())),
    kept: false,
    says: /the end was cut off/,
  },
  {
    name: 'a branch that was deleted',
    does: (hand) => hand.drop(),
    kept: false,
    says: /deleted/,
  },
  {
    name: 'an event with right hashes, in a commit by a person',
    does: (hand) => hand.forge('control.halted', null, { reason: 'stop' }, 'person'),
    kept: true,
    says: /Assent did not write/,
  },
  {
    name: 'an event with right hashes, in a commit that says what ours say, unsigned',
    does: (hand) => hand.forge('control.halted', null, { reason: 'stop' }, 'assent'),
    kept: true,
    says: /does not vouch/,
  },
];

describe('what other hands did to the ledger, where the configuration says quarantine', () => {
  let world: World;
  let hand: Hand;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assent-foreign-'));
    world = await World.begin({
      config: 'version: 1\nledger: { on_foreign_commit: quarantine }\n',
    });
    hand = new Hand(world);
    await world.machine({ folder });
  });
  afterAll(() => world.end('commits.quarantined'));

  it.each(titled(misdeeds))(
    'is set aside, kept, and gone on from: %s',
    async (_, { does, kept, says }) => {
      const { id, number } = await world.planned('Foreign');
      await world.settled();
      const before = await world.history();
      await does(hand);
      const tip = kept ? await hand.tip() : null;
      await world.label('maintainer', number, 'assent:approve');
      await expect.poll(() => hand.typeAt(before.length), patience).toBe('ledger.quarantined');
      await world.waits(id, 'merge');

      const history = await world.history();
      expect(history.slice(0, before.length)).toEqual(before);
      const event = history[before.length];
      if (event?.type !== 'ledger.quarantined') throw new Error(`${event?.type} came next`);
      expect(event.data.reason).toMatch(says);
      if (tip === null) {
        expect(event.data).toMatchObject({ branch: null, commits: [] });
      } else {
        expect(event.data).toMatchObject({ tip, branch: `assent/quarantine/${tip.slice(0, 12)}` });
        expect(event.data.commits.map(({ commit }) => commit)).toEqual([tip]);
        const kept = await world.act('owner', 'GET', `/git/ref/heads/${event.data.branch}`);
        expect(fieldOf(fieldOf(kept, 'object'), 'sha')).toBe(tip);
      }
      expect((await world.state()).control.halted).toBeNull();
    },
  );

  it('is found after a restart, too: a machine remembers where it was', async () => {
    await world.planned('Before the restart');
    await world.settled();
    await world.machines[0]?.stop();
    const before = await world.history();
    await hand.reset(await hand.parent(await hand.tip()));
    await world.machine({ folder });
    await expect.poll(() => hand.typeAt(before.length), patience).toBe('ledger.quarantined');
    await world.planned('After the restart');
    const history = await world.history();
    expect(history.slice(0, before.length)).toEqual(before);
    expect(history[before.length]?.type).toBe('ledger.quarantined');
  });
});

describe('what other hands did to the ledger that decides nothing', () => {
  let world: World;
  let hand: Hand;
  beforeAll(async () => {
    world = await World.begin();
    hand = new Hand(world);
    await world.machine();
  });
  afterAll(() => world.end('commits.foreign'));

  it.each([
    ['a README beside it', 'README.md', (text: string) => `${text}hello\n`],
    ['queue.json', queue, (text: string) => text.replace('"every": 5', '"every": 1')],
    [
      'queue.json, as if it knew more',
      queue,
      (text: string) => text.replace(/"sequence": \d+/, '"sequence": 9999'),
    ],
    ['INTERNAL_LOG.md', 'INTERNAL_LOG.md', (text: string) => `${text}hello\n`],
  ])('is tolerated, and written again where it is a projection: %s', async (_, path, change) => {
    const { id, number } = await world.planned('Harmless');
    await world.settled();
    const edited = change((await world.read(branch, path)) ?? '');
    await hand.write(path, edited);
    await world.label('maintainer', number, 'assent:approve');
    await world.waits(id, 'merge');
    expect((await world.history()).some(({ type }) => type === 'ledger.quarantined')).toBe(false);
    const after = await world.read(branch, path);
    if (path === 'README.md') expect(after).toBe(edited);
    else expect(after).not.toBe(edited);
  });
});

describe('what other hands did to the ledger, where nothing is configured', () => {
  let world: World;
  let hand: Hand;
  beforeAll(async () => {
    world = await World.begin();
    hand = new Hand(world);
    await world.machine();
  });
  afterAll(() => world.end('commits.quarantined'));

  const fault = async () => (await world.machines.at(-1)?.service.shown())?.[0]?.faults.join('\n');

  it('stops everything with the reason and the remedy, until a human put it back; then it goes on by itself', async () => {
    const { id, number } = await world.planned('Stopped');
    await world.settled();
    const sound = await hand.tip();
    await hand.write(segment, `${await hand.segment()}junk\n`);
    const tip = await hand.tip();
    await world.label('maintainer', number, 'assent:approve');
    await expect.poll(fault, { timeout: 5_000 }).toMatch(/not what Assent wrote: .*not JSON/s);
    expect(await fault()).toContain(`git push --force origin ${sound}:refs/heads/${branch}`);
    expect(await hand.tip()).toBe(tip);

    await hand.reset(sound);
    await world.waits(id, 'merge');
    expect(await fault()).toBe('');
  });

  it('stops a start as well, and the dashboard shows why, with the difference', async () => {
    const { number } = await world.planned('Before the start');
    await world.settled();
    await world.machines.at(-1)?.stop();
    const sound = await hand.tip();
    await hand.write(segment, `${await hand.segment()}junk\n`);
    const machine = await world.machine();
    await expect.poll(fault, { timeout: 20_000 }).toMatch(/not what Assent wrote/);
    const dashboard = createDashboard({
      repositories: () => machine.service.shown(),
      inbox: machine.composed.engine.inbox,
      now: () => world.now().toISOString(),
      web: 'https://github.example',
    });
    const [shown] = (await dashboard.overview()).repositories;
    expect(shown?.ledger.foreign_patch).toContain('\n+junk');
    expect(shown?.faults.join('\n')).toContain(sound);

    await hand.reset(sound);
    await world.comment('reader', number, 'Anything new?');
    await expect.poll(fault, { timeout: 20_000 }).toBe('');
  });

  it('goes on also once the configuration says quarantine', async () => {
    const { id, number } = await world.planned('Configured late');
    await world.settled();
    const { length } = await world.history();
    await hand.write(segment, `${await hand.segment()}junk\n`);
    await world.label('maintainer', number, 'assent:approve');
    await expect.poll(fault, { timeout: 5_000 }).toMatch(/not what Assent wrote/);
    const config = 'version: 1\nledger: { on_foreign_commit: quarantine }\n';
    await world.push('owner', 'main', '.github/assent.yml', config);
    await expect.poll(() => hand.typeAt(length), patience).toBe('ledger.quarantined');
    await world.waits(id, 'merge');
  });
});
