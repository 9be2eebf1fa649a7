/**
 * Two machines on one PostgreSQL: from a word to stop, said to either, until the agent at work on one of them has hung up, and
 * until the word stands in the ledger. `npx node bench/machines.ts [ROUNDS]`
 */
import { startTwoMachines, until } from '../test/support/two-machines.ts';

const rounds = Number(process.argv[2] ?? '10');
const both = await startTwoMachines();
const { model, simulator } = both;
const ended: number[] = [];
const recorded: number[] = [];
try {
  const machines = [await both.machine(), await both.machine()];
  await simulator.as('reader')('POST', '/repos/acme/widgets/issues', {
    title: 'Spaces at the beginning of a cell are kept',
    body: 'I print a table whose cells begin with spaces. They are kept; I expected them to be trimmed.',
  });

  for (let round = 0; round < rounds; round += 1) {
    await until('an agent at work', () => model.asked.some((one) => one.ended === null));
    await both.quiet();
    const run = model.asked.findLast((one) => one.ended === null);
    const machine = machines[round % 2];
    if (machine === undefined || run === undefined) throw new Error('no machine');
    const said = performance.now();
    await both.say(machine, 'writer', 'halt');
    await until('the halt to be recorded', () => both.halted());
    recorded.push(performance.now() - said);
    await until('the agent to hang up', () => run.ended !== null);
    ended.push((run.ended ?? 0) - said);
    await both.quiet();
    if (model.asked.some((one) => one.ended === null))
      throw new Error('an agent began while all was halted');
    await both.say(machine, 'maintainer', 'resume');
  }
} finally {
  await both.close();
}

const tell = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b).map(Math.round);
  return `median ${sorted[Math.floor(sorted.length / 2)]}, most ${sorted.at(-1)}`;
};
console.log(
  `${rounds} halts; ms until recorded: ${tell(recorded)}; until the agent hung up: ${tell(ended)}`,
);
