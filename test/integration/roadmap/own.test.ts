import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../../src/domain/roadmap/roadmap.ts';
import { read } from './documents.ts';

const root = resolve(import.meta.dirname, '../../..');
const roadmap = read(readFileSync(resolve(root, 'ROADMAP.md'), 'utf8'));

/** Letter of a family of features → how many there are. */
const families = { A: 19, B: 14, C: 12, D: 8, E: 9, F: 8 };

describe("this project's own roadmap", () => {
  it('lists every feature once, with a status', () => {
    const wanted = Object.entries(families).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    const items = itemsOf(roadmap);
    expect(items.map(({ id }) => id ?? 'none').toSorted()).toEqual(wanted.toSorted());
    expect(items.filter(({ stated, status }) => !stated || status === 'unknown')).toEqual([]);
  });

  it('calls a milestone what its items come to', () => {
    expect(roadmap.milestones.map(({ title, status }) => [title, status])).toEqual(
      roadmap.milestones.map(({ title, measured }) => [title, measured.status]),
    );
  });

  it('names one current version, which its history ends with', () => {
    expect(roadmap.versions).toHaveLength(1);
    expect(roadmap.history?.rows.at(-1)?.version).toBe(roadmap.versions[0]?.version);
  });
});
