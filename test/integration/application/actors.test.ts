import { RequestError } from '@octokit/request-error';
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeHostFault } from '../../../src/adapters/github/fault.ts';
import type { Repository } from '../../../src/application/repository.ts';
import type { Account, PermissionFacts } from '../../../src/ports/code-host.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

type Way = 'review' | 'label' | 'command';
type Act = (world: World, pull: number) => Promise<unknown>;

const acts: Readonly<Record<Way, readonly [path: (pull: number) => string, body: object]>> = {
  review: [(pull) => `/pulls/${pull}/reviews`, { event: 'APPROVE', body: 'Good.' }],
  label: [(pull) => `/issues/${pull}/labels`, { labels: ['assent:approve'] }],
  command: [(pull) => `/issues/${pull}/comments`, { body: '/assent approve' }],
};

const ways: readonly Way[] = ['review', 'label', 'command'];

/** By an account that GitHub knows, with its own token. */
const by =
  (token: (world: World) => string) =>
  (way: Way): Act =>
  (world, pull) =>
    world.simulatorAs(token(world), 'POST', acts[way][0](pull), acts[way][1]);

/** GitHub itself shows some accounts the door: that too is no approval. */
const cast =
  (person: 'triager' | 'reader' | 'stranger') =>
  (way: Way) =>
  async (world: World, pull: number) => {
    const { status } = await world.try(person, 'POST', acts[way][0](pull), acts[way][1]);
    if (status >= 300 && (way !== 'label' || status >= 500)) throw new Error(`${way}: ${status}`);
  };

/** An account with the maintainer's rights and, but for what it is, everything an approver has. */
const named = (login: string): ((way: Way) => Act) => {
  let token: string | null = null;
  return (way) => async (world, pull) => {
    if (token === null) {
      token = world.simulator.society.join(login).token;
      const at = `/collaborators/${encodeURIComponent(login)}`;
      await world.act('owner', 'PUT', at, { permission: 'maintain' });
    }
    await by(() => token ?? '')(way)(world, pull);
  };
};

interface Nobody {
  readonly who: string;
  readonly act: (way: Way) => Act;
}

const nobodies: readonly Nobody[] = [
  { who: 'the triage role', act: cast('triager') },
  { who: 'the read role', act: cast('reader') },
  { who: 'a stranger', act: cast('stranger') },
  { who: 'another App', act: by(({ simulator }) => simulator.otherApp.token) },
  { who: 'a login that ends in [bot], with every right', act: named('mia[bot]') },
];

const merged = (world: World, id: string) =>
  world.until(`${id} to merge`, ({ finished }) => finished[id]?.outcome === 'merged');

const givenOn = async (world: World, id: string) =>
  (await world.item(id))?.approvals.filter(({ gate }) => gate === 'pull_request.merge');

/** Nothing came of it so far; then the maintainer approves: of a gate that was shut anyway the row would prove nothing. Gives who counted. */
async function whoCounted(world: World, id: string, pull: number) {
  await world.settled();
  expect(await world.item(id)).toMatchObject({
    stage: 'merge',
    authority: 'waiting_for_human',
    gate: { waiting_for: [{ have: 0 }] },
  });
  await world.review('maintainer', pull, 'APPROVE');
  await merged(world, id);
  return (await world.history()).flatMap((event) =>
    event.type === 'approval.given' && event.item === id ? [event.data.approval.login] : [],
  );
}

/** SECURITY.md: only a `User`, by id, whose permission is looked up at the moment of acting. */
describe('who cannot approve', () => {
  let world: World;
  let turn = 0;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  async function opened() {
    turn += 1;
    const pull = await world.pull('writer', `actors-${turn}`);
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    return { pull, id };
  }

  describe.each(nobodies)('$who', ({ act }) => {
    it.each(ways)('by %s', async (way) => {
      const { pull, id } = await opened();
      await act(way)(world, pull);
      expect(await whoCounted(world, id, pull)).toEqual(['maintainer']);
    });
  });

  it('whoever a payload calls OWNER: what it says of anybody’s standing is not read', async () => {
    const { pull, id } = await opened();
    await world.settled();
    await world.comment('stranger', pull, '/assent approve');
    await world.simulator.idle();
    await deliverAsOwner(world, 'issue_comment');
    await world.simulatorAs(world.simulator.people.stranger.token, 'POST', ...reviewed(pull));
    await world.simulator.idle();
    await deliverAsOwner(world, 'pull_request_review');
    expect(await whoCounted(world, id, pull)).toEqual(['maintainer']);
  });
});

const reviewed = (pull: number): [string, object] => [acts.review[0](pull), acts.review[1]];

/** The last delivery of its kind, once more, signed, with another word on who its author is. */
async function deliverAsOwner(world: World, event: string): Promise<void> {
  const { simulator } = world;
  const last = simulator.deliveries.findLast((one) => one.event === event);
  const body = (last?.request.body ?? '').replaceAll(
    /"author_association":"[A-Z_]+"/g,
    '"author_association":"OWNER"',
  );
  expect(body).toContain('"author_association":"OWNER"');
  const hmac = createHmac('sha256', simulator.app.webhookSecret).update(body).digest('hex');
  const answer = await fetch(simulator.webhookUrl ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${hmac}`,
    },
    body,
  });
  expect(answer.status).toBe(202);
}

/** What GitHub tells of kinds of account that cannot be had here; all else of the act is the maintainer's own. */
describe('what is no User counts for nothing, whatever its id may do', () => {
  const told: { account: Account | null } = { account: null };
  const retold = (account: Account): Account =>
    told.account !== null && account.login === 'maintainer'
      ? { ...told.account, id: told.account.id === 0 ? 0 : account.id }
      : account;
  const around = (repository: Repository): Repository => {
    const { host } = repository;
    return {
      ...repository,
      host: {
        ...host,
        pullRequestWithEvidence: async (number) => {
          const found = await host.pullRequestWithEvidence(number);
          const of = <Fact extends { readonly user: Account }>(facts: readonly Fact[]) =>
            facts.map((fact) => ({ ...fact, user: retold(fact.user) }));
          return found === null
            ? null
            : {
                ...found,
                reviews: of(found.reviews),
                comments: of(found.comments),
                label_events: of(found.label_events),
              };
        },
      },
    };
  };
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ around });
  });
  afterAll(() => world.end());

  it.each<readonly [string, Account]>([
    ['a Bot', { id: 1, login: 'maintainer', type: 'Bot' }],
    ['an Organization', { id: 1, login: 'maintainer', type: 'Organization' }],
    ['a Mannequin, which an import left', { id: 1, login: 'maintainer', type: 'Mannequin' }],
    ['an EnterpriseUserAccount', { id: 1, login: 'maintainer', type: 'EnterpriseUserAccount' }],
    ['a kind nobody knows', { id: 1, login: 'maintainer', type: 'Unknown' }],
    ['an account that was deleted', { id: 0, login: 'ghost', type: 'Ghost' }],
  ])('%s', async (_who, account) => {
    told.account = account;
    const pull = await world.pull('writer', `kinds-${account.type}`);
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    for (const way of ways) await world.act('maintainer', 'POST', acts[way][0](pull), acts[way][1]);
    const { gate } = await world.until('all three to be judged', ({ items }) => {
      const item = items[id];
      return (item?.gate?.ignored.length ?? 0) >= 3 && item;
    });
    await world.settled();
    for (const { reason } of gate?.ignored ?? []) {
      expect(reason).toContain(`is no person on GitHub (type ${account.type})`);
    }
    expect(await givenOn(world, id)).toEqual([]);
    told.account = null;
    await world.review('owner', pull, 'APPROVE');
    await merged(world, id);
  });
});

const two = 'two';

/** Changes in that folder take two approvals. */
const twoFor = (folder: string): string =>
  `${policies}  - id: more
    actions: [pull_request.merge]
    when: pull_request.files.exists(f, f.path.startsWith("${folder}/"))
    effect: require_human
    approval: { id: more, from: { roles: [maintainer] }, count: 2, by: [review] }
`;

const permissionPath = '/collaborators/maintainer/permission';

describe('a look at somebody’s permission', () => {
  const told: { permission: string | null; faults: CodeHostFault[] } = {
    permission: null,
    faults: [],
  };
  const around = (repository: Repository): Repository => ({
    ...repository,
    host: {
      ...repository.host,
      permission: async (login): Promise<PermissionFacts | null> => {
        const fault = login === 'maintainer' ? told.faults.pop() : undefined;
        if (fault !== undefined) throw fault;
        const found = await repository.host.permission(login);
        return found === null || told.permission === null || login !== 'maintainer'
          ? found
          : { ...found, permission: told.permission };
      },
    },
  });
  let world: World;
  let turn = 0;
  beforeAll(async () => {
    world = await World.begin({ policies: twoFor(two) });
    await world.machine({ around });
  });
  afterAll(() => world.end());

  async function opened(path = 'one') {
    turn += 1;
    const branch = `looks-${turn}`;
    const pull = await world.pull('writer', branch, `${path}/${branch}.txt`);
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.settled();
    return { pull, id };
  }
  const ignoredFor = (id: string, what: string) =>
    world.until(what, ({ items }) =>
      items[id]?.gate?.ignored.some(({ reason }) => reason.includes(what)),
    );

  it('that GitHub answers 404 (nobody it knows) is a no', async () => {
    const { pull, id } = await opened();
    world.simulator.faults.failRequests({ status: 404, count: 1000, path: permissionPath });
    await world.review('maintainer', pull, 'APPROVE');
    await ignoredFor(id, 'the permission of maintainer in this repository is not known');
    world.simulator.faults.reset();
    expect(await givenOn(world, id)).toEqual([]);
    await world.review('owner', pull, 'APPROVE');
    await merged(world, id);
  });

  it('that gives a role nobody here knows (an enterprise’s own) is a no, and names it', async () => {
    const { pull, id } = await opened();
    told.permission = 'release-captain';
    await world.review('maintainer', pull, 'APPROVE');
    await ignoredFor(id, '"release-captain", is none that is known');
    told.permission = null;
    expect(await givenOn(world, id)).toEqual([]);
    await world.review('owner', pull, 'APPROVE');
    await merged(world, id);
  });

  it.each([
    ['an outage', { status: 502, message: 'Bad gateway' }],
    ['the rate limit', { status: 403, message: 'You have exceeded a secondary rate limit.' }],
  ] as const)(
    'that meets %s gives nothing and ends nothing that stands: it is made again',
    async (_what, { status, message }) => {
      const { pull, id } = await opened(two);
      await world.review('maintainer', pull, 'APPROVE');
      await world.until('the first', ({ items }) =>
        items[id]?.approvals.some(({ step }) => step === 'more'),
      );
      await world.settled();
      told.faults = Array.from({ length: 3 }, () => failed(status, message));
      await world.review('owner', pull, 'APPROVE');
      await merged(world, id);
      expect(told.faults).toEqual([]);
      const events = (await world.history()).filter(({ item }) => item === id);
      const given = events.flatMap((event) =>
        event.type === 'approval.given' && event.data.approval.step === 'more'
          ? [event.data.approval.login]
          : [],
      );
      expect(given).toEqual(['maintainer', 'owner']);
      expect(events.filter(({ type }) => type === 'approval.ended')).toEqual([]);
    },
  );

  it('that GitHub limits for a second is made again by itself', async () => {
    const { pull, id } = await opened();
    const fault = { status: 403, retryAfter: 1, count: 1, path: permissionPath } as const;
    world.simulator.faults.failRequests(fault);
    await world.review('maintainer', pull, 'APPROVE');
    await merged(world, id);
    expect(world.simulator.faults.requests).toEqual([]);
  });
});

/** As the adapter throws it once its own patience is over. */
const failed = (status: number, message: string) =>
  new CodeHostFault(
    'permission of maintainer',
    new RequestError(message, status, {
      request: { method: 'GET', url: 'https://api.github.example', headers: {} },
      response: { status, url: '', headers: {}, data: null },
    }),
  );
