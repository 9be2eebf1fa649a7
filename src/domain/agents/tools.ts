/** How much harm a tool could do at worst, least first: look, change the run's own checkout, run programs, reach out of it. */
export const toolTiers = ['read', 'write', 'run', 'outward'] as const;
export type ToolTier = (typeof toolTiers)[number];

/** Every tool an agent can be given. What hands in the work (`finish`) is none: policy judges what it hands in. */
export const agentTools = {
  list: 'read',
  search: 'read',
  read: 'read',
  replace: 'write',
  write: 'write',
  remove: 'write',
  run: 'run',
  /** A program's own way to the model service, through the proxy. */
  model: 'outward',
} as const satisfies Readonly<Record<string, ToolTier>>;

export type AgentTool = keyof typeof agentTools;

export const toolNames = Object.keys(agentTools) as readonly AgentTool[];

const isAgentTool = (name: string): name is AgentTool => Object.hasOwn(agentTools, name);

const tierOf = (name: string): ToolTier | null => (isAgentTool(name) ? agentTools[name] : null);

/** What an agent may use at all: the tools named, none of them above the tier. */
export interface ToolAllowance {
  /** Null: all of them. */
  readonly tools: readonly AgentTool[] | null;
  readonly tier: ToolTier;
}

export const everyTool: ToolAllowance = { tools: null, tier: 'outward' };

/** A call that is not carried out. */
export interface RefusedCall {
  readonly tool: string;
  /** Null: there is no such tool. */
  readonly tier: ToolTier | null;
  readonly reason: string;
}

/** Null: it may. A tool that nobody knows is refused like one that is not allowed. */
export function refusedCall({ tools, tier }: ToolAllowance, tool: string): RefusedCall | null {
  const risk = tierOf(tool);
  if (risk === null || !isAgentTool(tool)) {
    return { tool, tier: null, reason: 'there is no such tool' };
  }
  if (tools !== null && !tools.includes(tool)) {
    return { tool, tier: risk, reason: 'it is not among the tools of this agent' };
  }
  return toolTiers.indexOf(risk) > toolTiers.indexOf(tier)
    ? { tool, tier: risk, reason: `its tier is ${risk}, and this agent may use ${tier} at most` }
    : null;
}

/** The highest tier among tools that were used; `unknown` where one of them is not known here. */
export function tierOfWork(tools: readonly string[]): ToolTier | 'none' | 'unknown' {
  let highest = -1;
  for (const tool of tools) {
    const tier = tierOf(tool);
    if (tier === null) return 'unknown';
    highest = Math.max(highest, toolTiers.indexOf(tier));
  }
  return toolTiers[highest] ?? 'none';
}
