import { z } from 'zod';

const line = (max: number) => z.string().trim().min(1).max(max);

export const finding = z.strictObject({
  path: line(300),
  line: z.int().positive().describe('Line number in the new file; it must be a changed line.'),
  severity: z.enum(['info', 'minor', 'major', 'critical']),
  message: line(1_000),
  suggestion: z.string().max(1_000).nullable(),
});

/** There is no approval to choose: an agent's vote never counts (law 4). */
export const reviewAnswer = z.strictObject({
  summary: line(2_000),
  risk: z.strictObject({
    level: z.enum(['low', 'medium', 'high']),
    reasons: z.array(line(300)).max(8),
  }),
  findings: z.array(finding).max(25),
  event: z.enum(['COMMENT', 'REQUEST_CHANGES']),
});

export type ReviewAnswer = z.infer<typeof reviewAnswer>;
export type ReviewFinding = z.infer<typeof finding>;
export type ReviewEvent = ReviewAnswer['event'];

export interface ReviewProposal {
  readonly summary: string;
  readonly risk: {
    readonly level: 'low' | 'medium' | 'high';
    readonly reasons: readonly string[];
  };
  readonly findings: readonly ReviewFinding[];
  /** Findings that named no changed line. */
  readonly dropped_findings: number;
  readonly event: ReviewEvent;
  /** The review's text in Markdown, safe to publish. */
  readonly body: string;
}
