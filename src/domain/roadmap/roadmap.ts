import type { Expression } from './expression.ts';
import type { Span } from './outline.ts';
import type { Status } from './status.ts';

/** One place, on one line, that says a status and can be made to say another. Spans are offsets in the document's text. */
export type StatusSlot = CheckBoxSlot | WrittenSlot;

export interface CheckBoxSlot {
  readonly kind: 'check_box';
  readonly line: number;
  readonly span: Span;
  readonly mark: string;
  readonly status: Status;
}

/** `shape` groups slots that are written alike: the cells of one table, markers before items, words after headings. */
export interface WrittenSlot {
  readonly kind: 'written';
  readonly line: number;
  readonly span: Span;
  readonly shape: string;
  /** Null in a cell that is empty or holds a dash. Its spans count from `origin`. */
  readonly expression: Expression | null;
  readonly origin: number;
  readonly status: Status;
}

export interface Item {
  readonly text: string;
  /** As the document numbers it (`CA-012`, `1.3`); null where it does not. */
  readonly id: string | null;
  /** The bold name it begins with, or empty. */
  readonly lead: string;
  readonly status: Status;
  /** Whether the item says so itself, or has it from its milestone's heading. */
  readonly stated: boolean;
  readonly line: number;
  /** The nearest heading, which may lie below the milestone's own. */
  readonly section: string;
  /** Empty: nothing on its line says a status, so nothing can be set. */
  readonly slots: readonly StatusSlot[];
}

export interface Milestone {
  readonly id: string;
  readonly title: string;
  /** 1 for the items that stand before any heading. */
  readonly line: number;
  readonly level: number;
  /** As its heading says, else as its items come to. */
  readonly status: Status;
  /** As its heading says. */
  readonly percent: number | null;
  /** How many are done of how many, as its heading says. */
  readonly count: Count | null;
  /** Items that state a status, in it and in the milestones below it. */
  readonly measured: Measure;
  readonly slots: readonly StatusSlot[];
  readonly items: readonly Item[];
  /** The id of the milestone it lies in. */
  readonly parent: string | null;
}

export interface Count {
  readonly done: number;
  readonly total: number;
}

export interface Measure {
  readonly done: number;
  readonly total: number;
  /** Null where nothing is stated; 100 only when all is done. */
  readonly percent: number | null;
  readonly status: Status;
}

export interface CurrentVersion {
  readonly version: string;
  readonly line: number;
  readonly span: Span;
}

export type HistoryColumn = 'version' | 'date' | 'type' | 'summary' | 'other';

export interface VersionHistory {
  readonly line: number;
  readonly columns: readonly HistoryColumn[];
  readonly rows: readonly { readonly version: string; readonly line: number }[];
}

export interface Roadmap {
  readonly text: string;
  readonly milestones: readonly Milestone[];
  /** Several where the document says it several times. */
  readonly versions: readonly CurrentVersion[];
  readonly history: VersionHistory | null;
}

/** Every item, in the order of the document. */
export function itemsOf(roadmap: Roadmap): Item[] {
  return roadmap.milestones.flatMap(({ items }) => items).sort((a, b) => a.line - b.line);
}
