import type { Actor } from './actor.ts';
import { nameOf } from './actor.ts';
import type { World } from './world.ts';

/** Requests an hour. The simulator counts and tells; only a fault switch refuses. */
const hourly = 5_000;

export function rateLimit(world: World, actor: Actor) {
  const used = world.counters.byActor[nameOf(actor)] ?? 0;
  const limit = actor.kind === 'anonymous' ? 60 : hourly;
  const hour = 3_600_000;
  return {
    limit,
    used: used % limit,
    remaining: limit - (used % limit),
    reset: Math.ceil(world.date().getTime() / hour) * (hour / 1000),
  };
}
