/** From somebody's word to stop until the last effect that still went out, while effects flow. `npx node bench/halt.ts [ROUNDS]` */
import { setTimeout as pause } from 'node:timers/promises';
import { ask, tokenOf } from '../test/integration/application/api.ts';
import { World } from '../test/integration/application/world.ts';
import type { Repository } from '../src/application/repository.ts';

const effects = new Set([
  'changeLabels',
  'push',
  'openPullRequest',
  'markReady',
  'publishReview',
  'merge',
  'deleteBranch',
]);
const begun: number[] = [];

const watch = <T extends object>(part: T): T =>
  new Proxy(part, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !effects.has(String(name))) return value;
      return (...args: readonly unknown[]): unknown => {
        begun.push(performance.now());
        return Reflect.apply(value, target, [...args]);
      };
    },
  });
const around = (repository: Repository): Repository => ({
  ...repository,
  host: watch(repository.host),
  files: watch(repository.files),
});

const rounds = Number(process.argv[2] ?? '8');
const world = await World.begin();
const machine = await world.machine({ around });

const ways = {
  comment: (issue: number) => world.comment('writer', issue, '/assent halt'),
  api: () => ask(machine, tokenOf(world, 'writer'), 'POST', '/repositories/acme/widgets/halt', {}),
} as const;

interface Round {
  /** Milliseconds until the last effect began; 0: none began after the word. */
  readonly last: number;
  readonly after: number;
  readonly before: number;
  /** Until it stands in the ledger. */
  readonly recorded: number;
}

async function round(way: keyof typeof ways, wait: number): Promise<Round> {
  const items = [];
  for (let n = 0; n < 3; n += 1) items.push(await world.planned(`Work ${n}`));
  await world.settled();
  begun.length = 0;
  const approving = items.map(({ number }) => world.label('maintainer', number, 'assent:approve'));
  // While effects flow: after the first of them.
  while (begun.length === 0) await pause(5);
  await pause(wait);
  const said = performance.now();
  const saying = ways[way](items[0]?.number ?? 0);
  await world.until('the halt', ({ control }) => control.halted);
  const recorded = performance.now() - said;
  await saying;
  await Promise.all(approving);
  await world.settled();
  const after = begun.filter((at) => at > said);
  const before = begun.length - after.length;
  await world.comment('maintainer', items[0]?.number ?? 0, '/assent resume');
  await world.until('to go on', ({ control }) => control.halted === null);
  for (const { id } of items) await world.waits(id, 'merge');
  const last = after.length === 0 ? 0 : Math.max(...after) - said;
  return { last, after: after.length, before, recorded };
}

const quantile = (values: readonly number[], q: number): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0);

for (const way of ['comment', 'api'] as const) {
  const seen: Round[] = [];
  for (let n = 0; n < rounds; n += 1) seen.push(await round(way, (n * 800) / rounds));
  const last = seen.map((one) => one.last);
  const recorded = seen.map((one) => one.recorded);
  console.log(
    `${way}: ${rounds} halts; ms from the word to the last effect: median ${quantile(last, 0.5)}, 90 % ${quantile(last, 0.9)}, most ${quantile(last, 1)}; effects before and after it: ${seen.map(({ before, after }) => `${before}+${after}`).join(' ')}; ms until recorded: median ${quantile(recorded, 0.5)}, most ${quantile(recorded, 1)}`,
  );
}
await world.end();
