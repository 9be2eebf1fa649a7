import type { AgentUses } from '../../domain/agents/uses.ts';
import type { AgentName } from '../../domain/work-item/state.ts';
import type { SandboxCapability } from '../../ports/sandbox.ts';

/** Why an agent cannot work for want of a sandbox, or null. Our own need one for a repository's steps alone; any other, to be started. */
export function noSandbox(
  agent: AgentName,
  { kind: uses }: AgentUses,
  { kind, reason }: SandboxCapability,
): string | null {
  if (uses === 'built-in' && agent !== 'contributor') return null;
  if (kind === 'unavailable') return reason;
  return kind === 'host-demo' && uses !== 'built-in'
    ? 'Programs of others run in a sandbox, and there is none.'
    : null;
}
