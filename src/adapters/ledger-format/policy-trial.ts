import { z } from 'zod';
import { changes } from '../../domain/policy/difference.ts';
import { text, texts, whole } from './parts.ts';

const past = z.strictObject({
  decisions: whole,
  could_not_tell: whole,
  changes: z.array(
    z.strictObject({
      change: z.enum(changes),
      action: text,
      times: whole,
      items: texts,
      because: texts,
    }),
  ),
});

/** What came of trying a pull request's policies. */
export const policyTrial = z.strictObject({
  head: text,
  against: text,
  readable: z.boolean(),
  faults: texts,
  newly_allows: z.array(z.strictObject({ action: text, rules: texts, such_as: texts })).nullable(),
  not_compared: text.nullable(),
  past: past.nullable(),
  not_simulated: text.nullable(),
});
