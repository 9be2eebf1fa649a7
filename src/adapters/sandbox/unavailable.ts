import type { Sandbox } from '../../ports/sandbox.ts';

/** No sandbox, no step: what stands in until bubblewrap does. Items that need steps wait with this reason. */
export function createUnavailableSandbox(reason: string): Sandbox {
  return {
    capability: () => ({ kind: 'unavailable', reason }),
    run: () => Promise.resolve({ kind: 'unavailable', reason }),
  };
}
