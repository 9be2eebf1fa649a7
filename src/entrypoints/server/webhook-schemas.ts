import { z } from 'zod';

/**
 * The least of GitHub's payloads that Assent reads. Other keys are let through unread: GitHub adds some every month, and a refusal
 * for a new key would lose the event.
 */
const id = z.int().nonnegative();
const number = z.int().positive();
const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u, 'must be a commit id');
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time');

export const envelope = z.record(z.string(), z.unknown(), { error: 'must be a JSON object' });

export const account = z.object({ id, login: z.string().min(1), type: z.string().min(1) });

export const installationRef = z.object({ id: number }).nullish();

export const named = z.object({ id, full_name: z.string().min(1) });

/** `owner/name` goes into paths and keys, so it is held to GitHub's own alphabet. */
const fullName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/u, 'must be owner/name');

export const repository = z
  .object({
    id,
    full_name: fullName,
    name: z.string().min(1),
    owner: z.object({ login: z.string().min(1) }),
    default_branch: z.string().min(1),
    private: z.boolean(),
  })
  .refine((read) => read.full_name === `${read.owner.login}/${read.name}`, {
    path: ['full_name'],
    message: 'must be its owner and its name',
  });

/**
 * A key that tells another event. The event's name is not signed, and a captured `issue_comment deleted` sent again as `issues
 * deleted` would otherwise pass for the end of the issue.
 */
export const belongsTo = (event: string) =>
  z.never({ error: `is there, which makes it ${event}` }).optional();

export const label = z.object({ name: z.string() });

export const issue = z.object({
  number,
  title: z.string(),
  body: z.string().nullish(),
  user: account.nullable(),
  labels: z.array(label).default([]),
  pull_request: z.object({}).optional(),
});

export const comment = z.object({
  id,
  body: z.string(),
  user: account.nullable(),
  created_at: time,
  updated_at: time,
});

export const pullRequest = z.object({
  number,
  title: z.string(),
  body: z.string().nullish(),
  user: account.nullable(),
  draft: z.boolean().optional(),
  merged: z.boolean().nullish(),
  merged_at: time.nullable(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha, ref: z.string().min(1) }),
  base: z.object({ ref: z.string().min(1) }),
  labels: z.array(label),
});

export const review = z.object({
  id,
  user: account.nullable(),
  body: z.string().nullish(),
  state: z.string().min(1),
  commit_id: sha.nullable(),
});

export const push = z.object({
  ref: z.string().startsWith('refs/'),
  before: sha,
  after: sha,
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
});

export const checkRun = z.object({
  name: z.string(),
  head_sha: sha,
  conclusion: z.string().nullable(),
  app: z.object({ id }).nullish(),
  pull_requests: z.array(z.object({ number })).default([]),
});

export const status = z.object({ context: z.string(), sha, state: z.string().min(1) });

export const mergeGroup = z.object({
  head_sha: sha,
  head_ref: z.string().min(1),
  base_sha: sha,
  base_ref: z.string().min(1),
});
