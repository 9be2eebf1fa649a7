import type { Sandbox } from '../../ports/sandbox.ts';

/** No sandbox, no step: what needs one waits with this reason. */
export function createUnavailableSandbox(reason: string): Sandbox {
  const unavailable = { kind: 'unavailable', reason } as const;
  return {
    capability: () => unavailable,
    run: () => Promise.resolve(unavailable),
    execute: () => Promise.resolve(unavailable),
  };
}
