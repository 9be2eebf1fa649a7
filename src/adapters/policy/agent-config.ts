import { z } from 'zod';
import {
  builtIn,
  coderNames,
  defaultTimeoutMs,
  toolsThere,
  type AgentUses,
} from '../../domain/agents/uses.ts';
import { toolNames, toolTiers } from '../../domain/agents/tools.ts';
import type { AgentConfig } from '../../domain/repository-config.ts';
import type { AgentName } from '../../domain/work-item/state.ts';
import { duration, milliseconds } from './duration.ts';

const longestMs = 4 * 3_600_000;

const argument = z
  .string()
  .min(1, 'is empty')
  .max(2_000)
  .refine((text) => !text.includes('\u0000'), 'holds a NUL character');

/** The keys by which an agent is told from another, beside what its role brings. */
export const agentKeys = {
  uses: z.enum(['built-in', 'process', ...coderNames]).default('built-in'),
  command: z
    .tuple([argument], argument)
    .optional()
    .describe(
      'With "uses: process": the program and its arguments. A path is read from the default branch.',
    ),
  timeout: duration
    .refine((text) => milliseconds(text) <= longestMs, 'is more than 4h')
    .optional()
    .describe('How long the program may take; 20m where it is not said.'),
  programs: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9][\w.+-]{0,99}$/u, 'is no name of a program: no path, no arguments'),
    )
    .max(10)
    .optional()
    .describe('Programs on the PATH of the service that the program starts.'),
  tools: z.array(z.enum(toolNames)).max(toolNames.length).optional().describe('None but these.'),
  tier: z
    .enum(toolTiers)
    .optional()
    .describe('No tool above this tier: read < write < run < outward.'),
};

type Written = z.output<z.ZodObject<typeof agentKeys>>;

/** Keys that say something only together; each fault at the key that is in the wrong place. */
export const agentFaults =
  (role: AgentName) =>
  (written: Written, context: z.core.$RefinementCtx): void => {
    const { uses, command, tools = [], tier } = written;
    const fault = (key: keyof Written, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (uses === 'process' && command === undefined) {
      fault('uses', 'takes a command: command: [python3, agents/mine.py]');
    }
    if (uses !== 'process' && command !== undefined) {
      fault('command', `belongs to "uses: process"; this agent uses ${uses}`);
    }
    if (uses === 'aider' && role !== 'contributor') {
      fault('uses', 'is aider, which edits files and gives no other answer: for the contributor');
    }
    if (uses === 'built-in') {
      for (const key of ['timeout', 'programs'] as const) {
        if (written[key] !== undefined) fault(key, 'is for programs; this agent is built in');
      }
    } else if (tier === 'read' || tier === 'write') {
      fault('tier', `is ${tier}, and a program runs: run, or outward to let it ask the model`);
    }
    const there = toolsThere(role, kindOf(uses));
    for (const tool of tools.filter((name) => !there.includes(name))) {
      const known = there.length === 0 ? 'it has none' : `it has ${there.join(', ')}`;
      fault('tools', `the ${role} has no tool "${tool}" here: ${known}`);
    }
  };

const kindOf = (uses: Written['uses']): AgentUses['kind'] =>
  uses === 'built-in' || uses === 'process' ? uses : 'coder';

export const agentConfig = (
  written: Written & Pick<AgentConfig, 'enabled' | 'model'>,
): AgentConfig => ({
  enabled: written.enabled,
  model: written.model,
  uses: usesOf(written),
  tools: { tools: written.tools ?? null, tier: written.tier ?? 'outward' },
});

function usesOf({ uses, command, timeout, programs = [] }: Written): AgentUses {
  const program = {
    timeout_ms: timeout === undefined ? defaultTimeoutMs : milliseconds(timeout),
    programs,
  };
  if (uses === 'built-in') return builtIn;
  if (uses !== 'process') return { kind: 'coder', coder: uses, ...program };
  if (command === undefined) throw new TypeError('a process without a command passed the schema');
  return { kind: 'process', command, ...program };
}
