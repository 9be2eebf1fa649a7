import type { ProtectionRecord, RuleRecord } from '../model.ts';

/** What a branch wants of a pull request, by whatever kind of rule. */
export interface Wanted {
  readonly reviews: number;
  readonly checks: NonNullable<ProtectionRecord['requiredChecks']> | null;
  readonly conversations: boolean;
  readonly signatures: boolean;
  readonly linear: boolean;
}

export const wantedByProtection = (protection: ProtectionRecord): Wanted => ({
  reviews: protection.requiredReviews?.count ?? 0,
  checks: protection.requiredChecks,
  conversations: protection.conversations,
  signatures: protection.signatures,
  linear: protection.linearHistory,
});

/** Several rulesets add up, the strictest of each kind. */
export function wantedByRules(rules: readonly RuleRecord[]): Wanted {
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const pulls = rules.filter(({ type }) => type === 'pull_request').map(parametersOf);
  const checks = rules.filter(({ type }) => type === 'required_status_checks').map(parametersOf);
  return {
    reviews: Math.max(
      0,
      ...pulls.map((one) => Number(one['required_approving_review_count'] ?? 0)),
    ),
    checks:
      checks.length === 0
        ? null
        : {
            strict: checks.some((one) => one['strict_required_status_checks_policy'] === true),
            checks: checks.flatMap((one) => listOf(one['required_status_checks'])).map(toCheck),
          },
    conversations: pulls.some((one) => one['required_review_thread_resolution'] === true),
    signatures: has('required_signatures'),
    linear: has('required_linear_history'),
  };
}

type Parameters = Readonly<Record<string, unknown>>;

const parametersOf = ({ parameters = {} }: RuleRecord): Parameters => parameters;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function toCheck(value: unknown): { context: string; appId: number | null } {
  const given: Parameters = typeof value === 'object' && value !== null ? { ...value } : {};
  const { context, integration_id: app } = given;
  return {
    context: typeof context === 'string' ? context : '',
    appId: typeof app === 'number' ? app : null,
  };
}
