import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../../src/domain/roadmap/roadmap.ts';
import { document, names, read, textOf, variants } from './documents.ts';

const counts = (text: string) => {
  const roadmap = read(text);
  const items = itemsOf(roadmap);
  const of = (status: string) =>
    items.filter((item) => item.stated && item.status === status).length;
  return {
    milestones: roadmap.milestones.length,
    items: items.length,
    done: of('done'),
    in_progress: of('in_progress'),
    planned: of('planned'),
    blocked: of('blocked'),
  };
};

describe('a roadmap is read', () => {
  it.each([
    ['seed-1.md', { milestones: 6, items: 22, done: 14, in_progress: 0, planned: 8, blocked: 0 }],
    ['seed-2.md', { milestones: 12, items: 45, done: 0, in_progress: 0, planned: 0, blocked: 0 }],
    ['seed-3.md', { milestones: 17, items: 130, done: 32, in_progress: 0, planned: 0, blocked: 0 }],
    // Its own summary says 42, 12 and 5; its rows say otherwise, and rows are what we read.
    ['seed-4.md', { milestones: 12, items: 87, done: 42, in_progress: 10, planned: 7, blocked: 0 }],
    ['seed-5.md', { milestones: 4, items: 30, done: 17, in_progress: 8, planned: 5, blocked: 0 }],
    ['brackets.md', { milestones: 1, items: 8, done: 2, in_progress: 2, planned: 3, blocked: 0 }],
    ['emoji-list.md', { milestones: 2, items: 9, done: 2, in_progress: 1, planned: 4, blocked: 1 }],
    [
      'headings-releases.md',
      { milestones: 3, items: 5, done: 0, in_progress: 0, planned: 0, blocked: 0 },
    ],
    ['shortcodes.md', { milestones: 3, items: 7, done: 3, in_progress: 1, planned: 3, blocked: 0 }],
    [
      'table-notes.md',
      { milestones: 2, items: 10, done: 3, in_progress: 2, planned: 2, blocked: 0 },
    ],
    ['conduit.md', { milestones: 2, items: 8, done: 0, in_progress: 0, planned: 8, blocked: 0 }],
    ['containerd.md', { milestones: 4, items: 2, done: 0, in_progress: 0, planned: 0, blocked: 0 }],
    ['etcd.md', { milestones: 3, items: 7, done: 1, in_progress: 1, planned: 1, blocked: 0 }],
    ['argo-cd.md', { milestones: 3, items: 5, done: 0, in_progress: 0, planned: 0, blocked: 0 }],
    ['moby.md', { milestones: 1, items: 3, done: 0, in_progress: 0, planned: 0, blocked: 0 }],
    [
      'clickhouse-kit.md',
      { milestones: 2, items: 5, done: 0, in_progress: 0, planned: 0, blocked: 0 },
    ],
    ['board.md', { milestones: 4, items: 7, done: 1, in_progress: 0, planned: 1, blocked: 0 }],
    [
      'boxes-in-table.md',
      { milestones: 1, items: 6, done: 2, in_progress: 1, planned: 2, blocked: 0 },
    ],
    [
      'status-lines-crlf-bom.md',
      { milestones: 3, items: 4, done: 0, in_progress: 0, planned: 0, blocked: 0 },
    ],
    ['counts.md', { milestones: 4, items: 7, done: 3, in_progress: 0, planned: 4, blocked: 0 }],
    [
      'details-setext.md',
      { milestones: 2, items: 4, done: 2, in_progress: 0, planned: 2, blocked: 0 },
    ],
    [
      'task-list-crlf-bom.md',
      { milestones: 3, items: 10, done: 5, in_progress: 1, planned: 4, blocked: 0 },
    ],
  ])('%s', (name, expected) => {
    expect(counts(textOf(name))).toEqual(expected);
  });

  it.each(names)('%s the same however it was saved', (name) => {
    const text = textOf(name);
    for (const [how, vary] of Object.entries(variants)) {
      expect({ how, ...counts(vary(text)) }).toEqual({ how, ...counts(text) });
    }
  });

  it.each([
    ['containerd.md', ['in_progress', 'in_progress', 'planned', 'planned']],
    ['etcd.md', ['in_progress', 'unknown', 'unknown']],
    ['argo-cd.md', ['unknown', 'done', 'done']],
    ['moby.md', ['unknown']],
    ['clickhouse-kit.md', ['done', 'unknown']],
  ])('%s with the statuses that its people gave its milestones', (name, statuses) => {
    expect(read(textOf(name)).milestones.map(({ status }) => status)).toEqual(statuses);
  });

  it('without its own table of contents, and without the words it explains', () => {
    const lines = [
      ...read(textOf('argo-cd.md')).milestones,
      ...read(textOf('containerd.md')).milestones,
    ];
    const titles = lines.flatMap(({ items }) => items.map(({ text }) => text));
    expect(titles.filter((text) => /Roadmap|v2\.2|design work/u.test(text))).toEqual([]);
  });

  it('with a status below items only where it is no item’s own', () => {
    const below = (indent: string) =>
      read(`## Phase 1\n\n- One\n\n${indent}**Status:** Done\n`).milestones.map(
        ({ status }) => status,
      );
    expect([below(''), below('  ')]).toEqual([['done'], ['unknown']]);
  });

  it('with sections of a board standing for the status of what is in them', () => {
    const { milestones } = read(textOf('board.md'));
    expect(
      milestones.map(({ status, items }) => [status, items.map((item) => item.status)]),
    ).toEqual([
      ['in_progress', ['in_progress', 'in_progress']],
      ['planned', ['planned', 'planned']],
      ['unknown', ['unknown']],
      ['done', ['done', 'done']],
    ]);
  });

  it('with a status on a line of its own below the heading', () => {
    const { milestones } = read(textOf('status-lines-crlf-bom.md'));
    expect(milestones.map(({ status }) => status)).toEqual(['done', 'in_progress', 'unknown']);
  });

  it('with headings that say a status, misread emoji and all', () => {
    const { milestones } = read(textOf('seed-5.md'));
    expect(
      milestones.map(({ title, status, percent }) => [title.split(' ')[1], status, percent]),
    ).toEqual([
      ['1', 'done', 100],
      ['2', 'done', 100],
      ['3', 'in_progress', null],
      ['4', 'planned', null],
    ]);
  });

  it('and never called done for three ticks among lines that say nothing', () => {
    const phase = read(textOf('seed-3.md')).milestones.find(({ title }) =>
      title.includes('PHASE 1'),
    );
    expect(phase).toMatchObject({ status: 'unknown', measured: { done: 3, total: 3 } });
  });

  it('with items that say nothing standing where their heading stands', () => {
    const [core] = read(textOf('seed-2.md')).milestones;
    expect(core?.items[0]).toMatchObject({ status: 'done', stated: false, slots: [] });
  });

  it('with its version and its history', () => {
    const { versions, history } = read(textOf('seed-5.md'));
    expect(versions).toMatchObject([{ version: 'v1.0.0', line: 8 }]);
    expect(history?.rows).toEqual([{ version: 'v1.0.0', line: 78 }]);
  });

  it.each([
    ['spaces', `- a${' '.repeat(200_000)}(done`],
    ['dashes', `## a ${'- '.repeat(100_000)}Done`],
    ['brackets', `- ${'a ('.repeat(20_000)}done`],
    ['letters that no roadmap uses', `## ${'é'.repeat(200_000)}`],
  ])('in good time, where a line is endless with %s', (_, text) => {
    // Patterns that look for a status took minutes with such a line; the test's time-out is the measure.
    expect(itemsOf(read(text)).filter(({ stated }) => stated)).toEqual([]);
  });

  it.each([
    ['Latin-1', Buffer.from('# Caf\u00e9\n', 'latin1'), 'not_utf8', 'near byte 6'],
    ['UTF-16', Buffer.from('# A\n', 'utf16le'), 'not_text', 'zero bytes'],
    ['a cut-off character', Buffer.from('✅').subarray(0, 2), 'not_utf8', 'UTF-8'],
  ])('but not in %s', (_, bytes, code, says) => {
    const text = document.decode(bytes);
    expect(text).toMatchObject({ ok: false, refusal: { code } });
    expect(text.ok ? '' : text.refusal.message).toContain(says);
  });
});
