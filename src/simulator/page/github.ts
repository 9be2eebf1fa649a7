import { z } from 'zod';
import type { Person, Simulator } from '../face.ts';

/** What the page shows of GitHub's resources; everything else is dropped on reading. */
const user = z.object({ login: z.string(), type: z.string() }).nullable();

const label = z.object({ name: z.string(), color: z.string() });

export const repository = z.object({
  full_name: z.string(),
  private: z.boolean(),
  default_branch: z.string(),
  description: z.string().nullable(),
  clone_url: z.string(),
});

export const issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user,
  labels: z.array(label),
  comments: z.number(),
  created_at: z.string(),
  draft: z.boolean().optional(),
  pull_request: z.object({ merged_at: z.string().nullish() }).optional(),
});

export const pullRequest = z.object({
  number: z.number(),
  node_id: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  draft: z.boolean(),
  merged: z.boolean(),
  merged_by: user.optional(),
  mergeable: z.boolean().nullable(),
  user,
  labels: z.array(label),
  head: z.object({
    ref: z.string(),
    label: z.string(),
    sha: z.string(),
    /** Null: the fork was deleted. */
    repo: z.object({ full_name: z.string() }).nullable(),
  }),
  base: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }) }),
  created_at: z.string(),
});

export const comment = z.object({
  id: z.number(),
  user,
  body: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export const review = z.object({
  id: z.number(),
  user,
  body: z.string(),
  state: z.string(),
  commit_id: z.string().nullable(),
  submitted_at: z.string().optional(),
});

export const lineComment = z.object({
  id: z.number(),
  user,
  body: z.string(),
  path: z.string(),
  line: z.number().nullish(),
  created_at: z.string(),
});

export const changedFile = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  patch: z.string().optional(),
});

export const checkRuns = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      output: z.object({ title: z.string().nullable(), summary: z.string().nullable() }),
      app: z.object({ slug: z.string() }).nullable(),
    }),
  ),
});

export const file = z.object({
  path: z.string(),
  sha: z.string(),
  content: z.string(),
  encoding: z.literal('base64'),
});

export const labels = z.array(label);
export const issues = z.array(issue);
export const comments = z.array(comment);
export const reviews = z.array(review);
export const lineComments = z.array(lineComment);
export const changedFiles = z.array(changedFile);

export type Repository = z.infer<typeof repository>;
export type Issue = z.infer<typeof issue>;
export type PullRequest = z.infer<typeof pullRequest>;
export type Comment = z.infer<typeof comment>;
export type LineComment = z.infer<typeof lineComment>;
export type Review = z.infer<typeof review>;
export type ChangedFile = z.infer<typeof changedFile>;
export type CheckRun = z.infer<typeof checkRuns>['check_runs'][number];
export type File = z.infer<typeof file>;
export type Label = z.infer<typeof label>;

/** GitHub's own words where it said no. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: string };

/** The simulator's REST as one person sees it: the page has no other way in, so it is refused what that person is refused. */
export interface GitHub {
  readonly person: Person;
  readonly login: string;
  get<T>(path: string, schema: z.ZodType<T>): Promise<Answer<T>>;
  act(method: string, path: string, body?: unknown): Promise<Answer<null>>;
}

export function gitHubAs(simulator: Simulator, person: Person): GitHub {
  const call = simulator.as(person);
  return {
    person,
    login: simulator.people[person].login,
    get: async (path, schema) => {
      const { status, body } = await call('GET', path);
      return status === 200
        ? { ok: true, value: schema.parse(body) }
        : { ok: false, refusal: refusalOf(status, body) };
    },
    act: async (method, path, body) => {
      const answer = await call(method, path, body);
      const refusal =
        answer.status >= 300 ? refusalOf(answer.status, answer.body) : graphqlRefusal(answer.body);
      return refusal === null ? { ok: true, value: null } : { ok: false, refusal };
    },
  };
}

const refusalBody = z.object({
  message: z.string(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          message: z.string().optional(),
          code: z.string().optional(),
          field: z.string().optional(),
        }),
      ]),
    )
    .optional(),
});

function refusalOf(status: number, body: unknown): string {
  const parsed = refusalBody.safeParse(body);
  if (!parsed.success) return `${status}`;
  const details = (parsed.data.errors ?? []).map((error) =>
    typeof error === 'string'
      ? error
      : (error.message ?? [error.field, error.code].filter(Boolean).join(' ')),
  );
  return [`${status} ${parsed.data.message}`, ...details].join(' · ');
}

/** GraphQL says no with status 200. */
function graphqlRefusal(body: unknown): string | null {
  const parsed = z
    .object({ errors: z.array(z.object({ message: z.string() })).min(1) })
    .safeParse(body);
  return parsed.success ? parsed.data.errors.map(({ message }) => message).join(' · ') : null;
}
