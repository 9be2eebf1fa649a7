import { z } from 'zod';

/**
 * The data of each event type in the versions before the one written now: type → version → shape. Never changed and never
 * removed, since lines of them stand in histories; a part that changed is copied here as it was.
 */
export const pastEventData: Readonly<Record<string, Readonly<Record<number, z.ZodType>>>> = {
  'verdict.given': {
    1: z.strictObject({
      action: z.string(),
      effect: z.enum(['allow', 'require_human', 'deny']),
      rules: z.array(z.string()),
      reason: z.string(),
    }),
  },
};
