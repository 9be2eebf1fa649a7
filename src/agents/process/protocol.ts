import { z } from 'zod';
import { governorAnswer } from '../governor/proposal.ts';
import { reviewAnswer } from '../reviewer/proposal.ts';
import { triageAnswer } from '../triager/proposal.ts';

/** Of the protocol: raised when what a program is given or may answer changes so that an older one would be misled. */
export const protocolVersion = 1;

/** The program waits for a human; any other exit than 0 and this is a failure. */
export const waitingExit = 3;

/** In bytes of JSON: it stands in the history, and is uploaded with it. */
export const mostCheckpoint = 16_384;

const line = (max: number) => z.string().trim().min(1).max(max);

/** What a contributor hands in beside the files it changed. */
export const contributionAnswer = z.strictObject({
  title: line(100).describe('For the pull request, in the imperative.'),
  summary: line(2_000).describe('What was changed and why.'),
});

/** On standard output with exit 0: the same proposals as Assent's own agents make. */
export const proposals = {
  triager: triageAnswer,
  contributor: contributionAnswer,
  reviewer: reviewAnswer,
  governor: governorAnswer,
} as const;

/** On standard output with exit 3. */
export const waitingAnswer = z.strictObject({
  question: line(2_000).describe('For a human; it stands in the comment on the item.'),
  checkpoint: z
    .json()
    .default(null)
    .describe(`Given back with the answer. At most ${mostCheckpoint} bytes of JSON.`),
});

const issue = z.looseObject({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  author: z.string(),
  labels: z.array(z.string()),
  comments: z.array(z.looseObject({ author: z.string(), body: z.string() })),
});

const plan = z.looseObject({
  summary: z.string(),
  files: z.array(z.string()),
  steps: z.array(z.string()),
  risks: z.array(z.string()),
  tests: z.array(z.string()),
});

const header = {
  item: z.string(),
  round: z.int().describe('0 for the first run on the item, one more for each rework.'),
  nonce: z.string().describe('What fences untrusted text in `prompt`.'),
  repository: z.string().describe('owner/name'),
};

/** What can be relied on in each brief; more stands beside it, and may change. */
export const briefs = {
  triager: z.looseObject({ ...header, issue, labels_available: z.array(z.string()) }),
  contributor: z.looseObject({
    ...header,
    issue,
    plan: plan.extend({ digest: z.string() }),
    steps: z.array(z.looseObject({ name: z.string(), run: z.string() })),
    review_feedback: z.array(z.looseObject({ author: z.string(), body: z.string() })),
  }),
  reviewer: z.looseObject({
    ...header,
    pull_request: z.looseObject({ number: z.int(), title: z.string(), body: z.string() }),
    files: z
      .array(z.looseObject({ path: z.string(), status: z.string() }))
      .describe('What changed, by hunks.'),
  }),
  governor: z.looseObject({ ...header, cycle: z.int() }),
} as const;

const common = {
  version: z.literal(protocolVersion),
  prompt: z
    .string()
    .describe(
      'The same in words, as a model would be told it, with what others wrote fenced as data.',
    ),
  proposal_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the answer.'),
  feedback: z
    .string()
    .nullable()
    .describe(
      'What was said since it was last started in this run: what is wrong with its work, or the next part to read. Null at first.',
    ),
  model: z
    .strictObject({
      name: z.string(),
      tokens: z.int().describe('What this run may use.'),
    })
    .nullable()
    .describe(
      'Null: there is no model for this program. The environment says where: ASSENT_MODEL_SOCKET, OPENAI_BASE_URL, OPENAI_API_KEY …',
    ),
  checkpoint: z.json().describe('As the program itself gave it with exit 3; null at first.'),
  answer: z
    .strictObject({ by: z.string(), text: z.string() })
    .nullable()
    .describe('What a human said to its question.'),
};

const document = <Role extends keyof typeof briefs>(role: Role) =>
  z.strictObject({ ...common, role: z.literal(role), brief: briefs[role] });

/** On standard input: one document. */
export const agentBrief = z.discriminatedUnion('role', [
  document('triager'),
  document('contributor'),
  document('reviewer'),
  document('governor'),
]);
