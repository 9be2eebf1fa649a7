import type { Sandbox } from '../../ports/sandbox.ts';
import { openBubblewrap } from './bubblewrap/bubblewrap.ts';
import type { UserRange } from './bubblewrap/slots.ts';
import { openContainer } from './container/container.ts';
import { createUnsafeHostSandbox } from './host.ts';
import { createUnavailableSandbox } from './unavailable.ts';

export interface SandboxOptions {
  /** Of `SandboxConfig`. */
  readonly kind: 'auto' | 'bubblewrap' | 'container' | 'unsafe-host';
  readonly image: string | null;
  readonly users: UserRange | null;
  /** Ours alone; workspaces lie below it. */
  readonly folder: string;
}

/** The sandbox an operator chose, or one that says why there is none: never another, less safe one. */
export async function openSandbox({
  kind,
  image,
  users,
  folder,
}: SandboxOptions): Promise<Sandbox> {
  if (kind === 'unsafe-host') return createUnsafeHostSandbox();
  const reasons: string[] = [];
  if (kind !== 'container') {
    const sandbox = await openBubblewrap({ folder, ...(users === null ? {} : { users }) });
    const { kind: found, reason } = sandbox.capability();
    if (found !== 'unavailable') return sandbox;
    reasons.push(reason);
  }
  if (image !== null && kind !== 'bubblewrap') {
    const sandbox = await openContainer({ image, folder });
    const { kind: found, reason } = sandbox.capability();
    if (found !== 'unavailable') return sandbox;
    reasons.push(reason);
  }
  return createUnavailableSandbox(reasons.join('; '));
}
