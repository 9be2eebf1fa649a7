import { z } from 'zod';
import { changes } from '../../domain/policy/difference.ts';

/** What the commands answer under --json, as far as it is read here. */

const fault = z.object({
  file: z.string(),
  line: z.number().nullable(),
  column: z.number().nullable(),
  message: z.string(),
});

export const checkDocument = z.object({
  valid: z.boolean(),
  digest: z.string().nullable(),
  faults: z.array(fault),
});

const waiting = z.object({
  step: z.string(),
  count: z.number(),
  have: z.number(),
  from: z.record(z.string(), z.unknown()),
});

export const simulationDocument = z.object({
  decisions: z.number(),
  differences: z.array(
    z.object({
      item: z.string().nullable(),
      action: z.string(),
      change: z.enum(changes),
      would_be: z.object({ reasons: z.array(z.string()), waiting_for: z.array(waiting) }),
    }),
  ),
  could_not_tell: z.array(z.unknown()),
});
export type SimulationDocument = z.infer<typeof simulationDocument>;

export const refusalDocument = z.object({ error: z.object({ message: z.string() }) });

const verdict = z.object({
  effect: z.enum(['allow', 'require_human', 'deny']),
  approvers: z.array(z.object({ login: z.string(), by: z.string() })),
});

const weakening = z.object({
  id: z.string(),
  action: z.string(),
  answer: z.enum(['proved', 'refuted', 'not_provable']),
  rules: z.array(z.string()),
  why: z.string().nullable(),
  witness: z
    .object({
      request: z.object({ people: z.record(z.string(), z.object({ permission: z.string() })) }),
      before: verdict,
      after: verdict,
      unusual: z.array(z.string()),
    })
    .nullable(),
});
export type Weakening = z.infer<typeof weakening>;

export const comparisonDocument = z.object({ questions: z.array(weakening) });
export type ComparisonDocument = z.infer<typeof comparisonDocument>;
