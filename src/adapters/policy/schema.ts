import { z } from 'zod';
import { knownActions, knownAgents } from '../../domain/policy/actions.ts';
import { permissions, weekdays } from '../../domain/policy/rules.ts';
import { compileCondition } from './condition.ts';
import { compileGlob } from './glob.ts';
import { strict } from './issues.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { misspelt } from './vocabulary.ts';

/** What the schema of one file must know of all of them. */
export interface Context {
  readonly roles: ReadonlySet<string>;
  /** The files in which each rule id stands, one entry a rule. */
  readonly ruleFiles: ReadonlyMap<string, readonly string[]>;
  /** The files in which each role stands. */
  readonly roleFiles: ReadonlyMap<string, readonly string[]>;
}

/** By default a check of a whole object is left out once a part of it is faulty, and its fault would wait for the next try. */
const alsoWhenFaulty = {
  when: ({ value }: { readonly value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

const identifier = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, {
  error: 'takes letters, digits, ".", "_" and "-", at most 63',
});
const login = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,61})$/i, { error: 'takes a GitHub login, without @' });
const team = z.string().regex(/^[\w.-]+\/[\w.-]+$/, { error: 'takes a team as organization/team' });

const list = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, { error: 'is empty; leave the key out, or name something' });

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

const condition = z
  .string()
  .superRefine((source, context) => {
    const compiled = compileCondition(source);
    if (compiled.ok) return;
    const { message, offset } = compiled.refusal;
    context.addIssue({ code: 'custom', message, params: { offset: offset ?? 0 } });
  })
  .describe('A CEL expression over the request; true or false');

const glob = z.string().superRefine((source, context) => {
  const compiled = compileGlob(source);
  if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.refusal.message });
});

const people = {
  users: z.array(login).optional(),
  teams: z.array(team).optional(),
  organizations: z.array(login).optional(),
  permission: z.enum(permissions).optional().describe('At least that'),
};

const role = strict(people).describe('Who has the role: whoever any key names');

const survival = z.union([z.enum(['rebase', 'update_merge']), strict({ paths: list(glob) })], {
  error: 'takes rebase, update_merge, or paths: […]',
});

const count = z.int().min(0).max(100);

const frequency = z.int().min(0).max(1_000_000);

const limit = { agents: list(agent).optional(), actions: list(action).optional() };

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

interface ApprovalEntry {
  id?: string | undefined;
  when?: string | undefined;
  from?: FromEntry | undefined;
  count?: number | undefined;
  by?: ('review' | 'label' | 'command')[] | undefined;
  author?: boolean | undefined;
  contributors?: boolean | undefined;
  edited?: boolean | undefined;
  survives?: ('rebase' | 'update_merge' | { paths: string[] })[] | undefined;
  steps?: ApprovalEntry[] | undefined;
  any?: ApprovalEntry[] | undefined;
  all?: ApprovalEntry[] | undefined;
}

type FromEntry = z.infer<z.ZodObject<typeof people>> & { roles?: string[] | undefined };

const composites = ['steps', 'any', 'all'] as const;
const leafKeys = [
  'id',
  'from',
  'count',
  'by',
  'author',
  'contributors',
  'edited',
  'survives',
] as const;

/**
 * A requirement or a composite. One object with all keys and a check of its own says more than a union, whose faults are
 * those of every alternative at once.
 */
function approvalSchema(from: z.ZodType<FromEntry>): z.ZodType<ApprovalEntry> {
  const entry: z.ZodType<ApprovalEntry> = strict({
    id: identifier.optional(),
    when: condition.optional(),
    from: from.optional(),
    count: count.optional(),
    by: list(z.enum(['review', 'label', 'command'])).optional(),
    author: z.boolean().optional(),
    contributors: z.boolean().optional(),
    edited: z.boolean().optional(),
    survives: z.array(survival).optional(),
    get steps() {
      return list(entry).optional();
    },
    get any() {
      return list(entry).optional();
    },
    get all() {
      return list(entry).optional();
    },
  }).superRefine((value, issues) => {
    const kinds = composites.filter((kind) => value[kind] !== undefined);
    const own = leafKeys.filter((key) => value[key] !== undefined);
    const complain = (message: string) => issues.addIssue({ code: 'custom', message });
    if (kinds.length > 1) complain(`has ${kinds.join(' and ')}; nest one in the other`);
    else if (kinds.length === 1 && own.length > 0)
      complain(`has ${kinds[0]}, so ${own.join(', ')} belong into its parts`);
    else if (kinds.length === 0 && (value.id === undefined || value.from === undefined)) {
      complain('takes id and from (and count, by), or one of steps, any, all');
    }
  }, alsoWhenFaulty);
  return entry;
}
export type { ApprovalEntry, FromEntry };
