import { z } from 'zod';
import { permissions } from '../../domain/policy/rules.ts';
import { compileCondition } from './condition.ts';
import { duration } from './duration.ts';
import { compileGlob } from './glob.ts';
import { strict } from './issues.ts';

/** By default a check of a whole object is left out once a part of it is faulty, and its fault would wait for the next try. */
export const alsoWhenFaulty = {
  when: ({ value }: { readonly value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const identifier = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, {
  error: 'takes letters, digits, ".", "_" and "-", at most 63',
});
const login = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,61})$/i, { error: 'takes a GitHub login, without @' });

const user = z.string().regex(/^(?:id:[1-9][0-9]{0,15}|[a-z0-9](?:[a-z0-9_-]{0,61}))$/i, {
  error: 'takes a GitHub login, without @, or id:123',
});
const team = z.string().regex(/^[\w.-]+\/[\w.-]+$/, { error: 'takes a team as organization/team' });

export const list = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, { error: 'is empty; leave the key out, or name something' });

export const condition = z
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

/** Who qualifies: whoever any of the keys names. */
export const people = {
  users: z.array(user).optional().describe('Logins, or id:123 for whoever keeps that account'),
  teams: z.array(team).optional(),
  organizations: z.array(login).optional(),
  permission: z.enum(permissions).optional().describe('At least that'),
  codeowners: z
    .literal(true)
    .optional()
    .describe('Who owns a changed file, by CODEOWNERS on the base'),
};

const survival = z.union([z.enum(['rebase', 'update_merge']), strict({ paths: list(glob) })], {
  error: 'takes rebase, update_merge, or paths: […]',
});

const count = z.int().min(0).max(100);

export interface ApprovalEntry {
  id?: string | undefined;
  when?: string | undefined;
  from?: FromEntry | undefined;
  count?: number | undefined;
  by?: ('review' | 'label' | 'command')[] | undefined;
  author?: boolean | undefined;
  contributors?: boolean | undefined;
  edited?: boolean | undefined;
  valid_for?: string | undefined;
  not_by?: string[] | undefined;
  survives?: ('rebase' | 'update_merge' | { paths: string[] })[] | undefined;
  steps?: ApprovalEntry[] | undefined;
  any?: ApprovalEntry[] | undefined;
  all?: ApprovalEntry[] | undefined;
}

export type FromEntry = z.infer<z.ZodObject<typeof people>> & { roles?: string[] | undefined };

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
  'valid_for',
  'not_by',
] as const;

/**
 * A requirement or a composite. One object with all keys and a check of its own says more than a union, whose faults are
 * those of every alternative at once.
 */
export function approvalSchema(from: z.ZodType<FromEntry>): z.ZodType<ApprovalEntry> {
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
    valid_for: duration.optional().describe('How old an approval may be, such as 7d'),
    not_by: list(z.string()).optional().describe('Whoever approved these steps or gates earlier'),
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
