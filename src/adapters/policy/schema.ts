import { z } from 'zod';
import { knownActions, knownAgents } from '../../domain/policy/actions.ts';
import { weekdays } from '../../domain/policy/rules.ts';
import {
  alsoWhenFaulty,
  approvalSchema,
  condition,
  identifier,
  list,
  people,
} from './approval-schema.ts';
import { duration } from './duration.ts';
import { strict } from './issues.ts';
import { milestonesSchema } from './milestones.ts';
import { notByFaults, type Asked } from './separation.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { misspelt } from './vocabulary.ts';

/** What the schema of one file must know of all of them. */
export interface Context {
  readonly asked: Asked;
  readonly roles: ReadonlySet<string>;
  /** The files in which each rule id stands, one entry a rule. */
  readonly ruleFiles: ReadonlyMap<string, readonly string[]>;
  /** The files in which each role stands. */
  readonly roleFiles: ReadonlyMap<string, readonly string[]>;
}

const action = spelled(
  /^[a-z][a-z_]*\.[a-z][a-z_]*$/,
  'an action, such as pull_request.merge',
  knownActions,
);
const agent = spelled(/^[a-z][a-z0-9_-]{0,62}$/, 'an agent, such as contributor', knownAgents);

/** An open vocabulary: what looks like a slip of a known word is refused, since a rule for it would never apply. */
function spelled(pattern: RegExp, what: string, known: readonly string[]) {
  return z
    .string()
    .regex(pattern, { error: `takes ${what}` })
    .superRefine((word, context) => {
      const meant = misspelt(word, known);
      if (meant !== null)
        context.addIssue({
          code: 'custom',
          message: `unknown name "${word}"; did you mean "${meant}"?`,
        });
    });
}

const role = strict(people).describe('Who has the role: whoever any key names');

const frequency = z.int().min(0).max(1_000_000);

const limit = { agents: list(agent).optional(), actions: list(action).optional() };

const attempts = z.int().min(1).max(20);

/** Both ends, so that whoever reads it knows what may happen. */
const retries = strict({
  agents: limit.agents,
  at_least: attempts,
  at_most: attempts,
}).refine(({ at_least, at_most }) => at_least <= at_most, {
  ...alsoWhenFaulty,
  path: ['at_least'],
  error: 'must not be above at_most',
});

const window = strict({
  ...limit,
  days: list(z.enum(weekdays)).optional(),
  hours: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
    error: 'takes hours as "09:00-17:00"',
  }),
  timezone: z
    .string()
    .refine(isTimezone, { error: 'takes an IANA time zone, such as Europe/Berlin' }),
});

function isTimezone(name: string): boolean {
  // Offsets such as +02:00 are accepted by the platform and would ignore summer time without a word.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** The schema of a policy file, given what stands in all files. */
export function policyFile(context: Context) {
  const from = strict({
    ...people,
    roles: z
      .array(
        z.string().superRefine((name, issues) => {
          if (context.roles.has(name)) return;
          issues.addIssue({
            code: 'custom',
            message: `unknown role "${name}"${didYouMean(name, context.roles)}`,
          });
        }),
      )
      .optional(),
  });
  const approval = approvalSchema(from);
  const rule = strict({
    id: identifier.superRefine((id, issues) => {
      const files = context.ruleFiles.get(id) ?? [];
      if (files.length < 2) return;
      issues.addIssue({
        code: 'custom',
        message: `${files.length} rules have the id "${id}" (${[...new Set(files)].join(', ')}); give each its own`,
      });
    }),
    agents: list(agent).optional(),
    actions: list(action),
    when: condition.optional(),
    effect: z.enum(['allow', 'require_human', 'deny']),
    approval: approval.optional(),
    expires: duration.optional().describe('How long the question stands, such as 14d'),
    reason: z.string().max(500).optional(),
  }).superRefine((value, issues) => {
    if (!['allow', 'deny', 'require_human'].includes(value.effect)) return;
    const needed = value.effect === 'require_human';
    if (needed && value.approval === undefined) {
      issues.addIssue({
        code: 'custom',
        message: 'require_human needs an approval: who, how many, by what',
      });
    }
    if (!needed && value.approval !== undefined) {
      issues.addIssue({
        code: 'custom',
        path: ['approval'],
        message: `an approval belongs to require_human, not to ${value.effect}`,
      });
    }
    if (!needed && value.expires !== undefined) {
      issues.addIssue({
        code: 'custom',
        path: ['expires'],
        message: `only what asks humans can expire; ${value.effect} asks nobody`,
      });
    }
    for (const fault of notByFaults(value, context.asked))
      issues.addIssue({ code: 'custom', ...fault });
  }, alsoWhenFaulty);

  return strict({
    version: z.literal(1),
    name: z.string().max(100).optional(),
    roles: z
      .record(identifier, role)
      .superRefine((roles, issues) => {
        for (const name of Object.keys(roles)) {
          const files = context.roleFiles.get(name) ?? [];
          if (files.length < 2) continue;
          issues.addIssue({
            code: 'custom',
            path: [name],
            message: `role "${name}" stands in ${files.join(' and ')}; keep one`,
          });
        }
      })
      .optional(),
    rules: z.array(rule).optional(),
    limits: z
      .array(
        oneOf(
          strict({
            ...limit,
            per_hour: frequency.optional(),
            per_day: frequency.optional(),
          }),
          ['per_hour', 'per_day'],
        ),
      )
      .optional(),
    budgets: z
      .array(
        oneOf(
          strict({
            agents: limit.agents,
            tokens_per_day: z.int().min(0).optional(),
            usd_per_day: z.number().min(0).optional(),
          }),
          ['tokens_per_day', 'usd_per_day'],
        ),
      )
      .optional(),
    windows: z.array(window).optional(),
    retries: z.array(retries).optional(),
    milestones: milestonesSchema(from).optional(),
  });
}

export type PolicyFile = z.infer<ReturnType<typeof policyFile>>;
export type RuleEntry = NonNullable<PolicyFile['rules']>[number];

/** An entry that sets none of its numbers bounds nothing, and whoever wrote it thinks it does. */
function oneOf<Entry extends Record<string, unknown>>(
  schema: z.ZodType<Entry>,
  keys: readonly string[],
) {
  return schema.refine((entry) => keys.some((key) => entry[key] !== undefined), {
    ...alsoWhenFaulty,
    error: `needs ${keys.join(' or ')}`,
  });
}
