import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

const HALT = 'assent:halt';

const twoPeople = `${policies}  - id: two-people-resume
    actions: [control.resume, agent.enable]
    effect: require_human
    approval: { id: resume, from: { roles: [maintainer] }, count: 2 }
  - id: nobody-halts
    actions: [control.halt]
    effect: deny
`;

/** A world with one issue to talk on, and a switch that each test finds on. */
function switched(project: Parameters<typeof World.begin>[0] = {}) {
  let world: World;
  let number = 0;
  beforeAll(async () => {
    world = await World.begin(project);
    await world.machine();
    number = (await world.planned('To talk on')).number;
  });
  afterAll(() => world.end());
  return {
    get world() {
      return world;
    },
    get number() {
      return number;
    },
    halted: () => world.until('the halt', ({ control }) => control.halted),
    resumed: () => world.until('to go on', ({ control }) => control.halted === null),
    say: (person: Person, text: string) => world.comment(person, number, `/assent ${text}`),
    /** Whatever was said has been heard; gives whether everything is halted. */
    stopped: async () => {
      await world.settled();
      return (await world.state()).control.halted !== null;
    },
  };
}

describe('who may move the switch, where no policy says', () => {
  const on = switched();
  const setTo = async (halted: boolean) => {
    if ((await on.stopped()) === halted) return;
    await on.say('maintainer', halted ? 'halt' : 'resume');
    await (halted ? on.halted() : on.resumed());
  };

  it.each<readonly [person: Person, may: boolean]>([
    ['stranger', false],
    ['reader', false],
    ['triager', false],
    ['writer', true],
    ['maintainer', true],
    ['owner', true],
  ])('by command, the %s may halt: %s', async (person, may) => {
    await setTo(false);
    await on.say(person, 'halt it smells');
    expect(await on.stopped()).toBe(may);
  });

  it.each<readonly [person: Person, may: boolean]>([
    ['stranger', false],
    ['reader', false],
    ['triager', false],
    ['writer', false],
    ['maintainer', true],
    ['owner', true],
  ])('by command, the %s may resume: %s', async (person, may) => {
    await setTo(true);
    await on.say(person, 'resume');
    expect(await on.stopped()).toBe(!may);
  });

  it('halting twice changes nothing, and the first reason stands', async () => {
    await setTo(false);
    await on.say('writer', 'halt first');
    await on.say('owner', 'halt second');
    expect(await on.stopped()).toBe(true);
    expect((await on.world.state()).control.halted).toMatchObject({
      by: 'writer',
      reason: 'first',
    });
    const halts = (await on.world.history()).filter(({ type }) => type === 'control.halted');
    expect(halts.filter(({ data }) => 'reason' in data && data.reason === 'second')).toEqual([]);
  });
});

describe('the label assent:halt', () => {
  const on = switched();
  let other = 0;
  beforeAll(async () => {
    // Nothing Assent works on: any issue will do.
    other = await on.world.issue('Not an item any more');
    await on.world.settled();
    await on.world.act('owner', 'PATCH', `/issues/${other}`, { state: 'closed' });
    await on.world.act('owner', 'POST', '/labels', { name: HALT, color: 'b60205' });
    await on.world.settled();
  });

  it('halts whatever it is set on, and the reason says where', async () => {
    await on.world.label('writer', other, HALT);
    expect(await on.halted()).toMatchObject({
      by: 'writer',
      reason: `label ${HALT} on acme/widgets#${other}`,
    });
  });

  it('taken away by who may not resume, it stays halted; by who may, it goes on', async () => {
    await on.world.unlabel('triager', other, HALT);
    expect(await on.stopped()).toBe(true);
    await on.world.label('writer', other, HALT);
    await on.world.unlabel('maintainer', other, HALT);
    await on.resumed();
  });

  it('set by who may not halt, it is no act', async () => {
    await on.world.label('triager', on.number, HALT);
    expect(await on.stopped()).toBe(false);
    await on.world.unlabel('triager', on.number, HALT);
    expect(await on.stopped()).toBe(false);
  });

  it('set in two places, it holds until it is gone from both', async () => {
    await on.world.label('writer', other, HALT);
    await on.world.act('owner', 'PATCH', `/issues/${other}`, { state: 'open' });
    await on.world.label('owner', on.number, HALT);
    await on.halted();
    await on.world.unlabel('maintainer', on.number, HALT);
    expect(await on.stopped()).toBe(true);
    await on.world.unlabel('maintainer', other, HALT);
    await on.resumed();
  });
});

describe('a policy that takes two people to resume', () => {
  const on = switched({ policies: twoPeople });
  const control = async () => (await on.world.state()).control;
  const role = (login: string, permission: string) =>
    on.world.act('owner', 'PUT', `/collaborators/${login}`, { permission });

  beforeEach(async () => {
    await role('maintainer', 'maintain');
    // Halting again takes back what an earlier story asked for.
    await on.say('writer', 'halt');
    await on.world.until(
      'nobody to ask',
      (state) => state.control.halted !== null && state.control.requests === undefined,
    );
  });

  it('lets a writer halt, whatever the policy says of halting', async () => {
    expect(await on.stopped()).toBe(true);
  });

  it('notes the first and goes on with the second', async () => {
    await on.say('maintainer', 'resume found it');
    expect(await on.stopped()).toBe(true);
    expect((await control()).requests).toMatchObject([
      { act: 'resume', agent: null, login: 'maintainer', reason: 'found it' },
    ]);
    expect(await on.world.comment1(on.number)).toContain('it takes 1 more from role maintainer');
    await on.say('owner', 'resume');
    await on.resumed();
    expect((await control()).requests).toBeUndefined();
  });

  it('takes the same person twice for one', async () => {
    await on.say('maintainer', 'resume');
    await on.say('maintainer', 'resume really');
    expect(await on.stopped()).toBe(true);
    expect((await control()).requests).toHaveLength(1);
  });

  it('takes the word of who has no right for nothing', async () => {
    await on.say('maintainer', 'resume');
    await on.say('writer', 'resume');
    await on.say('stranger', 'resume');
    expect(await on.stopped()).toBe(true);
    expect((await control()).requests).toHaveLength(1);
  });

  it('takes it back when somebody halts again', async () => {
    await on.say('maintainer', 'resume');
    await on.stopped();
    await on.say('writer', 'halt not yet');
    await on.stopped();
    await on.say('owner', 'resume');
    expect(await on.stopped()).toBe(true);
    expect((await control()).requests).toMatchObject([{ login: 'owner' }]);
  });

  it('does not count who lost the role between', async () => {
    await on.say('maintainer', 'resume');
    await on.stopped();
    await role('maintainer', 'push');
    await on.say('owner', 'resume');
    expect(await on.stopped()).toBe(true);
    await role('maintainer', 'maintain');
    await on.say('maintainer', 'resume');
    await on.resumed();
  });

  it('knows who asked after a restart, without a database', async () => {
    await on.say('maintainer', 'resume');
    await on.stopped();
    await on.world.machines.at(-1)?.stop();
    await on.world.machine();
    expect((await control()).requests).toHaveLength(1);
    await on.say('owner', 'resume');
    await on.resumed();
  });

  it('holds for an agent that is switched on again', async () => {
    await on.say('maintainer', 'resume');
    await on.say('owner', 'resume');
    await on.resumed();
    await on.say('writer', 'disable triager too eager');
    await on.say('maintainer', 'enable triager');
    await on.world.settled();
    expect(await control()).toMatchObject({
      disabled_agents: ['triager'],
      requests: [{ act: 'enable', agent: 'triager', login: 'maintainer' }],
    });
    await on.say('owner', 'enable triager');
    await on.world.until('it to be on', (state) => state.control.disabled_agents.length === 0);
  });
});

describe('a word that comes late', () => {
  const on = switched();
  const lastComment = () =>
    on.world.simulator.deliveries.findLast(({ event }) => event === 'issue_comment')?.id ?? 0;

  it('of resuming does not lift a halt that came after it', async () => {
    const { simulator } = on.world;
    await on.world.settled();
    simulator.faults.dropDeliveries = 1;
    await on.say('maintainer', 'resume');
    await simulator.idle();
    const lost = lastComment();
    on.world.tick(30);
    await on.say('writer', 'halt');
    await on.halted();
    await simulator.redeliver(lost);
    expect(await on.stopped()).toBe(true);
    await on.say('maintainer', 'resume');
    await on.resumed();
  });

  it('of halting is obeyed, and the same one once', async () => {
    const { simulator } = on.world;
    await on.world.settled();
    simulator.faults.dropDeliveries = 1;
    await on.say('writer', 'halt');
    await simulator.idle();
    const lost = lastComment();
    on.world.tick(30);
    expect(await on.stopped()).toBe(false);
    await simulator.redeliver(lost);
    await on.halted();
    await on.say('maintainer', 'resume');
    await on.resumed();
    await simulator.redeliver(lost);
    expect(await on.stopped()).toBe(false);
  });
});
