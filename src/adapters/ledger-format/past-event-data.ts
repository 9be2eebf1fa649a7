import { z } from 'zod';

const gate1 = z.strictObject({
  gate: z.strictObject({
    action: z.enum(['plan.adopt', 'pull_request.merge', 'roadmap.publish']),
    digest: z.string(),
    since: z.string(),
    waiting_for: z.array(
      z.strictObject({
        step: z.string(),
        count: z.number().int(),
        have: z.number().int(),
        from: z.record(z.string(), z.unknown()),
      }),
    ),
    ignored: z.array(z.strictObject({ evidence: z.string(), reason: z.string() })),
    rules: z.array(z.string()),
  }),
});

const triageReport2 = z.strictObject({
  by: z.enum(['model', 'rules']),
  type: z.enum(['bug', 'feature', 'documentation', 'question', 'maintenance']).nullable(),
  priority: z.enum(['critical', 'high', 'normal', 'low']).nullable(),
  size: z.enum(['small', 'medium', 'large']).nullable(),
  labels: z.array(
    z.strictObject({
      label: z.string(),
      confidence: z.number().nullable(),
      like: z.array(z.number().int()),
    }),
  ),
  similar: z.array(
    z.strictObject({
      number: z.number().int(),
      title: z.string(),
      similarity: z.number(),
      reason: z.string().nullable(),
    }),
  ),
  unknown: z.array(z.enum(['type', 'priority', 'size', 'area'])),
  comment: z.string().nullable(),
  asked: z.array(z.string()),
});

/**
 * The data of each event type in the versions before the one written now: type → version → shape. Never changed and never
 * removed, since lines of them stand in histories; a part that changed is copied here as it was.
 */
export const pastEventData: Readonly<Record<string, Readonly<Record<number, z.ZodType>>>> = {
  'approval.given': {
    1: z.strictObject({
      approval: z.strictObject({
        gate: z.enum(['plan.adopt', 'pull_request.merge', 'roadmap.publish']),
        login: z.string(),
        id: z.number().int(),
        by: z.enum(['review', 'label', 'command', 'override']),
        digest: z.string(),
        step: z.string(),
        at: z.string(),
      }),
    }),
  },
  'effect.intended': {
    1: z.strictObject({
      key: z.string(),
      kind: z.enum([
        'comment.upsert',
        'labels.change',
        'branch.push',
        'pull_request.open',
        'pull_request.ready',
        'review.publish',
        'check.report',
        'pull_request.merge',
        'branch.delete',
      ]),
      payload: z.record(z.string(), z.unknown()),
    }),
  },
  'gate.requested': { 1: gate1 },
  'gate.updated': { 1: gate1 },
  'triage.recorded': {
    1: z.strictObject({ labels: z.array(z.string()), duplicates: z.array(z.number().int()) }),
    2: z.strictObject({
      labels: z.array(z.string()),
      duplicates: z.array(z.number().int()),
      report: triageReport2.nullable(),
    }),
  },
  'verdict.given': {
    1: z.strictObject({
      action: z.string(),
      effect: z.enum(['allow', 'require_human', 'deny']),
      rules: z.array(z.string()),
      reason: z.string(),
    }),
  },
};
