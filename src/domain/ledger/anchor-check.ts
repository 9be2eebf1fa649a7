import { GENESIS, type ChainHead, type RecordedEvent } from './envelope.ts';
import { headOf } from './chain.ts';
import type { Findings, Place, Where } from './findings.ts';
import { HISTORY_FOLDER } from './segments.ts';

/** A head that somebody outside the history kept: the history must pass through it. */
export interface Anchor extends ChainHead {
  /** Where it comes from, for people: `commit 1a2b3c4`, `--anchor`. */
  readonly source: string;
  /** The commit that says so; absent where it is kept elsewhere. */
  readonly commit?: string;
}

/** Reads `SEQ:HASH`, the sequence from 1; null if it is not that. */
export const parseAnchor = (text: string, source: string): Anchor | null => {
  const match = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { sequence: Number(match[1]), hash: match[2].toLowerCase(), source };
};

interface Mismatch {
  readonly anchor: Anchor;
  readonly event: ChainHead;
  readonly place: Place;
  readonly order: number;
}

/** Compares a history with its anchors as it passes; a history that ends before one was cut off. */
export class AnchorCheck {
  readonly #findings: Findings;
  readonly #pending = new Map<number, Anchor[]>();
  readonly #mismatches: Mismatch[] = [];

  constructor(anchors: readonly Anchor[], findings: Findings) {
    this.#findings = findings;
    for (const anchor of anchors) {
      if (anchor.sequence === 0 && anchor.hash === GENESIS) continue;
      this.#pending.set(anchor.sequence, [...(this.#pending.get(anchor.sequence) ?? []), anchor]);
    }
  }

  pass(event: RecordedEvent, where: Where, order: number): void {
    const anchors = this.#pending.get(event.sequence);
    if (anchors === undefined) return;
    for (const anchor of anchors) {
      if (anchor.hash === event.hash) continue;
      this.#mismatches.push({ anchor, event: headOf(event), place: where(), order });
    }
    this.#pending.delete(event.sequence);
  }

  /** `pardoned`: commits that the history itself says were set aside; what they claim binds nobody. */
  finish(top: ChainHead, pardoned: ReadonlySet<string>): void {
    const binds = ({ commit }: Anchor): boolean => commit === undefined || !pardoned.has(commit);
    this.#reportMismatches(this.#mismatches.filter(({ anchor }) => binds(anchor)));
    const beyond = [...this.#pending.values()]
      .flat()
      .filter((anchor) => anchor.sequence > top.sequence && binds(anchor));
    const furthest = beyond.toSorted((left, right) => right.sequence - left.sequence)[0];
    if (furthest !== undefined) {
      this.#findings.add(
        'fault',
        'anchor.beyond',
        { file: HISTORY_FOLDER, event: furthest.sequence },
        `ends at event ${top.sequence}, but ${furthest.source} recorded event ${furthest.sequence}: the end was cut off`,
      );
    }
  }

  /** Every later commit disagrees as well once one does: the first says where the history was rewritten. */
  #reportMismatches([first, ...more]: readonly Mismatch[]): void {
    if (first === undefined) return;
    const { anchor, event, place, order } = first;
    this.#findings.add(
      'fault',
      'anchor.mismatch',
      place,
      `has the hash ${event.hash}, but ${anchor.source} recorded event ${anchor.sequence} with ${anchor.hash}: the history was rewritten up to here`,
      order,
    );
    if (more.length === 0) return;
    const message = `${more.length} more anchors disagree with the history`;
    this.#findings.add('note', 'anchor.more', { file: HISTORY_FOLDER }, message);
  }
}
