import { z } from 'zod';
import { eventShapes } from './event-shapes.ts';
import { queueFile } from './queue.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime({ precision: 3 });
const named = z.string().min(1);

const envelope = {
  sequence: z.number().int().min(1),
  id: named,
  at: moment,
  item: named.nullable(),
  actor: z.strictObject({
    kind: z.enum(['human', 'agent', 'system']),
    id: z.number().int().min(1).nullable(),
    login: named,
  }),
  cause: named.nullable(),
  policy: named.nullable(),
  previous: hash,
  hash,
};

const events = eventShapes.map(({ type, version, data }) =>
  z.strictObject({ ...envelope, type: z.literal(type), version: z.literal(version), data }),
);

/** The ledger's formats by file name under `schema/`. They say shapes; `assent history verify` says whether a history holds. */
export const ledgerJsonSchemas: Readonly<Record<string, unknown>> = {
  'event.json': describe(
    z.xor(events as [(typeof events)[number]]),
    'A line of .ai_metadata/history/*.jsonl',
  ),
  'queue.json': describe(queueFile, '.ai_metadata/queue.json'),
};

function describe(schema: z.ZodType, title: string): unknown {
  return { title, ...z.toJSONSchema(schema, { reused: 'ref' }) };
}
