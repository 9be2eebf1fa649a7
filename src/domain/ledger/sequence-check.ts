import { EMPTY_CHAIN, type ChainHead, type RecordedEvent } from './envelope.ts';
import type { Findings, Place, Where } from './findings.ts';
import { headOf } from './chain.ts';

interface Gap {
  from: number;
  readonly to: number;
  readonly place: Place;
  readonly order: number;
}

/**
 * Follows the sequence numbers and the links of a history, and tells apart what a break was: events removed, two that
 * swapped places, one repeated, one rewritten with its hash made to fit.
 */
export class SequenceCheck {
  readonly #findings: Findings;
  readonly #gaps: Gap[] = [];
  #unreadable = 0;
  #top: ChainHead = EMPTY_CHAIN;
  #broken = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The event with the highest sequence so far. */
  get top(): ChainHead {
    return this.#top;
  }

  /** Whether anything is out of place, so that a state folded from it would mean nothing. */
  get broken(): boolean {
    return this.#broken;
  }

  /** A line that held no event: the gap it leaves is no second fault. */
  unreadable(): void {
    this.#unreadable += 1;
    this.#broken = true;
  }

  follow(event: RecordedEvent, where: Where, order: number): void {
    if (event.sequence <= this.#top.sequence) {
      this.#broken = true;
      this.#outOfPlace(event, where(), order);
      return;
    }
    const from = this.#top.sequence + 1 + this.#unreadable;
    if (event.sequence > from) {
      this.#broken = true;
      this.#gaps.push({ from, to: event.sequence - 1, place: where(), order });
    } else if (event.sequence === this.#top.sequence + 1) {
      this.#checkLink(event, where, order);
    }
    this.#unreadable = 0;
    this.#top = headOf(event);
  }

  /** Names the events that never came. */
  finish(): void {
    for (const { from, to, place, order } of this.#gaps) {
      const one = from === to;
      this.#findings.add(
        'fault',
        'sequence.gap',
        place,
        `${one ? `event ${from} is` : `events ${from} to ${to} are`} missing before this line: removed from the history`,
        order,
      );
    }
  }

  #checkLink(event: RecordedEvent, where: Where, order: number): void {
    if (event.previous === this.#top.hash) return;
    this.#broken = true;
    const before =
      this.#top.sequence === 0
        ? 'the first event must name 64 zeros: events before it were cut off, or it belongs to another history'
        : `event ${this.#top.sequence} has ${this.#top.hash}: event ${this.#top.sequence} was rewritten after this one was recorded, or this line belongs to another history`;
    this.#findings.add(
      'fault',
      'previous.mismatch',
      where(),
      `names ${event.previous} as its predecessor, but ${before}`,
      order,
    );
  }

  #outOfPlace(event: RecordedEvent, place: Place, order: number): void {
    const { sequence } = event;
    const index = this.#gaps.findIndex(({ from, to }) => from <= sequence && sequence <= to);
    const gap = this.#gaps[index];
    if (gap === undefined) {
      const message = `event ${sequence} stands here a second time, or its number was changed (the history is at event ${this.#top.sequence})`;
      this.#findings.add('fault', 'sequence.repeated', place, message, order);
      return;
    }
    const rest = [
      { ...gap, to: sequence - 1 },
      { ...gap, from: sequence + 1 },
    ].filter(({ from, to }) => from <= to);
    this.#gaps.splice(index, 1, ...rest);
    const swapped = gap.from === gap.to && order === gap.order + 1;
    this.#findings.add(
      'fault',
      swapped ? 'sequence.swapped' : 'sequence.out_of_order',
      place,
      swapped
        ? `events ${sequence} and ${this.#top.sequence} have swapped places (this line and the one before)`
        : `event ${sequence} stands behind event ${this.#top.sequence}; it belongs before ${gap.place.file}:${gap.place.line}`,
      order,
    );
  }
}
