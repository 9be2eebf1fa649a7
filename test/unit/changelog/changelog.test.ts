import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { changelogChange } from '../../../src/application/runs/cycle-changelog.ts';
import { createRoadmapDocument } from '../../../src/adapters/markdown/roadmap-document.ts';
import { entriesOf, inFile, type ChangelogEntry } from '../../../src/domain/changelog/entries.ts';
import { extendChangelog, newChangelog } from '../../../src/domain/changelog/insert.ts';

const document = createRoadmapDocument();
const outline = (text: string) => document.outline(text);

const entry = (
  pull_request: number,
  title: string,
  section: ChangelogEntry['section'] = 'Added',
): ChangelogEntry => ({ pull_request, title, section, author: null, breaks: [], breaking: false });

const extended = (
  text: string,
  entries: readonly ChangelogEntry[],
  version: string | null = '1.1.0',
) => extendChangelog(outline, text, { version, date: '2026-11-21', entries });

const textOf = (...given: Parameters<typeof extended>): string => {
  const result = extended(...given);
  return result.ok ? result.value.text : result.refusal.code;
};

const head = '# Changelog\n\nAll notable changes.\n\n';

describe('a changelog is extended by lines of its own', () => {
  it.each([
    [
      'what was unreleased becomes the version, with the new entries first in their groups',
      `${head}## [Unreleased]\n\n### Added\n\n- By hand\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- First\n`,
      `${head}## [Unreleased]\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n- By hand\n\n### Fixed\n\n- Mended (#8)\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- First\n`,
    ],
    [
      'an empty Unreleased stays one',
      `${head}## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n`,
      `${head}## [Unreleased]\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n\n### Fixed\n\n- Mended (#8)\n\n## [1.0.0] - 2026-01-01\n`,
    ],
    [
      'without one the version comes before the newest, written as that is',
      `${head}## v1.0.0 (2026-01-01)\n\n* First\n`,
      `${head}## v1.1.0 (2026-11-21)\n\n### Added\n\n- New (#7)\n\n### Fixed\n\n- Mended (#8)\n\n## v1.0.0 (2026-01-01)\n\n* First\n`,
    ],
    [
      'a version that is there gets what it lacks, each group in its place',
      `${head}## [1.1.0] - 2026-11-01\n\n### Changed\n\n* Old\n\n### Security\n\n* Safe\n\n[1.1.0]: https://example.org\n`,
      `${head}## [1.1.0] - 2026-11-01\n\n### Added\n\n- New (#7)\n\n### Changed\n\n* Old\n\n### Fixed\n\n- Mended (#8)\n\n### Security\n\n* Safe\n\n[1.1.0]: https://example.org\n`,
    ],
    [
      'a changelog that only says what it is begins with it',
      '# Changelog\n',
      '# Changelog\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n\n### Fixed\n\n- Mended (#8)\n',
    ],
    [
      'the last section ends before the link definitions',
      `${head}## [Unreleased]\n\n[unreleased]: https://example.org\n`,
      `${head}## [Unreleased]\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n\n### Fixed\n\n- Mended (#8)\n\n[unreleased]: https://example.org\n`,
    ],
  ] as const)('%s', (_, before, after) => {
    const entries = [entry(8, 'Mended', 'Fixed'), entry(7, 'New')];
    expect(textOf(before, entries)).toBe(after);
    expect(textOf(before.replaceAll('\n', '\r\n'), entries)).toBe(after.replaceAll('\n', '\r\n'));
    expect(textOf(`\uFEFF${before}`, entries)).toBe(`\uFEFF${after}`);
  });

  it.each([
    [
      'without a version, below Unreleased',
      `${head}## [Unreleased]\n`,
      '## [Unreleased]\n\n### Added\n\n- New (#7)\n',
    ],
    [
      'which is made where it is not',
      `${head}## 1.0.0\n`,
      '## Unreleased\n\n### Added\n\n- New (#7)\n\n## 1.0.0\n',
    ],
  ] as const)('%s', (_, before, after) => {
    expect(textOf(before, [entry(7, 'New')], null)).toBe(`${head}${after}`);
  });

  it('says nothing twice: what names the pull request already is left as it is', () => {
    const by = '## [1.1.0] - 2026-11-21\n\n- By hand ([#7](https://example.org/pull/7))\n';
    expect(extended(`${head}${by}`, [entry(7, 'New')])).toMatchObject({ value: { edits: [] } });
  });

  it.each([
    ['headings that are no versions', `${head}## November\n\n- x\n`, 'changelog_unclear'],
    ['a code block that nobody closed', `${head}## [Unreleased]\n\n\`\`\`\ncode\n`, 'edit_misread'],
    [
      'code that only looks like headings',
      '# C\n\n```\n## [1.0.0]\n```\n',
      '# C\n\n```\n## [1.0.0]\n```\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n',
    ],
  ] as const)('%s', (_, before, result) => {
    expect(textOf(before, [entry(7, 'New')])).toBe(result);
  });

  it('keeps every line there was, whatever it reads', () => {
    const line = fc.constantFrom(
      '## [Unreleased]',
      '## [1.0.0] - 2026-01-01',
      '## 0.9',
      '### Added',
      '### Fixed',
      '- a',
      '* b',
      '  more',
      '',
      '',
      '```',
      '> quoted',
      '<!--',
      '-->',
      'Text',
      '[1.0.0]: https://example.org',
      '1. x',
      'Setext',
      '---',
      '# Changelog',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.boolean(), (lines, versioned) => {
        const before = lines.join('\n');
        const result = extended(
          before,
          [entry(7, 'New'), entry(8, 'Less', 'Fixed')],
          versioned ? '1.1.0' : null,
        );
        if (!result.ok) return;
        const { text, edits } = result.value;
        const added = edits.map(({ after }) => after ?? '');
        const now = text.split('\n');
        const isThere = (one: string): boolean => {
          const at = now.indexOf(one);
          now.splice(0, at + 1);
          return at !== -1;
        };
        expect(lines.filter((one) => !isThere(one))).toEqual([]);
        expect(text.split('\n').length).toBeLessThanOrEqual(lines.length + added.length + 1);
        expect(added).toContainEqual(expect.stringMatching(/[-*+] New \(#7\)$/));
      }),
      { numRuns: 60 },
    );
  });

  it('of a very long one only the top is read, and all of it kept and searched', () => {
    const release = `## [0.1.0] - 2020-01-01\n\n### Added\n\n${'- Old (#3)\n'.repeat(100)}\n`;
    const old = release.repeat(300) + '- The last (#8)\n';
    const before = `${head}## [Unreleased]\n\n${old}`;
    expect(textOf(before, [entry(7, 'New'), entry(8, 'Told')])).toBe(
      `${head}## [Unreleased]\n\n## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n\n${old}`,
    );
    expect(textOf('- x\n'.repeat(50_000), [entry(7, 'New')])).toBe('changelog_unclear');
  });

  it('is begun where a repository asks for one', () => {
    expect(newChangelog({ version: '1.1.0', date: '2026-11-21', entries: [entry(7, 'New')] })).toBe(
      '# Changelog\n\nWhat changed for those who use this project, in the form of [Keep a Changelog](https://keepachangelog.com).\n\n' +
        '## [1.1.0] - 2026-11-21\n\n### Added\n\n- New (#7)\n',
    );
  });
});

describe('an entry', () => {
  const source = { pull_request: 7, author: 'ann', breaks: [] };
  it.each([
    ['feat(cli): read JSON', 'feature', 'Added', 'Read JSON'],
    ['Add a page', 'other', 'Added', 'Add a page'],
    ['Fix the width', 'other', 'Fixed', 'Fix the width'],
    ['Tidy up', 'other', 'Changed', 'Tidy up'],
    ['security: escape it', 'security', 'Security', 'Escape it'],
    ['note: a colon is no type', 'other', 'Changed', 'note: a colon is no type'],
  ] as const)('%s (%s) stands under %s', (title, kind, section, text) => {
    expect(entriesOf([{ ...source, title, kind }])).toMatchObject([{ section, title: text }]);
  });

  it('is none for what does not reach users', () => {
    expect(entriesOf([{ ...source, title: 'chore: x', kind: 'internal' }])).toEqual([]);
  });

  it.each([
    ['a link', '[x](https://evil.example)', String.raw`\[x\](https\://evil.example)`],
    ['a picture and a tag', '![x](y) <img src=x>', String.raw`!\[x\](y) \<img src=x\>`],
    ['an address', 'see www.evil.example', String.raw`see www\.evil.example`],
    ['a heading', '# x', String.raw`\# x`],
    ['a comment', '<!-- x', String.raw`\<!-- x`],
    ['what was escaped by its author', String.raw`\[x](y)`, String.raw`\\\[x\](y)`],
    ['more lines', 'a\n\n# b', 'a # b'],
    ['characters that do not show', 'a\u202Eb\u200Bc', 'abc'],
  ])('%s is only text in the file', (_, title, text) => {
    expect(inFile(title)).toBe(text);
  });
});

describe('where the entries go', () => {
  const where = (text: string | null, asked = false, entries = [entry(7, 'New')]) => {
    const { file, reason, added } = changelogChange(
      outline,
      { entries, internal: [] },
      { path: 'CHANGELOG.md', text, asked, version: null, date: '2026-11-21' },
    );
    return [file === null ? reason : `${file.lines_added} lines`, added.length];
  };
  it.each([
    ['no file and none asked for: the pull request alone', where(null), [null, 1]],
    ['no file, and one is asked for: it is made', where(null, true), ['9 lines', 1]],
    ['nothing to tell makes no file', where(null, true, []), [null, 0]],
    ['a file: there', where('# C\n\n## Unreleased\n'), ['4 lines', 1]],
    ['told already: nowhere', where('# C\n\n## Unreleased\n\n- By hand #7\n'), [null, 0]],
    [
      'a program writes it: the pull request, and why',
      where('# C\n\nSee [standard-version](https://x.example).\n\n## 1.0.0\n'),
      ['CHANGELOG.md: It names standard-version, which writes it: nothing is added by hand.', 1],
    ],
    [
      'not UTF-8: the same',
      where('# C\uFFFD\n\n## 1.0.0\n'),
      [expect.stringContaining('not UTF-8'), 1],
    ],
  ])('%s', (_, is, expected) => {
    expect(is).toEqual(expected);
  });
});
