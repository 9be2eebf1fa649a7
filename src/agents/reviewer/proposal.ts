import { z } from 'zod';
import { findingKinds, severities, type MarkedFinding } from '../../domain/review/finding.ts';
import type { LineRemark } from '../../domain/review/compose.ts';
import { reviewEvents, type ReviewEvent, type ReviewMemory } from '../../domain/review/memory.ts';
import { riskLevels, type RiskLevel } from '../../domain/review/risk.ts';

const line = (max: number) => z.string().trim().min(1).max(max);

const findingAnswer = z.strictObject({
  path: line(300),
  line: z.int().positive().describe('As numbered in the change; the last one of several.'),
  start_line: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('The first line, where it is about several; else null.'),
  side: z
    .enum(['new', 'old'])
    .default('new')
    .describe('old: the line is one that was taken away, numbered as before the change.'),
  severity: z.enum(severities),
  kind: z.enum(findingKinds).default('bug'),
  message: line(1_000),
  suggestion: z
    .string()
    .max(2_000)
    .nullable()
    .default(null)
    .describe(
      'The exact text for lines start_line to line, whole, ready to be committed; else null.',
    ),
});

/** There is no approval to choose: an agent's vote never counts (law 4). */
export const reviewAnswer = z.strictObject({
  summary: line(2_000),
  risk: z.strictObject({
    level: z.enum(riskLevels),
    reasons: z.array(line(300)).max(8),
  }),
  findings: z.array(findingAnswer).max(25),
  event: z.enum(reviewEvents),
});

/** As a model writes it: what has a default may be missing. */
export type ReviewAnswer = z.input<typeof reviewAnswer>;

export interface ReviewProposal {
  /** False: all of it was said before, so nothing is published. */
  readonly publish: boolean;
  readonly summary: string;
  readonly risk: {
    readonly level: RiskLevel;
    /** Measured, of 100. */
    readonly score: number;
    readonly reasons: readonly string[];
  };
  /** What is said now; those without a place in the change are told in the text. */
  readonly findings: readonly MarkedFinding[];
  readonly event: ReviewEvent;
  /** The review's text in Markdown, safe to publish. */
  readonly body: string;
  readonly comments: readonly LineRemark[];
  readonly memory: ReviewMemory;
}
