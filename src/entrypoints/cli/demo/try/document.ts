import { z } from 'zod';

const fault = z.strictObject({
  file: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  message: z.string(),
});

/** What `try --json` prints. */
export const tryDocument = z.strictObject({
  version: z.literal(1),
  repository: z.string(),
  head: z.string().regex(/^[0-9a-f]{40,64}$/),
  /** Files that differ from HEAD: not taken. */
  uncommitted: z.int(),
  model: z.strictObject({ kind: z.enum(['live', 'none']), reason: z.string() }),
  /** Where steps of the repository run, or why they do not. */
  steps: z.string(),
  policies: z.strictObject({
    valid: z.boolean(),
    files: z.array(z.string()),
    rules: z.int(),
    faults: z.array(fault),
    warnings: z.array(fault),
  }),
  configuration: z.strictObject({
    path: z.string(),
    present: z.boolean(),
    valid: z.boolean(),
    faults: z.array(z.string()),
  }),
  roadmap: z.strictObject({
    path: z.string(),
    milestones: z
      .array(
        z.strictObject({ title: z.string(), status: z.string(), done: z.int(), total: z.int() }),
      )
      .nullable(),
  }),
  remedies: z.array(z.string()),
  issue: z.strictObject({ number: z.int(), title: z.string() }),
  /** Nothing is done while these last. */
  rules_faults: z.array(z.string()),
  items: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      stage: z.string(),
      state: z.string(),
      note: z.string().nullable(),
      waits_for: z.array(z.strictObject({ whom: z.string(), what: z.string() })),
    }),
  ),
  waiting: z.boolean(),
  page: z.string(),
  seconds: z.number(),
});

export type TryDocument = z.infer<typeof tryDocument>;
