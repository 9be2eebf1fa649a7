import { z } from 'zod';
import { issueTypes } from '../../domain/triage/label-kinds.ts';
import { priorities, sizes, type TriageReport } from '../../domain/triage/report.ts';
import { text, texts, whole, wholes } from './parts.ts';

export const triageReport = z.strictObject({
  by: z.enum(['model', 'rules']),
  type: z.enum(issueTypes).nullable(),
  priority: z.enum(priorities).nullable(),
  size: z.enum(sizes).nullable(),
  labels: z.array(z.strictObject({ label: text, confidence: z.number().nullable(), like: wholes })),
  similar: z.array(
    z.strictObject({
      number: whole,
      title: text,
      similarity: z.number(),
      reason: text.nullable(),
    }),
  ),
  unknown: z.array(z.enum(['type', 'priority', 'size', 'area'])),
  comment: text.nullable(),
  asked: texts,
  without_meaning: text.nullable(),
}) satisfies z.ZodType<TriageReport>;
