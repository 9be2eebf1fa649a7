import { z } from 'zod';
import { findingKinds, severities } from '../../domain/review/finding.ts';
import { reviewEvents } from '../../domain/review/memory.ts';
import { riskLevels } from '../../domain/review/risk.ts';
import type { Control, CycleState, Item } from '../../domain/work-item/state.ts';
import {
  agentName,
  approval,
  authority,
  countedMerge,
  gate,
  itemKind,
  linkedPullRequest,
  outcome,
  person,
  plan,
  stage,
  text,
  texts,
  whole,
  wholes,
} from './parts.ts';

const item = z.strictObject({
  id: text,
  kind: itemKind,
  number: whole,
  title: text,
  author: person.nullable(),
  opened_at: text,
  stage,
  authority,
  run: text.nullable(),
  round: whole,
  revisions: whole,
  attempts: whole,
  not_before: text.nullable(),
  note: text.nullable(),
  held: z.strictObject({ by: text, reason: text }).nullable(),
  plan: plan.nullable(),
  pull_request: linkedPullRequest.nullable(),
  proposal: z
    .strictObject({ agent: agentName, action: text, digest: text, content: z.unknown() })
    .nullable(),
  gate: gate.nullable(),
  approvals: z.array(approval),
  missing: texts,
  asked_by: agentName.exactOptional(),
  notices: z.array(z.strictObject({ to: text, text, at: text })),
  duplicates: wholes,
  tokens: z.number(),
  completed: z.array(z.strictObject({ stage, at: text })),
  outcome: outcome.nullable(),
  updated_at: text,
  review: z
    .strictObject({
      head: text,
      event: z.enum(reviewEvents),
      risk: z.enum(riskLevels),
      findings: z.array(
        z.strictObject({
          mark: text,
          path: text,
          side: z.enum(['LEFT', 'RIGHT']),
          line: whole,
          severity: z.enum(severities),
          kind: z.enum(findingKinds),
          text,
          settled: z.literal(true).exactOptional(),
        }),
      ),
    })
    .exactOptional(),
  written_by: text.exactOptional(),
  coverage: z
    .strictObject({
      commit: text,
      source: text,
      lines: whole,
      covered: whole,
      missed: z.array(z.strictObject({ path: text, lines: wholes })),
    })
    .exactOptional(),
}) satisfies z.ZodType<Item>;

const control = z.strictObject({
  halted: z.strictObject({ by: text, reason: text, at: text }).nullable(),
  disabled_agents: z.array(agentName),
  requests: z
    .array(
      z.strictObject({
        act: z.enum(['resume', 'enable']),
        agent: agentName.nullable(),
        id: whole,
        login: text,
        at: text,
        reason: text,
      }),
    )
    .exactOptional(),
}) satisfies z.ZodType<Control>;

const cycle = z.strictObject({
  number: whole,
  every: whole,
  merges: z.array(countedMerge),
  tally: z.strictObject({
    invalidated_approvals: whole,
    model_outages: whole,
    reworks: whole,
    overrides: z.array(z.strictObject({ pull_request: whole, by: text, justification: text })),
  }),
}) satisfies z.ZodType<CycleState>;

/** `queue.json`: open items by id, the switch, the cycle, and the event it reflects. */
export const queueFile = z.strictObject({
  version: z.literal(1),
  sequence: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  control,
  cycle,
  items: z.record(z.string(), item),
});
