/**
 * `fault`: the history is not what was recorded. `inconclusive`: this program cannot tell. `warning`: odd, yet possible.
 * `note`: worth knowing, nothing wrong with the history itself.
 */
export type Severity = 'fault' | 'inconclusive' | 'warning' | 'note';

/** One thing found, with its place. */
export interface Finding {
  readonly severity: Severity;
  /** Stable, for programs: `hash.mismatch`. */
  readonly code: string;
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** Sequence of the event concerned. */
  readonly event: number | null;
  readonly message: string;
}

/** A file, and where known the line and event, that a finding is about. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number | null;
  readonly event?: number | null;
}

/** The place of the line at hand, made only for whoever has something to say of it: hardly any line of a history. */
export type Where = () => Place;

/** Beyond this many only the count is kept: a wholly foreign folder must not fill the memory. */
const FINDINGS_KEPT = 500;

/** Findings in the order of the lines they concern, whenever they were made. */
export class Findings {
  readonly #kept: { readonly order: number; readonly finding: Finding }[] = [];
  #omitted = 0;
  readonly #severities = new Set<Severity>();

  /** `order`: the ordinal of the line concerned; what concerns no line comes last. */
  add(severity: Severity, code: string, place: Place, message: string, order = Infinity): void {
    this.#severities.add(severity);
    if (this.#kept.length >= FINDINGS_KEPT) {
      this.#omitted += 1;
      return;
    }
    const { file, line = null, column = null, event = null } = place;
    this.#kept.push({ order, finding: { severity, code, file, line, column, event, message } });
  }

  has(severity: Severity): boolean {
    return this.#severities.has(severity);
  }

  get omitted(): number {
    return this.#omitted;
  }

  list(): readonly Finding[] {
    return this.#kept
      .toSorted((left, right) => (left.order === right.order ? 0 : left.order - right.order))
      .map(({ finding }) => finding);
  }
}

/** `.ai_metadata/history/000001.jsonl:12 (event 12) was edited: …`. */
export const describeFinding = ({ file, line, column, event, message }: Finding): string => {
  const place = [file, line, line === null ? null : column].filter((part) => part !== null);
  return `${place.join(':')}${event === null ? '' : ` (event ${event})`} ${message}`;
};
