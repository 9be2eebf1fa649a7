import { readEventLine } from './event-line.ts';
import { EventReader } from './event-reader.ts';
import { hashEvent, type ChainHead, type RecordedEvent, type Sha256 } from './envelope.ts';
import type { Finding, Findings, Place, Where } from './findings.ts';
import type { Line } from './lines.ts';
import type { Machine } from './machine.ts';
import { AnchorCheck, type Anchor } from './anchor-check.ts';
import { SeenIds } from './seen-ids.ts';
import { SequenceCheck } from './sequence-check.ts';
import { HISTORY_FOLDER, LINE_BYTES, SEGMENT_BYTES, segmentPath } from './segments.ts';

/** What the events of a history come to, for the comparison with what stands beside it. */
export interface Folded<State> {
  readonly head: ChainHead;
  readonly events: number;
  readonly segments: number;
  readonly state: State;
  /** Why `state` cannot be relied on (the place of the first break), or null if it can. */
  readonly unreliable: string | null;
}

interface Options<State, Event extends RecordedEvent> {
  readonly machine: Machine<State, Event>;
  readonly sha256: Sha256;
  readonly anchors: readonly Anchor[];
  readonly findings: Findings;
  /** Looks at each event that stands where it may, before it is folded. */
  readonly witness?: (event: Event, where: Where, order: number) => void;
  /** What is wrong with the data of an event, by the schema of its type in the version it was written in. */
  readonly misfits: (event: RecordedEvent) => readonly string[];
}

/**
 * Checks a history line by line as it is read: holds one line, the folded state and the ids seen, never the events. Every
 * fault is collected. Once the order or the content of an event is in doubt, the chain is still followed, but the machine
 * is not: from a state that means nothing every later step would look illegal.
 */
export class HistoryCheck<State, Event extends RecordedEvent> {
  readonly #machine: Machine<State, Event>;
  readonly #sha256: Sha256;
  readonly #findings: Findings;
  readonly #misfits: Options<State, Event>['misfits'];
  readonly #witness: Options<State, Event>['witness'];
  readonly #sequence: SequenceCheck;
  readonly #anchors: AnchorCheck;
  #state: State;
  #unreliable: string | null = null;
  readonly #ids = new SeenIds();
  readonly #reader: EventReader;
  /** The event with the latest date so far. */
  #latest: RecordedEvent | null = null;
  #events = 0;
  #segments = 0;
  #ordinal = 0;
  #file = segmentPath(1);
  #line = 0;
  /** Of the line at hand; null where it holds no event. */
  #event: number | null = null;
  #bytes = 0;
  readonly #here: Where = () => ({ file: this.#file, line: this.#line, event: this.#event });

  constructor({ machine, sha256, anchors, findings, misfits, witness }: Options<State, Event>) {
    this.#machine = machine;
    this.#sha256 = sha256;
    this.#reader = new EventReader(sha256);
    this.#findings = findings;
    this.#misfits = misfits;
    this.#witness = witness;
    this.#sequence = new SequenceCheck(findings);
    this.#anchors = new AnchorCheck(anchors, findings);
    this.#state = machine.initial;
  }

  /** Segments come in the order of their numbers. */
  openSegment(number: number): void {
    this.#file = segmentPath(number);
    this.#line = 0;
    this.#bytes = 0;
    const expected = this.#segments + 1;
    if (number > expected) {
      const missing =
        number === expected + 1
          ? `segment ${segmentPath(expected)} is`
          : `segments ${segmentPath(expected)} to ${segmentPath(number - 1)} are`;
      this.#fault('segment.missing', { file: this.#file }, `${missing} missing before this one`);
      this.#distrust(this.#file);
    }
    this.#segments = number;
  }

  line(line: Line): void {
    this.#line += 1;
    this.#ordinal += 1;
    this.#bytes += line.bytes.length + 1;
    this.#event = null;
    if (!line.terminated) {
      this.#fault(
        'segment.unterminated',
        this.#here(),
        'the last line has no newline: it was cut off',
      );
    }
    if (line.tooLong) {
      this.#fault(
        'line.too_long',
        this.#here(),
        `is longer than ${LINE_BYTES} bytes, the most that is read`,
      );
      this.#sequence.unreadable();
      this.#distrustLine();
      return;
    }
    this.#readLine(line.bytes);
  }

  closeSegment(): void {
    if (this.#line === 0) {
      this.#fault('segment.empty', { file: this.#file }, 'holds no event: it was emptied');
      this.#distrust(this.#file);
    }
    if (this.#bytes > SEGMENT_BYTES && this.#line > 1) {
      const message = `holds ${this.#bytes} bytes; a segment is closed before ${SEGMENT_BYTES}`;
      this.#findings.add(
        'warning',
        'segment.oversized',
        { file: this.#file },
        message,
        this.#ordinal,
      );
    }
  }

  /** `pardoned`: from what the history says itself, the commits that were set aside. */
  finish(pardoned: (state: State) => ReadonlySet<string>): Folded<State> {
    this.#sequence.finish();
    this.#anchors.finish(this.#sequence.top, pardoned(this.#state));
    if (this.#unreliable !== null) {
      this.#findings.add(
        'note',
        'transitions.not_checked',
        { file: HISTORY_FOLDER },
        `from ${this.#unreliable} on, transitions were not checked, nor what queue.json holds: the state before them is in doubt`,
      );
    }
    return {
      head: this.#sequence.top,
      events: this.#events,
      segments: this.#segments,
      state: this.#state,
      unreliable: this.#unreliable,
    };
  }

  #readLine(bytes: Uint8Array): void {
    const plain = this.#reader.read(bytes);
    if (plain !== null) {
      this.#event = plain.sequence;
      this.#checkEvent(plain, null);
      return;
    }
    const { event, faults } = readEventLine(bytes);
    this.#event = event?.sequence ?? null;
    for (const { code, message, column } of faults) {
      this.#fault(code, { ...this.#here(), column }, message);
    }
    if (event === null) {
      this.#sequence.unreadable();
      this.#distrustLine();
      return;
    }
    this.#checkEvent(event, hashEvent(event, this.#sha256));
  }

  /** `hash`: what its content hashes to; null: what it says. */
  #checkEvent(event: RecordedEvent, hash: string | null): void {
    this.#events += 1;
    const inOrder = event.sequence > this.#sequence.top.sequence;
    this.#sequence.follow(event, this.#here, this.#ordinal);
    if (hash !== null && hash !== event.hash) this.#edited(event, hash);
    this.#anchors.pass(event, this.#here, this.#ordinal);
    this.#checkId(event);
    // An event out of its place is out of its time as well: that is one fault, not two.
    if (inOrder) this.#checkClock(event);
    if (this.#sequence.broken) this.#distrustLine();
    if (this.#unreliable === null) this.#fold(event);
  }

  #edited(event: RecordedEvent, hash: string): void {
    this.#fault(
      'hash.mismatch',
      this.#here(),
      `was edited: its content hashes to ${hash}, it was recorded with ${event.hash}`,
    );
    this.#distrustLine();
  }

  #checkId(event: RecordedEvent): void {
    const other = this.#ids.firstOf(event.id, event.sequence);
    if (other === null) return;
    const message = `has the id ${JSON.stringify(event.id)} of event ${other}: an id is given once`;
    this.#fault('id.repeated', this.#here(), message);
  }

  #checkClock(event: RecordedEvent): void {
    // One spelling a moment, so text in order is time in order.
    if (this.#latest !== null && event.at < this.#latest.at) {
      this.#findings.add(
        'warning',
        'clock.backwards',
        this.#here(),
        `is dated ${event.at}, before event ${this.#latest.sequence} (${this.#latest.at}): a clock was set back`,
        this.#ordinal,
      );
      return;
    }
    this.#latest = event;
  }

  #fold(event: RecordedEvent): void {
    const misfits = this.#misfits(event);
    for (const misfit of misfits) this.#unfit(event, misfit);
    if (misfits.length === 0) this.#step(event);
  }

  #step(event: RecordedEvent): void {
    try {
      const known = this.#machine.read(event);
      if (known === null) {
        this.#unknown(event);
        return;
      }
      const refusal = this.#machine.check(this.#state, known);
      if (refusal !== null) {
        this.#fault('transition.illegal', this.#here(), `may not happen here: ${refusal.message}`);
      }
      this.#witness?.(known, this.#here, this.#ordinal);
      this.#state = this.#machine.evolve(this.#state, known);
    } catch (error) {
      this.#unfit(event, error instanceof Error ? error.message : String(error));
    }
  }

  #unknown({ type, version }: RecordedEvent): void {
    this.#findings.add(
      'inconclusive',
      'event.unknown',
      this.#here(),
      `has the type ${type} in version ${version}, which this version of Assent does not know: use a newer one`,
      this.#ordinal,
    );
    this.#distrustLine();
  }

  /** Only a history written by other hands gets here: its data has not the shape of its type. */
  #unfit(event: RecordedEvent, problem: string): void {
    this.#fault(
      'event.unfit',
      this.#here(),
      `has data that does not fit ${event.type}: ${problem}`,
    );
    this.#distrustLine();
  }

  #fault(code: Finding['code'], place: Place, message: string): void {
    this.#findings.add('fault', code, place, message, this.#ordinal);
  }

  #distrustLine(): void {
    this.#distrust(`${this.#file}:${this.#line}`);
  }

  #distrust(place: string): void {
    this.#unreliable ??= place;
  }
}
