import { toolNames, type AgentTool } from './tools.ts';

/** Coding agents that Assent knows how to start, where they are installed; none of them comes with it. */
export const coderNames = ['codex', 'claude', 'opencode', 'aider'] as const;
export type CoderName = (typeof coderNames)[number];

/** What does an agent's work: Assent's own, or a program in the sandbox. */
export type AgentUses =
  | { readonly kind: 'built-in' }
  | (Program & { readonly kind: 'process'; readonly command: readonly [string, ...string[]] })
  | (Program & { readonly kind: 'coder'; readonly coder: CoderName });

interface Program {
  readonly timeout_ms: number;
  /** Names, looked for on the PATH of the machine that runs the service. */
  readonly programs: readonly string[];
}

export const builtIn: AgentUses = { kind: 'built-in' };
export const defaultTimeoutMs = 20 * 60_000;

/** What there is to allow or refuse each kind of agent: a program works with tools of its own inside its sandbox. */
export const toolsThere = (role: string, uses: AgentUses['kind']): readonly AgentTool[] =>
  uses !== 'built-in'
    ? ['model']
    : role === 'contributor'
      ? toolNames.filter((name) => name !== 'model')
      : [];
