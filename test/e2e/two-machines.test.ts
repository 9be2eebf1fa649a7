import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../support/postgres.ts';
import {
  startTwoMachines,
  until,
  type Machine,
  type TwoMachines,
} from '../support/two-machines.ts';

const atWork = ({ model }: TwoMachines): number =>
  model.asked.filter(({ ended }) => ended === null).length;

describe.runIf(hasPostgres)('two machines on one database and one ledger', () => {
  let both: TwoMachines;
  const machines: Machine[] = [];
  beforeAll(async () => {
    both = await startTwoMachines();
  });
  afterAll(() => both.close());

  it('a word to stop, said to one, ends what an agent does on the other, which then leaves nothing', async () => {
    const { model, simulator } = both;
    const first = await both.machine();
    await simulator.as('reader')('POST', '/repos/acme/widgets/issues', {
      title: 'Spaces at the beginning of a cell are kept',
      body: 'I print a table whose cells begin with spaces. They are kept; I expected them to be trimmed.',
    });
    // Nobody else is there yet to ask it.
    await until('an agent at work', () => model.asked.length === 1);
    const [run] = model.asked;
    const second = await both.machine();
    machines.push(second);
    await both.quiet();

    first.freeze();
    expect(await both.say(second, 'writer', 'halt')).toMatchObject({ end: 'done' });
    await until('the halt to be recorded, by the second', () => both.halted());
    expect(run?.ended).toBeNull();
    first.thaw();

    await until('the first to hang up', () => run?.ended !== null);
    await both.quiet();
    expect(model.asked).toHaveLength(1);
    expect(await both.history()).not.toMatch(/"type":"(?:proposal|run)\.(?!started)/u);

    await both.say(second, 'maintainer', 'resume');
    await until('the run to begin anew', () => model.asked.length === 2);
  });

  it('whichever of them asked for a run and whichever did it, it begins anew when it may go on', async () => {
    const [machine] = machines;
    if (machine === undefined) throw new Error('no machine');
    const before = both.model.asked.length;
    for (let round = 0; round < 2; round += 1) {
      await both.quiet();
      await both.say(machine, 'writer', 'halt');
      await until('the agent to hang up', () => atWork(both) === 0);
      await both.quiet();
      await both.say(machine, 'maintainer', 'resume');
      await until('the run to begin anew', () => atWork(both) === 1);
    }
    expect(both.model.asked.length).toBeGreaterThan(before);
  });
});
