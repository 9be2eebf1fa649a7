export type NoteKind =
  | 'rejected'
  | 'overridden'
  | 'answered'
  | 'given_up'
  | 'mended'
  | 'merged'
  | 'closed';

/**
 * What a repository remembers of one thing that came to an end, with where it is from. Made of what people with the right to it decided
 * and of what code found out, never of what anybody wrote beside: a stranger's comment becomes no memory. Its words are data all
 * the same, since titles and reasons quote others.
 */
export interface Note {
  readonly kind: NoteKind;
  readonly item: string;
  readonly title: string;
  readonly text: string;
  /** Who said it; null: code found it out. */
  readonly by: string | null;
  readonly at: string;
  /** The event it was made of: with `item` and `at` it names a line of the history. */
  readonly event: string;
}

/** How one series of failures of an agent on an item ended. */
export interface Ending {
  readonly agent: string;
  /** Why it failed last, as its runs tell it apart. */
  readonly code: string;
  readonly failures: number;
  readonly mended: boolean;
}

export interface Memory {
  /** Oldest first. */
  readonly notes: readonly Note[];
  /** Oldest first. */
  readonly endings: readonly Ending[];
  /** Of open items: what of them notes need, and what fails at present. */
  readonly open: Readonly<Record<string, OpenMemory>>;
}

export interface OpenMemory {
  readonly title: string;
  readonly question: string;
  /** Summary of the plan last published. */
  readonly plan: string;
  readonly failing: {
    readonly agent: string;
    readonly code: string;
    readonly reason: string;
    readonly failures: number;
  } | null;
}

export const emptyMemory: Memory = { notes: [], endings: [], open: {} };
