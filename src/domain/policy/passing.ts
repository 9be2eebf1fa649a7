import { evaluate } from './evaluate.ts';
import type { PolicyRequest } from './request.ts';
import type { PolicySet } from './rules.ts';

/**
 * Whether what is denied now may be allowed later without anybody changing it: a limit is over with time, a budget with the day, a
 * window opens, a milestone's gate is approved. What a rule denies it denies for good.
 */
export function mayPass(policies: PolicySet, request: PolicyRequest): boolean {
  const lasting = {
    ...policies,
    limits: [],
    budgets: [],
    windows: [],
    rules: policies.rules.filter((rule) => rule.tightens !== true),
  };
  return evaluate(lasting, request).effect !== 'deny';
}
