import { registeredAgents, type RegisteredAgent } from '../../domain/agents/registry.ts';
import type { RepositoryConfig } from '../../domain/repository-config.ts';
import type { Programs } from '../../ports/programs.ts';

/** An agent as the repository declares it, with what of it this machine has. */
export interface ListedAgent extends RegisteredAgent {
  readonly programs: readonly {
    readonly name: string;
    /** Null: it is not there, and `missing` says what to do. */
    readonly path: string | null;
    readonly missing: string | null;
  }[];
}

export const listAgents = (
  config: RepositoryConfig,
  programs: Programs,
): Promise<readonly ListedAgent[]> =>
  Promise.all(
    registeredAgents(config).map(async (agent) => ({
      ...agent,
      programs: await Promise.all(programsOf(agent).map((name) => look(programs, name))),
    })),
  );

/** A path in a command is a file of the repository, or of the sandbox: nothing to look for here. */
function programsOf({ uses }: RegisteredAgent): readonly string[] {
  if (uses.kind === 'built-in') return [];
  const own = uses.kind === 'coder' ? uses.coder : uses.command[0];
  return [...new Set([...(own.includes('/') ? [] : [own]), ...uses.programs])];
}

async function look(programs: Programs, name: string): Promise<ListedAgent['programs'][number]> {
  const found = await programs.find(name);
  return found.ok
    ? { name, path: found.value.path, missing: null }
    : { name, path: null, missing: found.refusal.message };
}
