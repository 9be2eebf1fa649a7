import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PowerCut, type Act } from './kill.ts';
import { fieldOf, World } from './world.ts';

const every = (merges: number) =>
  `version: 1\nagents:\n  governor: { every: ${merges} }\n  reviewer: { enabled: false }\n`;

/** Every merge that was counted, by cycle, in order. */
async function cyclesOf(world: World): Promise<Readonly<Record<number, readonly number[]>>> {
  const cycles: Record<number, number[]> = {};
  for (const event of await world.history()) {
    if (event.type !== 'merge.counted') continue;
    (cycles[event.data.cycle] ??= []).push(event.data.merge.pull_request);
  }
  return cycles;
}

const shaOf = (value: unknown): string => String(fieldOf(value, 'sha'));

/** What the world's people do with branches and merges, beside what every story does. */
class Merging {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  async byHand(name: string): Promise<number> {
    const pull = await this.world.pull('writer', name);
    await this.world.merge('owner', pull);
    await this.world.ended(`pull-${pull}`);
    return pull;
  }

  async as(method: 'squash' | 'rebase', pull: number): Promise<void> {
    await this.world.act('owner', 'PUT', `/pulls/${pull}/merge`, { merge_method: method });
  }

  async byApp(pull: number): Promise<void> {
    this.world.tick();
    const { url, otherApp } = this.world.simulator;
    const merged = await fetch(`${url}/repos/acme/widgets/pulls/${pull}/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${otherApp.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    if (merged.status !== 200) throw new Error(`the App could not merge: ${merged.status}`);
  }

  /** Two merge commits made elsewhere and pushed at once: GitHub finds both pull requests merged. */
  async inOnePush(first: number, second: number): Promise<void> {
    const { world } = this;
    const head = async (pull: number) =>
      shaOf(fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'head'));
    const treeOf = async (sha: string) =>
      shaOf(fieldOf(await world.act('owner', 'GET', `/git/commits/${sha}`), 'tree'));
    const commit = async (tree: string, parents: readonly string[]) =>
      shaOf(await world.act('owner', 'POST', '/git/commits', { message: 'Merge', tree, parents }));
    const main = shaOf(fieldOf(await world.act('owner', 'GET', '/git/ref/heads/main'), 'object'));
    const [a, b] = [await head(first), await head(second)];
    const one = await commit(await treeOf(a), [main, a]);
    const both = await world.act('owner', 'POST', '/git/trees', {
      base_tree: await treeOf(a),
      tree: [{ path: `pushed-${second}.txt`, mode: '100644', type: 'blob', content: 'both\n' }],
    });
    const two = await commit(shaOf(both), [one, b]);
    await world.act('owner', 'PATCH', '/git/refs/heads/main', { sha: two });
  }

  async redeliverClosings(): Promise<void> {
    // Those there are: each redelivery is itself one more, and the list would have no end.
    const closings = this.world.simulator.deliveries.filter(
      ({ event, action }) => event === 'pull_request' && action === 'closed',
    );
    for (const { id } of [...closings, ...closings]) await this.world.simulator.redeliver(id);
    await this.world.settled();
  }

  /** What the governor's pull request of that cycle says. */
  async body(cycle: string): Promise<string> {
    const { pull_request } = await this.world.waits(cycle, 'merge');
    const pull = await this.world.act('owner', 'GET', `/pulls/${pull_request?.number}`);
    return String(fieldOf(pull, 'body'));
  }
}

describe('each merge is counted once, in exactly one cycle', () => {
  let world: World;
  let merging: Merging;
  beforeEach(async () => {
    world = await World.begin({ config: every(5) });
    merging = new Merging(world);
  });
  afterEach(() => world.end());

  const leave = async () => {
    await world.settled();
    await world.machines.at(-1)?.stop();
    world.simulator.setWebhook(null);
  };

  it('twelve at once are two cycles and two merges more, however often they are told', async () => {
    await world.machine();
    const pulls: number[] = [];
    for (let n = 1; n <= 12; n += 1) pulls.push(await world.pull('writer', `n${n}`));
    await leave();
    for (const pull of pulls) await world.merge('owner', pull);
    await world.machine();
    for (const pull of pulls) await world.ended(`pull-${pull}`);
    await merging.redeliverClosings();
    expect(await cyclesOf(world)).toEqual({
      1: pulls.slice(0, 5),
      2: pulls.slice(5, 10),
      3: pulls.slice(10),
    });
    // One roadmap, one pull request after another: side by side the second could not be merged.
    await world.waits('cycle-1', 'merge');
    expect(await world.item('cycle-2')).toMatchObject({
      authority: 'created',
      note: 'Governance cycle 1 comes first',
    });
    for (const cycle of ['cycle-1', 'cycle-2']) {
      const { pull_request } = await world.waits(cycle, 'merge');
      await world.review('maintainer', pull_request?.number ?? 0, 'APPROVE');
      expect(await world.ended(cycle)).toMatchObject({ outcome: 'published' });
    }
  });

  it('two that one push carries are two, each with its own files and its own way back', async () => {
    await world.push('owner', 'main', '.github/assent.yml', every(2));
    await world.machine();
    const [a, b] = [await world.pull('writer', 'aa'), await world.pull('writer', 'bb')];
    await merging.inOnePush(a, b);
    expect(await world.ended(`pull-${a}`)).toMatchObject({ outcome: 'merged' });
    expect(await world.ended(`pull-${b}`)).toMatchObject({ outcome: 'merged' });
    const { 1: counted = [] } = await cyclesOf(world);
    expect(new Set(counted)).toEqual(new Set([a, b]));
    expect(counted).toHaveLength(2);
    const reverts = (await merging.body('cycle-1')).match(/git revert -m 1 [0-9a-f]{40}/g) ?? [];
    expect(new Set(reverts).size).toBe(2);
  });

  it('squashed and rebased ones too, told with all their files and a command that takes them back', async () => {
    await world.push('owner', 'main', '.github/assent.yml', every(2));
    await world.machine();
    const squashed = await world.pull('writer', 'squashed');
    await world.push('writer', 'squashed', 'second.txt', 'two\n');
    await merging.as('squash', squashed);
    await world.ended(`pull-${squashed}`);
    const rebased = await world.pull('writer', 'rebased');
    await world.push('writer', 'rebased', 'third.txt', 'three\n');
    await merging.as('rebase', rebased);
    await world.ended(`pull-${rebased}`);
    const body = await merging.body('cycle-1');
    expect(body).toContain('4 files, +4 −0');
    expect(body).toMatch(new RegExp(`#${squashed}: \`git revert [0-9a-f]{40}\``));
    expect(body).toMatch(
      new RegExp(`#${rebased}: \`git revert [0-9a-f]{40}\\^\\.\\.[0-9a-f]{40}\``),
    );
  });

  it('a revert is a merge of its own; what it takes back stays counted, and finishes nothing', async () => {
    await world.push('owner', 'main', '.github/assent.yml', every(3));
    await world.machine();
    const feature = await merging.byHand('feature');
    await world.branch('writer', 'revert-feature');
    await world.push('writer', 'revert-feature', 'gone.txt', 'gone\n');
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: 'Revert "Add feature.txt"',
      body: `Reverts acme/widgets#${feature}`,
      head: 'revert-feature',
      base: 'main',
    });
    const revert = Number(fieldOf(opened, 'number'));
    await world.merge('owner', revert);
    await world.ended(`pull-${revert}`);
    const other = await merging.byHand('other');
    const body = await merging.body('cycle-1');
    expect(await cyclesOf(world)).toEqual({ 1: [feature, revert, other] });
    expect(body).toContain(`; taken back by #${revert}`);
    expect(body).toContain(`; takes back #${feature} of cycle 1`);
    // The model named the feature as what finished an item.
    expect(body).toContain('No line changes.');
  });

  it('one that went into another branch is over and not counted; that branch is, once it comes', async () => {
    await world.machine();
    const inner = await world.pull('writer', 'inner');
    await world.waits(`pull-${inner}`, 'merge');
    await world.branch('writer', 'collect');
    await world.act('writer', 'PATCH', `/pulls/${inner}`, { base: 'collect' });
    await world.merge('owner', inner);
    expect(await world.ended(`pull-${inner}`)).toMatchObject({
      outcome: 'closed',
      reason: expect.stringContaining('into collect'),
    });
    const outer = Number(
      fieldOf(
        await world.act('writer', 'POST', '/pulls', {
          title: 'Collect',
          head: 'collect',
          base: 'main',
          body: '',
        }),
        'number',
      ),
    );
    await world.merge('owner', outer);
    await world.ended(`pull-${outer}`);
    expect(await cyclesOf(world)).toEqual({ 1: [outer] });
  });

  it('nor while Assent is away: the item ends at its return', async () => {
    await world.machine();
    const inner = await world.pull('writer', 'inner');
    await world.waits(`pull-${inner}`, 'merge');
    await leave();
    await world.branch('writer', 'collect');
    await world.act('writer', 'PATCH', `/pulls/${inner}`, { base: 'collect' });
    await world.merge('owner', inner);
    await world.machine();
    expect(await world.ended(`pull-${inner}`)).toMatchObject({ outcome: 'closed' });
    expect(await cyclesOf(world)).toEqual({});
  });

  it('one by an App is told of once, however often it is seen again', async () => {
    await world.machine();
    const pull = await world.pull('writer', 'by-app');
    await world.waits(`pull-${pull}`, 'merge');
    await merging.byApp(pull);
    await leave();
    const unseen = await world.pull('writer', 'unseen');
    await merging.byApp(unseen);
    await world.machine();
    for (const number of [pull, unseen]) {
      expect(await world.ended(`pull-${number}`)).toMatchObject({ outcome: 'closed' });
    }
    await leave();
    const before = (await world.history()).length;
    await world.machine();
    await merging.redeliverClosings();
    expect((await world.history()).slice(before)).toEqual([]);
    expect(await cyclesOf(world)).toEqual({});
  });

  it('one made while Assent was away and its policies were broken', async () => {
    await world.machine();
    const pull = await world.pull('writer', 'quiet');
    await world.waits(`pull-${pull}`, 'merge');
    await leave();
    await world.push('owner', 'main', 'policies/default.yml', 'version: 7\n');
    await world.merge('owner', pull);
    await world.machine();
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
    expect(await cyclesOf(world)).toEqual({ 1: [pull] });
  });

  it('whatever the number of merges to a cycle becomes meanwhile', async () => {
    await world.machine();
    const pulls = [];
    for (const name of ['a1', 'a2', 'a3', 'a4']) pulls.push(await merging.byHand(name));
    await world.push('owner', 'main', '.github/assent.yml', every(3));
    await world.waits('cycle-1', 'merge');
    expect(await cyclesOf(world)).toEqual({ 1: pulls });
    await world.push('owner', 'main', '.github/assent.yml', every(7));
    const next = await merging.byHand('a5');
    expect((await world.state()).cycle).toMatchObject({ number: 2, every: 7 });
    expect(await cyclesOf(world)).toEqual({ 1: pulls, 2: [next] });
  });
});

describe('the power goes while a cycle is published', () => {
  let world: World;
  let merging: Merging;
  beforeAll(async () => {
    world = await World.begin({ config: every(1) });
    merging = new Merging(world);
  });
  afterAll(() => world.end());

  it.each<readonly [what: string, act: Act, after: number]>([
    ['the commit that counts the merge', 'append', 1],
    ['the commit after it', 'append', 2],
    ['the push of its branch', 'push', 0],
    ['its pull request', 'openPullRequest', 0],
    ['its merge', 'merge', 0],
  ])('%s: it is counted and published once', async (what, act, after) => {
    const power = new PowerCut(act, after);
    await world.machine({ around: power.around, mortal: true });
    const { number } = (await world.state()).cycle;
    const story = (async () => {
      const pull = await merging.byHand(`cut-${number}`);
      const { pull_request } = await world.waits(`cycle-${number}`, 'merge');
      await world.review('maintainer', pull_request?.number ?? 0, 'APPROVE');
      expect(await world.ended(`cycle-${number}`)).toMatchObject({ outcome: 'published' });
      return pull;
    })();
    await power.struck;
    await world.machine();
    const pull = await story;
    await world.settled();
    expect(what).not.toBe('');
    expect((await cyclesOf(world))[number]).toEqual([pull]);
  });
});

describe('the five questions', () => {
  let world: World;
  let merging: Merging;
  beforeAll(async () => {
    world = await World.begin({ config: every(1) });
    merging = new Merging(world);
  });
  afterAll(() => world.end());

  it('are answered from facts, or no pull request opens: a human mends it and says retry', async () => {
    let silent = true;
    await world.machine({
      around: (repository) => ({
        ...repository,
        host: new Proxy(repository.host, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name);
            if (name !== 'checks' || !silent) return value;
            return () => Promise.reject(new Error('403 from GitHub'));
          },
        }),
      }),
    });
    const pull = await merging.byHand('unchecked');
    const dead = await world.until('the cycle to wait for a human', ({ items }) => {
      const item = items['cycle-1'];
      return item?.authority === 'dead' && item;
    });
    expect(dead.note).toContain('how_it_can_fail: GitHub does not tell the checks');
    expect(dead.pull_request).toBeNull();
    expect(world.model.asked.filter(({ agent }) => agent === 'governor')).toEqual([]);
    silent = false;
    await world.comment('reader', pull, '/assent retry cycle-1');
    await world.settled();
    expect(await world.item('cycle-1')).toMatchObject({ authority: 'dead' });
    await world.comment('maintainer', pull, '/assent retry cycle-1 the token may read checks now');
    expect(await merging.body('cycle-1')).toContain('Checks ran at 0 of 1 merges; 0 failed there.');
  });
});
