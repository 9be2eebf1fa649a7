import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const place = (path: string): string =>
  fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const page = readFileSync(place('security.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!Threat|Trap|What)[^-]/.test(line));
const named = [...page.matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g)].flatMap(
  ([, title = '', path = '']) => (title === 'a test' ? [] : [[title, path] as const]),
);

describe('the page of what is held off', () => {
  it('names tests in every row', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !row.includes('](../test/'))).toEqual([]);
  });

  it.each(named)('names "%s", which is in %s', (title, path) => {
    // As written there, where quotes of the other kind may be escaped.
    expect(readFileSync(place(path), 'utf8').replaceAll('\\', '')).toContain(title);
  });
});
