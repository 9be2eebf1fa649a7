import type { Simulator, SimulatorOptions } from './face.ts';
export async function createSimulator(_options: SimulatorOptions): Promise<Simulator> {
  throw new Error('The simulator is being built.');
}
