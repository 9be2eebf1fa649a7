import { createSimulator } from './start.ts';
import type { Simulator, SimulatorOptions } from './face.ts';

export type {
  CreateRepositoryInput,
  Counters,
  Delivery,
  ExchangeObserver,
  FaultSwitches,
  Person,
  RequestFault,
  Simulator,
  SimulatorApp,
  SimulatorOptions,
  SimulatorPeople,
  SimulatorRepository,
} from './face.ts';

/** A GitHub on this machine's loopback: real git repositories behind REST, GraphQL, smart HTTP and webhooks. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return createSimulator(options);
}
