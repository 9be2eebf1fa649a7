import { createSimulator } from './start.ts';
import type { Simulator, SimulatorOptions } from './face.ts';

export type {
  ExchangeObserver,
  Person,
  Simulator,
  SimulatorOptions,
  SimulatorRepository,
} from './face.ts';

/** A GitHub on this machine's loopback: real git repositories behind REST, GraphQL, smart HTTP and webhooks. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return createSimulator(options);
}
