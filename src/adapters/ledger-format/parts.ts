import { z } from 'zod';
import { agentNames, authorities, itemKinds, stages } from '../../domain/work-item/state.ts';

/** The shapes that events and `queue.json` share. Their types are the domain's (`work-item/state.ts`); these check data from outside. */

export const agentName = z.enum(agentNames);
export const authority = z.enum(authorities);
export const itemKind = z.enum(itemKinds);
export const stage = z.enum(stages);
export const gatedAction = z.enum(['plan.adopt', 'pull_request.merge', 'roadmap.publish']);
export const outcome = z.enum(['merged', 'published', 'rejected', 'expired', 'closed']);

export const text = z.string();
export const texts = z.array(text);
export const whole = z.number().int();
export const wholes = z.array(whole);
export const anyRecord = z.record(z.string(), z.unknown());

export const person = z.strictObject({ id: whole, login: text, type: text });

export const approval = z.strictObject({
  gate: gatedAction,
  login: text,
  id: whole,
  by: z.enum(['review', 'label', 'command', 'override']),
  digest: text,
  step: text,
  at: text,
});

export const gate = z.strictObject({
  action: gatedAction,
  digest: text,
  since: text,
  waiting_for: z.array(
    z.strictObject({
      step: text,
      count: whole,
      have: whole,
      from: anyRecord,
      blocked_by: texts.exactOptional(),
    }),
  ),
  ignored: z.array(z.strictObject({ evidence: text, reason: text })),
  rules: texts,
});

export const plan = z.strictObject({
  digest: text,
  summary: text,
  files: texts,
  steps: texts,
  risks: texts,
  tests: texts,
  published_at: text,
});

export const linkedPullRequest = z.strictObject({
  number: whole,
  head: text,
  head_since: text,
  branch: text,
  author: person,
  ours: z.boolean(),
});

export const countedMerge = z.strictObject({
  pull_request: whole,
  item: text,
  sha: text,
  at: text,
  title: text,
  issue: whole.nullable(),
  approvals: texts,
  by: z.enum(['agent', 'human']),
  tokens: z.number(),
});
