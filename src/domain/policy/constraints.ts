import type { PolicyRequest } from './request.ts';
import type { Budget, Limit, PolicySet } from './rules.ts';
import { closedReason } from './window.ts';

/** What forbids an action whatever the rules say: the switch, limits, budgets, windows. Each with its reason. */
export function hindrances(policies: PolicySet, request: PolicyRequest): readonly string[] {
  return [
    ...stopped(request),
    ...policies.limits.flatMap((limit) => overLimit(limit, request)),
    ...overBudgets(policies, request.action.agent, request.usage),
    ...outsideWindows(policies, request),
  ];
}

function stopped({ control, action }: PolicyRequest): readonly string[] {
  return [
    ...(control.halted ? ['everything is halted; /assent resume goes on'] : []),
    ...(action.agent !== null && control.disabled_agents.includes(action.agent)
      ? [`the ${action.agent} is disabled; /assent enable ${action.agent} goes on`]
      : []),
  ];
}

const names = (list: readonly string[] | null, name: string | null) =>
  list === null || (name !== null && list.includes(name));

/** An entry that names several agents or actions limits them together, which is the stricter reading. */
function overLimit(limit: Limit, { action, usage }: PolicyRequest): readonly string[] {
  if (!names(limit.agents, action.agent) || !names(limit.actions, action.kind)) return [];
  const counted = usage.counts.filter(
    (count) => names(limit.agents, count.agent) && names(limit.actions, count.action),
  );
  const over = (have: number, most: number | null, span: string) =>
    // Written so that a count that is no number is over the limit too.
    most === null || have < most ? [] : [`limit reached: ${have} of ${most} in the last ${span}`];
  return [
    ...over(total(counted.map((count) => count.hour)), limit.perHour, 'hour'),
    ...over(total(counted.map((count) => count.day)), limit.perDay, 'day'),
  ];
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** Which budgets of an agent are spent. What Assent does itself (`null`), such as a merge that humans approved, costs no tokens. */
export const overBudgets = (
  { budgets }: Pick<PolicySet, 'budgets'>,
  agent: string | null,
  usage: Pick<PolicyRequest['usage'], 'tokens_today' | 'usd_today'>,
): readonly string[] =>
  agent === null ? [] : budgets.flatMap((budget) => overBudget(budget, agent, usage));

function overBudget(
  budget: Budget,
  agent: string,
  usage: Pick<PolicyRequest['usage'], 'tokens_today' | 'usd_today'>,
): readonly string[] {
  if (!names(budget.agents, agent)) return [];
  const over = (have: number, most: number | null, unit: string) =>
    most === null || have < most
      ? []
      : [`budget of the ${agent} is spent: ${have} of ${most} ${unit} today`];
  return [
    ...over(usage.tokens_today, budget.tokensPerDay, 'tokens'),
    ...over(usage.usd_today, budget.usdPerDay, 'USD'),
  ];
}

/** Windows of one file are alternatives, as in "Mon to Thu, or Fri mornings"; files bind together, so that a file only tightens. */
function outsideWindows(
  { files, windows }: PolicySet,
  { action, at }: PolicyRequest,
): readonly string[] {
  return files.flatMap((file) => {
    const binding = windows.filter(
      (window) =>
        window.file === file &&
        names(window.agents, action.agent) &&
        names(window.actions, action.kind),
    );
    const closed = binding.length === 0 ? null : closedReason(binding, at);
    return closed === null ? [] : [`${closed} (${file})`];
  });
}
