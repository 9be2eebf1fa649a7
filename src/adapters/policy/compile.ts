import type {
  Approval,
  Budget,
  Composite,
  Condition,
  From,
  Limit,
  PolicySet,
  Role,
  Rule,
  Survival,
  Window,
} from '../../domain/policy/rules.ts';
import { whyClosed } from '../../domain/policy/milestones.ts';
import { weekdays } from '../../domain/policy/rules.ts';
import { compileCondition } from './condition.ts';
import { milliseconds } from './duration.ts';
import { compileGlob } from './glob.ts';
import type { ApprovalEntry, FromEntry } from './approval-schema.ts';
import { milestoneRules, type MilestoneRule } from './milestones.ts';
import type { PolicyFile, RuleEntry } from './schema.ts';

export interface CheckedFile {
  readonly file: string;
  readonly policy: PolicyFile;
}

/** Turns files that passed the schema into what the domain evaluates. */
export function compileSet(files: readonly CheckedFile[], digest: string): PolicySet {
  return {
    digest,
    files: files.map(({ file }) => file),
    roles: new Map(
      files.flatMap(({ policy }) =>
        Object.entries(policy.roles ?? {}).map(([name, role]) => [name, roleOf(role)]),
      ),
    ),
    rules: files.flatMap(({ file, policy }) => [
      ...(policy.rules ?? []).map((rule) => ruleOf(file, rule)),
      ...(policy.milestones ?? []).flatMap(milestoneRules).map((rule) => tightening(file, rule)),
    ]),
    limits: files.flatMap(({ file, policy }) =>
      (policy.limits ?? []).map((entry): Limit => ({
        file,
        agents: entry.agents ?? null,
        actions: entry.actions ?? null,
        perHour: entry.per_hour ?? null,
        perDay: entry.per_day ?? null,
      })),
    ),
    budgets: files.flatMap(({ file, policy }) =>
      (policy.budgets ?? []).map((entry): Budget => ({
        file,
        agents: entry.agents ?? null,
        tokensPerDay: entry.tokens_per_day ?? null,
        usdPerDay: entry.usd_per_day ?? null,
      })),
    ),
    windows: files.flatMap(({ file, policy }) =>
      (policy.windows ?? []).map((entry) => windowOf(file, entry)),
    ),
    retries: files.flatMap(({ file, policy }) =>
      (policy.retries ?? []).map((entry) => ({
        file,
        agents: entry.agents ?? null,
        atLeast: entry.at_least,
        atMost: entry.at_most,
      })),
    ),
    milestones: files.flatMap(({ file, policy }) =>
      (policy.milestones ?? []).map(({ name, gated }) => ({ file, name, gated: gated === true })),
    ),
  };
}

const tightening = (file: string, { entry, gate }: MilestoneRule): Rule => ({
  ...ruleOf(file, entry),
  tightens: true,
  ...(gate === null ? {} : { explain: (request) => whyClosed(gate, request) }),
});

function ruleOf(file: string, entry: RuleEntry): Rule {
  const base = {
    id: entry.id,
    file,
    agents: entry.agents ?? null,
    actions: entry.actions,
    when: conditionOf(entry.when),
    reason: entry.reason ?? null,
  };
  if (entry.effect !== 'require_human') return { ...base, effect: entry.effect };
  const expires = entry.expires === undefined ? null : milliseconds(entry.expires);
  return { ...base, effect: entry.effect, approval: approvalOf(entry.approval), expires };
}

/** Past the schema a missing approval cannot be; were it, nobody would qualify. */
function approvalOf(entry: ApprovalEntry | undefined): Approval {
  const when = conditionOf(entry?.when);
  const composite = compositeOf(entry);
  if (composite !== null) return { ...composite, when };
  return {
    type: 'requirement',
    step: entry?.id ?? 'approval',
    when,
    from: fromOf(entry?.from ?? {}),
    count: entry?.count ?? 1,
    by: entry?.by ?? ['review'],
    author: entry?.author ?? false,
    contributors: entry?.contributors ?? false,
    edited: entry?.edited ?? false,
    survives: survivalOf(entry?.survives ?? []),
    validFor: entry?.valid_for === undefined ? null : milliseconds(entry.valid_for),
    notBy: entry?.not_by ?? [],
  };
}

function compositeOf(entry: ApprovalEntry | undefined): Omit<Composite, 'when'> | null {
  if (entry?.steps !== undefined) return { type: 'steps', parts: entry.steps.map(approvalOf) };
  if (entry?.any !== undefined) return { type: 'any', parts: entry.any.map(approvalOf) };
  if (entry?.all !== undefined) return { type: 'all', parts: entry.all.map(approvalOf) };
  return null;
}

/** Without the keys that are not there, so that verdicts show `from` as it was written. */
const roleOf = (entry: Omit<FromEntry, 'roles'>): Role => ({
  ...(entry.users === undefined ? {} : { users: entry.users }),
  ...(entry.teams === undefined ? {} : { teams: entry.teams }),
  ...(entry.organizations === undefined ? {} : { organizations: entry.organizations }),
  ...(entry.permission === undefined ? {} : { permission: entry.permission }),
  ...(entry.codeowners === undefined ? {} : { codeowners: entry.codeowners }),
});

const fromOf = (entry: FromEntry): From => ({
  ...roleOf(entry),
  ...(entry.roles === undefined ? {} : { roles: entry.roles }),
});

const survivalOf = (entries: NonNullable<ApprovalEntry['survives']>): Survival => ({
  rebase: entries.includes('rebase'),
  updateMerge: entries.includes('update_merge'),
  paths: entries
    .flatMap((entry) => (typeof entry === 'string' ? [] : entry.paths))
    .flatMap((source) => {
      const glob = compileGlob(source);
      return glob.ok ? [glob.value] : [];
    }),
});

/** What does not compile fails at each test, and a condition that fails denies. */
function conditionOf(source: string | undefined): Condition | null {
  if (source === undefined) return null;
  const compiled = compileCondition(source);
  if (compiled.ok) return compiled.value;
  const { message } = compiled.refusal;
  return { source, test: () => ({ ok: false, refusal: { code: 'policy.condition', message } }) };
}

function windowOf(file: string, entry: NonNullable<PolicyFile['windows']>[number]): Window {
  const [opens = 0, closes = 0] = entry.hours.split('-').map(minutes);
  return {
    file,
    agents: entry.agents ?? null,
    actions: entry.actions ?? null,
    days: entry.days ?? weekdays,
    opens,
    closes,
    timezone: entry.timezone,
  };
}

function minutes(clock: string): number {
  const [hours = 0, rest = 0] = clock.split(':').map(Number);
  return hours * 60 + rest;
}
