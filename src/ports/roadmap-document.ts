import type { Result } from '../domain/result.ts';
import type { Outline } from '../domain/roadmap/outline.ts';

/** Reads Markdown to know where things are; nothing is ever written from what it returns but by position. */
export interface RoadmapDocument {
  /** Refused where the bytes are no UTF-8 text: what cannot be read whole cannot be edited safely. A BOM is kept in the text. */
  decode(bytes: Uint8Array): Result<string>;
  outline(text: string): Outline;
}
