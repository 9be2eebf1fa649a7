import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { World } from './world.ts';

const PAST_S = 70;

/** A question that nobody answers does not stand for ever, where policies say so (docs/policies.md, `expires`). */
describe('a question that may lapse', () => {
  let world: World;
  beforeAll(async () => {
    const lapsing = policies
      .replace('- id: plan\n', '- id: plan\n    expires: 1m\n')
      .replace('- id: merge\n', '- id: merge\n    expires: 1m\n');
    world = await World.begin({ policies: lapsing });
    await world.machine();
  });
  afterAll(() => world.end());

  /** Time passes, and something unrelated wakes the repository up. */
  const pass = async (seconds: number) => {
    world.tick(seconds);
    await world.issue('Something else');
  };

  it('says until when it stands, ends its item after that, and nobody’s late yes changes it', async () => {
    const { id, number } = await world.planned('Nobody answers');
    await world.settled();
    expect(await world.comment1(number)).toMatch(
      /Unanswered, it lapses on \d{4}-\d\d-\d\d at \d\d:\d\d UTC/,
    );
    await pass(PAST_S);
    expect(await world.ended(id)).toMatchObject({ outcome: 'expired' });
    await world.settled();
    expect(await world.comment1(number)).toMatch(/Expired[\s\S]*\/assent retry/);
    const types = (await world.history()).filter(({ item }) => item === id).map(({ type }) => type);
    expect(types).toContain('gate.expired');

    await world.label('maintainer', number, 'assent:approve');
    await world.settled();
    expect(await world.item(id)).toBeUndefined();
  });

  it('is asked again when somebody who may says /assent retry, and only then', async () => {
    const { id, number } = await world.planned('Asked again');
    await pass(PAST_S);
    await world.ended(id);
    await world.comment('reader', number, '/assent retry');
    await world.settled();
    expect(await world.item(id)).toBeUndefined();

    await world.comment('writer', number, '/assent retry');
    const again = await world.waits(id, 'plan');
    expect(again.gate?.since.slice(0, 10)).toBe(world.now().toISOString().slice(0, 10));
  });

  it('is not let go while an answer lies on GitHub that no delivery told of', async () => {
    const { id, pull } = await world.contributed('Answered unheard');
    world.simulator.faults.dropDeliveries = 1;
    await world.review('maintainer', pull, 'APPROVE');
    world.simulator.faults.dropDeliveries = 0;
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
    await pass(PAST_S);
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('leaves the pull request open when it was about one, and takes no merge from it by itself', async () => {
    const { id, pull } = await world.contributed('Left lying');
    await pass(PAST_S);
    expect(await world.ended(id)).toMatchObject({ outcome: 'expired', pull_request: pull });
    await world.review('maintainer', pull, 'APPROVE');
    await world.settled();
    expect(await world.act('reader', 'GET', `/pulls/${pull}`)).toMatchObject({
      state: 'open',
      merged: false,
    });
  });

  it('does not lapse while somebody holds it', async () => {
    const { id, number } = await world.planned('Held');
    await world.comment('maintainer', number, '/assent hold until the release');
    await world.until('the hold', ({ items }) => items[id]?.held !== null);
    await pass(PAST_S);
    await world.settled();
    expect(await world.item(id)).toMatchObject({ authority: 'waiting_for_human' });
  });
});
