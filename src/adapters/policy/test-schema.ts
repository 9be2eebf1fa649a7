import { z } from 'zod';
import { strict } from './issues.ts';

/** A request, or a part of one; it is checked whole after merging. */
const data = z.record(z.string(), z.unknown());

const expectation = strict({
  effect: z.enum(['allow', 'require_human', 'deny']),
  satisfied: z.boolean().exactOptional(),
  waiting_for: z.array(z.string()).exactOptional().describe('Steps that wait, in order'),
  approvers: z.array(z.string()).exactOptional().describe('Logins that count, in order'),
  ignored: z
    .array(z.string())
    .exactOptional()
    .describe('Evidence that does not count, such as "review 7"'),
  rules: z.array(z.string()).exactOptional(),
  reason: z.string().exactOptional().describe('A text that stands in the reasons'),
});

const testCase = strict({
  name: z.string().min(1),
  request: data.optional().describe('A whole request'),
  request_file: z.string().optional().describe('A JSON file beside the test'),
  base: z
    .string()
    .optional()
    .describe('One of `requests`; without it, a request in which nothing has happened'),
  override: data
    .optional()
    .describe('Merged over the request: maps by key, lists and values replaced'),
  expect: expectation,
}).superRefine((value, issues) => {
  const given = (['request', 'request_file', 'base'] as const).filter(
    (key) => value[key] !== undefined,
  );
  if (given.length > 1)
    issues.addIssue({ code: 'custom', message: `has ${given.join(' and ')}; give one` });
});

/** The schema of `*.test.yml`. */
export const policyTestFile = strict({
  version: z.literal(1),
  requests: z
    .record(z.string(), data)
    .optional()
    .describe('Requests, or parts of one, that cases build on'),
  cases: z.array(testCase).min(1, { error: 'is empty; a test file without cases tests nothing' }),
});

export type PolicyTestFile = z.infer<typeof policyTestFile>;
