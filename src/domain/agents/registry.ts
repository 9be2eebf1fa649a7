import type { RepositoryConfig } from '../repository-config.ts';
import { agentNames, type AgentName } from '../work-item/state.ts';
import { agentTools, refusedCall, type AgentTool, type ToolTier } from './tools.ts';
import { toolsThere, type AgentUses } from './uses.ts';

/** One agent as `.github/assent.yml` declares it. */
export interface RegisteredAgent {
  readonly role: AgentName;
  readonly enabled: boolean;
  readonly uses: AgentUses;
  /** Null: the service's own. */
  readonly model: string | null;
  readonly tools: readonly { readonly name: AgentTool; readonly tier: ToolTier }[];
  /** What it can do beside answering, in words. */
  readonly capabilities: readonly string[];
}

export const registeredAgents = ({ agents }: RepositoryConfig): readonly RegisteredAgent[] =>
  agentNames.map((role) => {
    const { enabled, uses, model, tools } = agents[role];
    const allowed = toolsThere(role, uses.kind).filter((name) => refusedCall(tools, name) === null);
    return {
      role,
      enabled,
      uses,
      model,
      tools: allowed.map((name) => ({ name, tier: agentTools[name] })),
      capabilities: capabilities(role, uses, allowed),
    };
  });

const capabilities = (
  role: AgentName,
  uses: AgentUses,
  tools: readonly AgentTool[],
): readonly string[] => [
  ...(role === 'contributor' ? ['edits a checkout'] : []),
  ...(uses.kind === 'built-in'
    ? ['asks the model']
    : [
        'runs a program in the sandbox',
        ...(tools.includes('model') ? ['asks the model, through the proxy'] : []),
        ...(uses.kind === 'process' ? ['asks a human'] : []),
      ]),
];
