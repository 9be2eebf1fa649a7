import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../src/adapters/policy/glob.ts';

const matches = (pattern: string, path: string) => {
  const glob = compileGlob(pattern);
  if (!glob.ok) throw new Error(glob.refusal.message);
  return glob.value.test(path);
};

describe('a path pattern', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['README.md', ['README.md'], ['README_md', 'docs/README.md', 'README.md/x', 'readme.md']],
    ['*', ['a', '.env'], ['a/b', '']],
    ['*.md', ['a.md', '.md', '.hidden.md'], ['a.mdx', 'docs/a.md']],
    ['docs/*', ['docs/a', 'docs/.a'], ['docs/a/b', 'docs', 'docs/']],
    ['docs/**', ['docs/a', 'docs/a/b', 'docs/.github/x'], ['docs', 'docs2/a', 'a/docs/b']],
    ['**', ['a', 'a/b/.c'], []],
    ['**/*.md', ['a.md', 'x/y/a.md'], ['a.txt', 'a.md/b']],
    ['src/**/test/*.ts', ['src/test/a.ts', 'src/a/b/test/c.ts'], ['src/test/a/b.ts', 'test/a.ts']],
    ['a?c', ['abc', 'a.c'], ['ac', 'a/c', 'abbc']],
    ['a**b', ['ab', 'axb'], ['a/b']],
    ['a.b^c$|d', ['a.b^c$|d'], ['axb^c$|d']],
    ['ünï/*', ['ünï/ß'], ['uni/a']],
  ])('%s', (pattern, some, others) => {
    expect(some.filter((path) => !matches(pattern, path))).toEqual([]);
    expect(others.filter((path) => matches(pattern, path))).toEqual([]);
  });

  it('matches no path with a control character, which would slip past others', () => {
    expect(matches('**', 'docs/a\nb')).toBe(false);
  });

  it.each([
    ['with many stars', '*****', /at most three \*/],
    ['with braces', '{a,b}{c,d}', /only \*, \*\* and \? are known/],
    ['with a class', '[a-z]*', /only \*/],
    ['with a backslash', 'a\\*', /only \*/],
    ['with a control character', 'a\nb', /no control characters/],
    ['too long', 'a'.repeat(257), /1 to 256/],
    ['of nothing', '', /1 to 256/],
    ['from the root', '/docs/**', /matches nothing/],
    ['out of the folder', '../*', /matches nothing/],
    ['ending in a slash', 'docs/', /matches nothing/],
  ])('%s is refused', (_rule, pattern, message) => {
    const glob = compileGlob(pattern);
    expect(glob.ok ? '' : glob.refusal.message).toMatch(message);
  });

  // With a matcher that backtracks none of these ends within this test's time.
  it.each([
    ['three stars in each of many parts', `${'*a*a*a/'.repeat(12)}x`],
    ['and under folders of any depth', '**/*a*a*a/**/*a*a*a/**/x'],
    ['and folders of any depth sixty times', `${'**/'.repeat(60)}x`],
  ])('with %s is as quick as any', (_rule, pattern) => {
    expect(matches(pattern, `${`${'a'.repeat(60)}/`.repeat(40)}y`)).toBe(false);
  });
});
