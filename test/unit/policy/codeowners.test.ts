import { describe, expect, it } from 'vitest';
import { codeOwners } from '../../../src/adapters/codeowners/codeowners.ts';

const owners = (text: string, path: string) => codeOwners.read(text)?.(path);

/** docs.github.com, "About code owners". */
describe('CODEOWNERS gives a path', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['to whom the last line that matches names', '* @ann\n*.js @bob\n', 'src/a.js', ['@bob']],
    ['to the general line where no later one matches', '* @ann\n*.js @bob\n', 'a.ts', ['@ann']],
    ['to several, teams among them', '/src/ @ann @acme/core\n', 'src/a', ['@ann', '@acme/core']],
    ['to nobody where the last line names nobody', '* @ann\n/docs/\n', 'docs/a.md', []],
    ['to nobody where no line matches', '/src/ @ann\n', 'docs/a.md', []],
    ['at the root alone with a leading slash', '/docs/ @ann\n', 'src/docs/a.md', []],
    ['at any depth without one', 'docs/ @ann\n', 'src/docs/a.md', ['@ann']],
    ['no deeper than a star alone says', 'docs/* @ann\n', 'docs/deep/a.md', []],
    ['as deep as a star alone says', 'docs/* @ann\n', 'docs/a.md', ['@ann']],
    ['at every depth under two stars', '**/logs @ann\n', 'build/logs/today', ['@ann']],
    ['by its exact letters', '/Src/ @ann\n', 'src/a', []],
    ['with a space in it, escaped', 'my\\ docs/ @ann\n', 'my docs/a', ['@ann']],
    ['without what follows a hash', '* @ann # and not @bob\n', 'a', ['@ann']],
    ['not by a comment', '# * @ann\n', 'a', []],
    ['past a line that negates, which GitHub skips', '* @ann\n!a.js @bob\n', 'a.js', ['@ann']],
    ['past a line with a range, which GitHub skips', '* @ann\n[a-z].js @bob\n', 'a.js', ['@ann']],
    ['past a line whose owner is none', '* @ann\n*.js bob\n', 'a.js', ['@ann']],
    ['to nobody who is only an address', '*.js bob@example.com\n', 'a.js', []],
    ['whatever ends the lines', '\uFEFF* @ann\r\n*.js @bob\r\n', 'a.js', ['@bob']],
  ])('%s', (_rule, text, path, expected) => {
    expect(owners(text, path)).toEqual(expected);
  });

  it('or cannot be read, where it is larger than GitHub reads', () => {
    expect(codeOwners.read(`* @ann\n${'#'.repeat(3 * 1024 * 1024)}`)).toBeNull();
  });
});
