import { z } from 'zod';
import type { RepositoryView } from '../../../application/views/views.ts';
import { switchEnds } from '../../../application/intake/switch.ts';
import { agentNames } from '../../../domain/work-item/state.ts';

/**
 * The bodies of `/api/v1`: one schema, one name; the published description is made of these. What a view has more than its schema
 * is left out, not refused: the pages may show it before the API promises it.
 */

const text = z.string();
const count = z.int();
const time = z.iso.datetime({ precision: 3 });
const nullable = text.nullable();

const named = z.object({
  id: text.describe('Such as issue-12, pull-7, cycle-3'),
  number: count,
  kind: z.enum(['issue', 'pull_request', 'cycle']),
  title: text,
  url: nullable.describe('On GitHub; null for what has no page there'),
});

const waiting = z.object({
  item: named,
  whom: text,
  human: z.boolean().describe('A human must act; else time or an answer will do'),
  what: text,
  how: nullable,
  since: text,
});

const item = z.object({
  ...named.shape,
  stage: text,
  authority: text,
  headline: text.describe('Where it is, in the words of its comment'),
  note: nullable,
  held: nullable,
  pull_request: count.nullable(),
});

const control = z.object({
  halted: z
    .strictObject({ by: text, reason: text, since: time })
    .nullable()
    .describe('null: effects are carried out'),
  disabled_agents: z.array(text),
  requests: z
    .array(
      z.object({
        act: z.enum(['resume', 'enable']),
        agent: nullable,
        by: text,
        reason: text,
        since: time,
      }),
    )
    .describe('Who asked to go on, where policy takes more people to say so'),
});

const repository = z.object({
  full_name: text,
  url: text,
  switch: control,
  cycle: z.object({ number: count, merges: count, every: count }),
  ledger: z.object({
    branch: text,
    sequence: count,
    hash: text,
    set_aside: z
      .array(z.object({ at: text, reason: text, authors: z.array(text), url: nullable }))
      .describe('Commits to the ledger by other hands; the work went on without them'),
  }),
  faults: z.array(text).describe('Rules that cannot be read: everything waits'),
  waiting: z.array(waiting),
  open_items: count,
});

interface Reason {
  text: string;
  children: Reason[];
}
const reason: z.ZodType<Reason> = z
  .strictObject({
    text: text.describe('Begins with ✓ (holds), ✗ (does not), … (waits) or – (does not apply)'),
    get children() {
      return z.array(reason);
    },
  })
  .meta({ id: 'Reason' });

const verdict = z.object({
  action: text,
  effect: text,
  satisfied: z.boolean(),
  reasons: reason.describe('The tree that the check run shows'),
});

const itemPage = z.object({
  repository: z.object({ full_name: text, url: text }),
  item,
  waiting: z.array(waiting),
  approvals: z.array(z.object({ gate: text, login: text, by: text, digest: text, at: text })),
  ignored: z
    .array(z.object({ evidence: text, reason: text }))
    .describe('Seen, and counted for nothing'),
  notices: z
    .array(z.object({ to: text, text, at: text }))
    .describe('The last lines told to somebody in answer to a command'),
  verdict: verdict.nullable(),
  timeline: z.array(
    z.object({
      sequence: count,
      at: text,
      actor: z.object({ kind: z.enum(['human', 'agent', 'system']), login: text }),
      type: text,
      text,
    }),
  ),
});

const figures = z.object({
  runs: count,
  failed: count,
  dead: count.describe('Given up: only a human tries again'),
  outages: count.describe('Runs in which the model could not be reached'),
  proposals: count,
  accepted_at_first: count.describe('Decided by a human as first proposed'),
  accepted_after_rework: count,
  rejected: count,
  refused_calls: count,
  tokens: count,
  tokens_in_vain: count.describe('Of these, what led to no proposal and no question'),
  usd: z.number(),
  unpriced: count.describe('Runs of models whose price is not known'),
  acceptance_at_first: z.number().nullable().describe('null: humans have decided nothing'),
  decisions_waited_for: count,
  median_wait_seconds: z.number().nullable(),
});
const byAgent = z.object({
  triager: figures,
  contributor: figures,
  reviewer: figures,
  governor: figures,
});

const report = z.object({
  repository: z.object({ full_name: text, url: text }),
  sequence: count.describe('The last event that is counted'),
  total: byAgent,
  cycles: z
    .array(z.object({ cycle: count, from: nullable, to: nullable, agents: byAgent }))
    .describe('Oldest first; the last is still open'),
  memory: z.object({
    notes: z.array(z.object({ kind: text, item: text, title: text, text, by: nullable, at: text })),
    more: count,
  }),
});

const ends = z
  .enum([...switchEnds, 'accepted', 'busy'])
  .describe(
    'requested: it counts, and more people have to ask. accepted: recorded, not answered yet',
  );

export const bodies = {
  Repositories: z.object({ repositories: z.array(repository) }),
  Repository: repository,
  Items: z.object({ items: z.array(item), waiting: z.array(waiting) }),
  Item: itemPage,
  Report: report,
  Switch: control,
  Acted: z.object({ end: ends, text, switch: control }),
  Act: z.strictObject({ reason: z.string().max(500).optional() }),
  Problem: z.object({ error: z.object({ code: text, message: text }) }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export const agentName = z.enum(agentNames);

export const switchOf = ({ halted, disabled_agents, requests }: RepositoryView) => ({
  halted,
  disabled_agents,
  requests,
});

export const repositoryOf = (view: RepositoryView) => ({
  full_name: view.full_name,
  url: view.url,
  switch: switchOf(view),
  cycle: view.cycle,
  ledger: view.ledger,
  faults: view.faults,
  waiting: view.waiting,
  open_items: view.items.length,
});

export const itemsOf = ({ items, waiting: waits }: RepositoryView) => ({ items, waiting: waits });
