import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRoadmapText } from '../../../src/application/tools/roadmap-tools.ts';
import { createRoadmapDocument } from '../../../src/adapters/markdown/roadmap-document.ts';
import type { Roadmap } from '../../../src/domain/roadmap/roadmap.ts';

export const folder = resolve(import.meta.dirname, '../../fixtures/roadmaps');

export const names = readdirSync(folder).toSorted();

export const document = createRoadmapDocument();

export const textOf = (name: string): string => {
  const text = document.decode(readFileSync(join(folder, name)));
  if (!text.ok) throw new Error(text.refusal.message);
  return text.value;
};

const known = new Map<string, Roadmap>();

/** Parsed once: the tests ask for the same documents hundreds of times. */
export const read = (text: string): Roadmap => {
  const roadmap = known.get(text) ?? readRoadmapText(document, text);
  known.set(text, roadmap);
  return roadmap;
};

/** The same document as other editors would have saved it. */
export const variants: Readonly<Record<string, (text: string) => string>> = {
  'as it came': (text) => text,
  'with CRLF': (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  'with LF': (text) => text.replaceAll('\r\n', '\n'),
  'with a BOM': (text) => (text.startsWith('\uFEFF') ? text : `\uFEFF${text}`),
  'without a last line break': (text) => text.replace(/(\r?\n)+$/, ''),
};

/** Lines that differ, told from the bytes alone; -1 where the number of lines does. */
export const differingLines = (before: string, after: string): number[] => {
  const a = Buffer.from(before, 'utf8').toString('latin1').split('\n');
  const b = Buffer.from(after, 'utf8').toString('latin1').split('\n');
  if (a.length !== b.length) return [-1];
  return a.flatMap((line, index) => (line === b[index] ? [] : [index + 1]));
};
