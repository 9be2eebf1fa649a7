/** Where things stand in a Markdown text: what a parser found, by position. Offsets are UTF-16 units, lines begin at 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface HeadingBlock {
  readonly kind: 'heading';
  readonly level: number;
  readonly line: number;
  /** The inline content, without the hashes. */
  readonly content: Span;
  readonly text: string;
}

export interface ListItemBlock {
  readonly kind: 'list_item';
  readonly line: number;
  /** The character between the brackets of a task list's check box. */
  readonly checkBox: Span | null;
  /** The first paragraph, after the check box. */
  readonly content: Span;
  readonly text: string;
  /** What stands first in bold, often the item's name; empty where nothing does. */
  readonly lead: string;
}

export interface TableCell {
  /** From the cell's own bar to the next. */
  readonly whole: Span;
  /** Null in an empty cell. */
  readonly content: Span | null;
  readonly text: string;
}

export interface TableRow {
  readonly line: number;
  readonly cells: readonly TableCell[];
}

export interface TableBlock {
  readonly kind: 'table';
  readonly line: number;
  readonly header: TableRow;
  readonly rows: readonly TableRow[];
}

export interface ParagraphBlock {
  readonly kind: 'paragraph';
  readonly line: number;
  readonly content: Span;
}

export type Block = HeadingBlock | ListItemBlock | TableBlock | ParagraphBlock;

/** Blocks in the order of the document; code, comments and front matter are left out. */
export interface Outline {
  readonly text: string;
  readonly blocks: readonly Block[];
}
