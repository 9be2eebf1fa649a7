import { standingRefusal } from '../../domain/roadmap/refused-flips.ts';
import { neutraliseLine } from '../../domain/text.ts';
import type { GovernorBrief } from './brief.ts';
import type { GovernorAnswer, HeldBackFlip, RoadmapFlip } from './proposal.ts';

type Asked = Pick<RoadmapFlip, 'line' | 'to' | 'evidence'>;

export interface SettledFlips {
  readonly flips: readonly RoadmapFlip[];
  /** Refused by people before, with nothing merged since that shows it. */
  readonly held_back: readonly HeldBackFlip[];
  /** Without evidence, or of a line that holds no item that could change so. */
  readonly dropped: number;
}

/** What the roadmap itself shows, and beside it what was judged; where both speak of a line, what it shows. */
export function settleFlips(brief: GovernorBrief, judged: GovernorAnswer['flips']): SettledFlips {
  const shown = flipsByCitation(brief);
  const beside = judged.filter(({ line }) => !shown.some((flip) => flip.line === line));
  const sound = beside.flatMap((flip) => soundFlip(flip, brief));
  const all = [...shown, ...sound].toSorted((a, b) => a.line - b.line);
  const weighed = all.map((flip) => weigh(flip, brief));
  return {
    flips: weighed.filter((flip) => !('refused' in flip)),
    held_back: weighed.filter((flip): flip is HeldBackFlip => 'refused' in flip),
    dropped: beside.length - sound.length,
  };
}

/** Merges that were recorded and still stand: what takes something back finishes nothing, and neither does what was taken back. */
function standing(brief: GovernorBrief): ReadonlyMap<number, readonly number[]> {
  const looked = [...brief.carried, ...brief.merges];
  const own = looked
    .filter(({ reverts, reverted_by }) => reverts.length === 0 && reverted_by === null)
    .map(({ pull_request, closes }) => [pull_request, closes] as const);
  const fallen = looked.filter(({ reverted_by }) => reverted_by !== null);
  const back = new Set([
    ...fallen.map(({ pull_request }) => pull_request),
    ...looked.flatMap(({ reverts, pull_request: by }) =>
      reverts.flatMap(({ pull_request }) => [pull_request, by]),
    ),
  ]);
  const earlier = brief.earlier
    .filter(({ pull_request }) => !back.has(pull_request))
    .map(({ pull_request, issue }) => [pull_request, issue === null ? [] : [issue]] as const);
  return new Map([...earlier, ...own]);
}

/** A flip stands on recorded merges, on a line that holds an item, and changes something; none otherwise. */
function soundFlip(flip: Asked, brief: GovernorBrief): readonly RoadmapFlip[] {
  const item = brief.roadmap.items.find(({ line }) => line === flip.line);
  const merged = standing(brief);
  const evidence = [...new Set(flip.evidence)].filter((number) => merged.has(number));
  const settled = item === undefined || item.status === flip.to || item.status === 'done';
  return settled || evidence.length === 0
    ? []
    : [{ line: flip.line, item: neutraliseLine(item.text, 300), to: flip.to, evidence }];
}

/**
 * Rows that name issues or pull requests need no judgement: all of them closed or merged, and one at least by a recorded merge, is
 * done; one of several is begun.
 */
function flipsByCitation(brief: GovernorBrief): readonly RoadmapFlip[] {
  const merged = standing(brief);
  const closed = new Set(
    brief.cited.filter(({ state }) => state === 'closed').map(({ number }) => number),
  );
  return brief.roadmap.items.flatMap(({ line, status, cites }) => {
    const evidence = [...merged]
      .filter(([number, closes]) => [number, ...closes].some((one) => cites.includes(one)))
      .map(([number]) => number)
      .slice(-MOST_EVIDENCE);
    if (evidence.length === 0 || status === 'blocked') return [];
    const done = cites.every((number) => merged.has(number) || closed.has(number));
    if (!done && status !== 'planned') return [];
    return soundFlip({ line, to: done ? 'done' : 'in_progress', evidence }, brief);
  });
}

const MOST_EVIDENCE = 20;

function weigh(flip: RoadmapFlip, brief: GovernorBrief): RoadmapFlip | HeldBackFlip {
  const cycles = new Map([
    ...brief.earlier.map(({ pull_request, cycle }) => [pull_request, cycle] as const),
    ...brief.merges.map(({ pull_request }) => [pull_request, brief.cycle] as const),
  ]);
  const against = standingRefusal(flip, brief.refused, cycles);
  if (against === null) return flip;
  const { cycle, how, by, reason } = against.refusal;
  return against.since.length > 0
    ? { ...flip, again: { cycle, since: against.since } }
    : { ...flip, refused: { cycle, how, by, reason } };
}
