import { z } from 'zod';
import type { RefusedFlip } from '../../domain/roadmap/refused-flips.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
const sentence = z.string().trim().max(400).describe('One sentence; the facts are added by code.');

export const governorAnswer = z.strictObject({
  flips: z
    .array(
      z.strictObject({
        line: z.int().positive().describe('Line of the roadmap item.'),
        to: z.enum(['in_progress', 'done']),
        evidence: z
          .array(z.int().positive())
          .min(1)
          .max(20)
          .describe('Merged pull requests that show it.'),
      }),
    )
    .max(40),
  summary: line(1_500),
  sentences: z.strictObject({
    what_changed: sentence,
    risks_introduced: sentence,
    how_it_can_fail: sentence,
    how_detected: sentence,
    how_recovered: sentence,
  }),
});

export type GovernorAnswer = z.infer<typeof governorAnswer>;

export type RecheckQuestion = keyof GovernorAnswer['sentences'];

export interface RoadmapFlip {
  readonly line: number;
  readonly item: string;
  readonly to: 'in_progress' | 'done';
  /** Recorded merges that still stand, this cycle's or earlier ones. Never empty. */
  readonly evidence: readonly number[];
  /** People refused it in that cycle; it is asked again for what was merged since. */
  readonly again?: { readonly cycle: number; readonly since: readonly number[] };
}

/** Refused by people before, with nothing merged since that shows it: not proposed. */
export interface HeldBackFlip extends RoadmapFlip {
  readonly refused: Pick<RefusedFlip, 'cycle' | 'how' | 'by' | 'reason'>;
}

export interface GovernorProposal {
  readonly flips: readonly RoadmapFlip[];
  readonly held_back: readonly HeldBackFlip[];
  /** Flips that no recorded merge shows, or of a line that holds no item. */
  readonly dropped_flips: number;
  /** Null where the roadmap states no version. */
  readonly version: { readonly from: string; readonly to: string; readonly reason: string } | null;
  readonly summary: string;
  /** Markdown: measured facts, with at most one sentence of the model's before them. */
  readonly answers: Readonly<Record<RecheckQuestion, string>>;
}
