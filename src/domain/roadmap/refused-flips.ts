import { stripHidden } from '../text.ts';
import type { PastCycle, ProposedFlip } from './past-cycles.ts';
import type { Status } from './status.ts';

/** A flip that people did not want. */
export interface RefusedFlip extends ProposedFlip {
  readonly cycle: number;
  /** `taken_back`: it was published, or was to be, and the roadmap says otherwise. */
  readonly how: 'rejected' | 'closed' | 'taken_back';
  readonly by: string | null;
  readonly reason: string;
}

type Row = { readonly text: string; readonly status: Status };

/** The same words, however they were made harmless: letters and digits alone. */
const sameWords = (text: string): string =>
  stripHidden(text)
    .text.normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * What people last said no to, by item: they rejected or closed the pull request, or merged it and the roadmap does not say so
 * (somebody took the line out of it, or back afterwards). A cycle in which nobody decided says nothing, and a later yes lifts a no.
 */
export function refusedFlips(
  cycles: readonly PastCycle[],
  rows: readonly Row[],
): readonly RefusedFlip[] {
  const now = new Map<string, Status | null>();
  for (const { text, status } of rows) {
    const words = sameWords(text);
    // Two rows that read alike: nobody knows which one it was.
    now.set(words, now.has(words) ? null : status);
  }
  const refused = new Map<string, RefusedFlip>();
  for (const past of cycles) {
    for (const flip of past.flips) {
      const words = sameWords(flip.item);
      const key = `${flip.to} ${words}`;
      const how = howRefused(past, flip, now.get(words) ?? null);
      if (how === 'unknown') continue;
      if (how === null) refused.delete(key);
      else refused.set(key, { ...flip, cycle: past.cycle, how, by: past.by, reason: past.reason });
    }
  }
  return [...refused.values()];
}

function howRefused(
  { end }: PastCycle,
  { to }: ProposedFlip,
  now: Status | null,
): RefusedFlip['how'] | null | 'unknown' {
  switch (end) {
    case 'rejected':
    case 'closed':
      return end;
    case 'published':
      if (now === null) return 'unknown';
      return now === 'done' || now === to ? null : 'taken_back';
    case 'expired':
    case null:
      return 'unknown';
  }
}

/**
 * The no that stands against a flip, where nothing was merged since that the people who said it could not have been shown: a merge
 * of a later cycle. To begin was refused, to finish is too.
 */
export function standingRefusal(
  flip: ProposedFlip,
  refused: readonly RefusedFlip[],
  cycleOf: ReadonlyMap<number, number>,
): { readonly refusal: RefusedFlip; readonly since: readonly number[] } | null {
  const words = sameWords(flip.item);
  const against = refused
    .filter(({ item }) => sameWords(item) === words)
    .filter(({ to }) => to === flip.to || to === 'in_progress')
    .toSorted((a, b) => b.cycle - a.cycle)[0];
  if (against === undefined) return null;
  const since = flip.evidence.filter((number) => (cycleOf.get(number) ?? 0) > against.cycle);
  return { refusal: against, since };
}
