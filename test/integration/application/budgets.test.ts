import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer } from './model.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

const budget = (tokens: number) => `budgets: [{ agents: [triager], tokens_per_day: ${tokens} }]\n`;

/** A budget is for what is spent, not for what is achieved. */
describe('an agent whose runs fail', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin({ policies: policies + budget(500) });
    await world.machine();
  });
  afterAll(() => world.end());

  it('spends its budget by that alone, is not begun again, and goes on once there is more of it', async () => {
    const prose = Array.from({ length: 6 }, () => answer('I would rather not say.'));
    world.model.next('triager', ...prose);
    const number = await world.issue('Say something');
    const id = `issue-${number}`;
    // Two attempts of three turns, 110 tokens each.
    const item = await world.until(
      'the budget to be spent',
      ({ items }) => items[id]?.note?.includes('budget') && items[id],
    );
    expect(item).toMatchObject({ authority: 'failed', attempts: 2, tokens: 660 });
    expect(item.note).toBe('budget of the triager is spent: 660 of 500 tokens today');
    expect((await world.state()).usage.tokens).toEqual({ triager: 660 });
    await world.settled();
    expect(await world.comment1(number)).toContain('budget of the triager is spent');
    // Nobody's else either: what it proposed would be denied, and paid for.
    const asked = world.model.asked.length;
    const other = `issue-${await world.issue('Another')}`;
    await world.until('the other to wait', ({ items }) => items[other]?.note?.includes('budget'));
    expect(world.model.asked).toHaveLength(asked);
    await world.push('owner', 'main', 'policies/default.yml', policies + budget(5000));
    await world.waits(id, 'plan');
    await world.waits(other, 'plan');
  });
});

/** One who edits an issue again and again, or opens many, must not use up everybody's budget alone. */
describe('runs of agents within a day', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine({ most_runs: { item: 2, person: 3 } });
  });
  afterAll(() => world.end());

  it('are no more than so many for one item, nor for one person, and go on where there is room', async () => {
    // Each run ends after three.
    world.model.next('triager', ...Array.from({ length: 9 }, () => answer('Rather not.')));
    const first = `issue-${await world.issue('Say something')}`;
    const stopped = await world.until(
      'the item to be stopped',
      ({ items }) => items[first]?.note?.includes('begun for it') && items[first],
    );
    expect(stopped).toMatchObject({ authority: 'failed', attempts: 2 });
    const second = `issue-${await world.issue('Say more')}`;
    await world.until(
      'the person to be stopped',
      ({ items }) => items[second]?.note?.startsWith('3 runs') === true,
    );
    expect(await world.item(second)).toMatchObject({ attempts: 1 });
    // Somebody else is not.
    await world.waits(`issue-${await world.issue('Mine', 'Please.', 'writer')}`, 'plan');

    await world.machines.at(-1)?.stop();
    await world.machine({ most_runs: { item: 4, person: 9 } });
    await world.waits(first, 'plan');
    await world.waits(second, 'plan');
  });
});
