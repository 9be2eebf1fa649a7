import { z } from 'zod';
import { issueTypes, type IssueType } from '../../domain/triage/label-kinds.ts';
import {
  priorities,
  sizes,
  type Priority,
  type Size,
  type TriageReport,
} from '../../domain/triage/report.ts';

const line = (max: number) => z.string().trim().min(1).max(max);

const plan = z.strictObject({
  summary: line(1_000).describe('What will change and why, in a few sentences.'),
  files: z.array(line(300)).min(1).max(40).describe('Paths to be changed or added.'),
  steps: z.array(line(500)).min(1).max(20),
  risks: z.array(line(500)).max(10),
  tests: z.array(line(500)).min(1).max(20).describe('What will be tested, and where.'),
});

/** What the model is asked for; numbers of issues are checked against those it was shown. */
export const triageAnswer = z.strictObject({
  labels: z.array(line(100)).max(10).describe('Only labels from the list given.'),
  type: z.enum(issueTypes),
  priority: z.enum(priorities),
  size: z.enum(sizes),
  duplicates: z
    .array(z.strictObject({ number: z.int().positive(), reason: line(500) }))
    .max(5)
    .describe('Only issues from the list of similar ones that ask for the same thing.'),
  missing_information: z
    .array(line(300))
    .max(5)
    .describe('Questions without whose answer no plan can be made; usually none.'),
  plan: plan.nullable().describe('Null where information is missing or the issue is a duplicate.'),
  comment: line(1_500).describe('Two or three sentences to the author.'),
});

export type TriageAnswer = z.infer<typeof triageAnswer>;

export interface TriageProposal extends Pick<
  TriageAnswer,
  'labels' | 'missing_information' | 'plan'
> {
  readonly type: IssueType | null;
  readonly priority: Priority | null;
  readonly size: Size | null;
  /** Null: no model wrote one. */
  readonly comment: string | null;
  /** Absent where an older version made the proposal. */
  readonly report?: TriageReport;
  /** Similarity is measured by code: cosine of the texts' TF-IDF vectors, 0 to 1. */
  readonly duplicates: readonly {
    readonly number: number;
    readonly similarity: number;
    readonly reason: string;
  }[];
}
