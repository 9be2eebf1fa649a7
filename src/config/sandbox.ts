import { z } from 'zod';

export const sandboxKinds = ['auto', 'bubblewrap', 'container', 'unsafe-host'] as const;

/** What an operator says of the sandbox. Nothing in a repository can. */
export interface SandboxConfig {
  /** `auto`: bubblewrap; where that does not hold, a container, if an image is named. */
  readonly kind: (typeof sandboxKinds)[number];
  /** Of the container; null: none. */
  readonly image: string | null;
  /** Of the slots, where the service is root; null: the usual ones. */
  readonly users: { readonly first: number; readonly count: number } | null;
}

const mostSlots = 64;

export const sandboxKind = z.enum(sandboxKinds, {
  error: `must be one of ${sandboxKinds.join(', ')}`,
});

export const containerImage = z
  .string()
  .regex(
    /^[a-z0-9][\w.:/@-]{0,254}$/u,
    'must be the name of an image, such as node:24-bookworm-slim',
  )
  .nullable();

export const userRange = z
  .string()
  .regex(/^\d{4,9}-\d{4,9}$/u, 'must be a range of user ids that nobody has, such as 62000-62007')
  .transform((text) => {
    const [first = 0, last = 0] = text.split('-').map(Number);
    return { first, count: last - first + 1 };
  })
  .refine(
    ({ count }) => count >= 1 && count <= mostSlots,
    `must go upwards and hold ${mostSlots} users at most: one for each step that runs at a time`,
  )
  .nullable();
