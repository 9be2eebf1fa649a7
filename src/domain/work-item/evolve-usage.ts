import type { EventData } from './event.ts';
import type { Growth } from './growth.ts';
import type { Usage } from './state.ts';

/** What an act cost its agent, and that it was done. */
export function addUsage(
  growth: Growth,
  usage: Usage,
  proposed: EventData['agent.proposed'],
  at: string,
): Usage {
  const { agent, action } = proposed;
  return addAct(growth, addTokens(growth, usage, proposed, at), { agent, action, at });
}

/** What is done in an agent's name, for the limits of policies. */
export function addAct(growth: Growth, usage: Usage, act: Usage['acts'][number]): Usage {
  const dayBefore = Date.parse(act.at) - 86_400_000;
  const acts = growth.append(usage.acts, act, ({ at }) => Date.parse(at) > dayBefore);
  return acts === usage.acts ? usage : growth.change(usage, { acts });
}

/** What a run cost that came to no act. */
export function addTokens(
  growth: Growth,
  usage: Usage,
  { agent, usage: spent }: Pick<EventData['agent.proposed'], 'agent' | 'usage'>,
  at: string,
): Usage {
  const day = at.slice(0, 10);
  const sameDay = usage.day === day;
  const { input_tokens, output_tokens, usd } = spent;
  const add = (totals: Readonly<Record<string, number>>, amount: number) =>
    growth.put(totals, agent, (totals[agent] ?? 0) + amount);
  return growth.change(usage, {
    day,
    tokens: add(sameDay ? usage.tokens : {}, input_tokens + output_tokens),
    usd: add(sameDay ? usage.usd : {}, usd ?? 0),
  });
}
