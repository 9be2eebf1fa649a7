import { driftKinds, type DriftFinding } from '../drift/finding.ts';
import type { TimedEvent } from '../work-item/event.ts';
import type { CountedMerge } from '../work-item/state.ts';

/** A merge as it was counted. */
export interface RecordedMerge extends CountedMerge {
  readonly cycle: number;
}

/** A roadmap item that the governor would have had say another status. */
export interface ProposedFlip {
  /** In the words of the proposal, made harmless. */
  readonly item: string;
  readonly to: 'in_progress' | 'done';
  readonly evidence: readonly number[];
}

export type CycleEnd = 'published' | 'rejected' | 'closed' | 'expired';

/** What came of a cycle's proposal; `flips` are those it was last asked about. */
export interface PastCycle {
  readonly cycle: number;
  readonly flips: readonly ProposedFlip[];
  /** What it told of drift. */
  readonly drift: readonly DriftFinding[];
  readonly end: CycleEnd | null;
  /** Login of whoever ended it; null where nobody is named. */
  readonly by: string | null;
  readonly reason: string;
}

/** The last that are remembered: what was refused long before has been asked again by people, or forgotten by them too. */
const CYCLES_KEPT = 100;
const MERGES_KEPT = 500;

/** Reads a history from its beginning, one event after the other. */
export class PastCyclesFold {
  #cycles: PastCycle[] = [];
  #merges: RecordedMerge[] = [];

  /** Oldest first. */
  get cycles(): readonly PastCycle[] {
    return this.#cycles;
  }

  /** Oldest first. */
  get merges(): readonly RecordedMerge[] {
    return this.#merges;
  }

  take(event: TimedEvent): void {
    switch (event.type) {
      case 'merge.counted': {
        const { cycle, merge } = event.data;
        this.#merges = [...this.#merges, { ...merge, cycle }].slice(-MERGES_KEPT);
        return;
      }
      case 'item.created':
        if (event.data.kind === 'cycle') this.#begin(event.data.number);
        return;
      case 'agent.proposed':
        if (event.data.agent === 'governor') {
          this.#change(event.item, {
            flips: flipsIn(event.data.content),
            drift: driftIn(event.data.content),
          });
        }
        return;
      case 'gate.rejected':
        this.#change(event.item, { by: humanOf(event), reason: event.data.reason });
        return;
      case 'item.merged':
        if (event.data.outcome === 'published') {
          this.#change(event.item, { end: 'published', by: humanOf(event), reason: '' });
        }
        return;
      case 'item.terminated': {
        const { outcome: end, reason } = event.data;
        const known = this.#of(event.item);
        if (known === undefined) return;
        this.#change(event.item, {
          end,
          by: humanOf(event) ?? known.by,
          reason: known.reason === '' ? reason : known.reason,
        });
        return;
      }
      default:
    }
  }

  #begin(cycle: number): void {
    const others = this.#cycles.filter((one) => one.cycle !== cycle);
    const fresh = { cycle, flips: [], drift: [], end: null, by: null, reason: '' };
    this.#cycles = [...others, fresh].slice(-CYCLES_KEPT);
  }

  #of(item: string | null): PastCycle | undefined {
    return this.#cycles.find(({ cycle }) => `cycle-${cycle}` === item);
  }

  #change(item: string | null, change: Partial<PastCycle>): void {
    const known = this.#of(item);
    if (known === undefined) return;
    this.#cycles = this.#cycles.map((one) => (one === known ? { ...one, ...change } : one));
  }
}

const humanOf = ({ actor }: Pick<TimedEvent, 'actor'>): string | null =>
  actor.kind === 'human' ? actor.login : null;

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/**
 * Merges of the cycles since the last one that was published: no version and no changelog tells of them yet. They stay counted in
 * their own cycle.
 */
export function unpublished(
  cycles: readonly PastCycle[],
  merges: readonly RecordedMerge[],
): readonly RecordedMerge[] {
  const last = Math.max(
    0,
    ...cycles.flatMap(({ cycle, end }) => (end === 'published' ? [cycle] : [])),
  );
  return merges.filter(({ cycle }) => cycle > last);
}

/** A proposal stands in the history as any JSON; what is no flip is passed over. */
function flipsIn(content: unknown): readonly ProposedFlip[] {
  const flips = field(content, 'flips');
  if (!Array.isArray(flips)) return [];
  return flips.flatMap((flip: unknown): ProposedFlip[] => {
    const [item, to, evidence] = [field(flip, 'item'), field(flip, 'to'), field(flip, 'evidence')];
    if (typeof item !== 'string' || (to !== 'in_progress' && to !== 'done')) return [];
    const numbers = Array.isArray(evidence)
      ? evidence.filter((one: unknown): one is number => typeof one === 'number')
      : [];
    return [{ item, to, evidence: numbers }];
  });
}

function driftIn(content: unknown): readonly DriftFinding[] {
  const drift = field(content, 'drift');
  if (!Array.isArray(drift)) return [];
  return drift.flatMap((finding: unknown): DriftFinding[] => {
    const [kind, path, text] = [
      field(finding, 'kind'),
      field(finding, 'path'),
      field(finding, 'text'),
    ];
    const known = driftKinds.find((one) => one === kind);
    return known === undefined || typeof path !== 'string' || typeof text !== 'string'
      ? []
      : [{ kind: known, path, line: null, text }];
  });
}
