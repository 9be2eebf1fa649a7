import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviseRoadmap, setItemStatus } from '../../../src/application/tools/roadmap-tools.ts';
import { applyEdits, reverseEdits } from '../../../src/domain/roadmap/edit.ts';
import { targetsOf, type Target } from '../../../src/domain/roadmap/find.ts';
import { itemsOf } from '../../../src/domain/roadmap/roadmap.ts';
import { settableStatuses, type SettableStatus } from '../../../src/domain/roadmap/status.ts';
import { differingLines, document, names, read, textOf, variants } from './documents.ts';

const settable = (text: string): Target[] =>
  targetsOf(read(text)).filter(({ slots }) => slots.length > 0);

const set = (text: string, item: string, status: SettableStatus, line: number | null = null) =>
  setItemStatus(document, read(text), { text: item, line }, { status, headings: true });

/** What any edit must keep: one line, told from the bytes; the status as asked; and the way back. */
const checkOne = (text: string, target: Target, status: SettableStatus): string => {
  const result = set(text, target.text, status, target.line);
  if (!result.ok) return result.refusal.code;
  const { edit, also } = result.value;
  if (edit === null) {
    expect(target.status).toBe(status);
    return 'unchanged';
  }
  const edits = [edit, ...also];
  const lines = edits.map(({ line }) => line);
  expect(new Set(differingLines(text, result.value.text))).toEqual(new Set(lines));
  // Of an item its own line, and headings with a number; of a heading the line that says its status.
  expect(edit.line).toBe(target.slots[0]?.line);
  const numbered = read(text).milestones.filter((m) => m.percent !== null || m.count !== null);
  expect(numbered.map(({ line }) => line)).toEqual(
    expect.arrayContaining(also.map(({ line }) => line)),
  );
  const now = targetsOf(read(result.value.text)).find(({ line }) => line === target.line);
  expect(now).toMatchObject({ text: target.text, status });
  expect(applyEdits(result.value.text, reverseEdits(edits))).toEqual({ ok: true, value: text });
  return 'changed';
};

describe('one status changes one line', () => {
  it.each(names)('for every slot of %s, to done and to planned', (name) => {
    const text = textOf(name);
    for (const target of settable(text)) {
      for (const status of ['done', 'planned'] as const) {
        expect(['changed', 'unchanged']).toContain(checkOne(text, target, status));
      }
    }
  });

  it('however the document was saved, whatever the slot, whatever the status', () => {
    const documents = names.flatMap((name) =>
      Object.values(variants).map((vary) => {
        const text = vary(textOf(name));
        return { text, targets: settable(text) };
      }),
    );
    const choice = fc
      .constantFrom(...documents.filter(({ targets }) => targets.length > 0))
      .chain(({ text, targets }) =>
        fc.record({
          text: fc.constant(text),
          target: fc.constantFrom(...targets),
          status: fc.constantFrom(...settableStatuses),
        }),
      );
    fc.assert(
      fc.property(choice, ({ text, target, status }) => {
        expect(['changed', 'unchanged', 'status_not_expressible']).toContain(
          checkOne(text, target, status),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each(names)(
    'and set back gives the same bytes, for every check box and cell of %s',
    (name) => {
      const text = textOf(name);
      for (const target of settable(text).filter((candidate) => saidElsewhere(text, candidate))) {
        const away = target.status === 'done' ? 'planned' : 'done';
        const there = set(text, target.text, away, target.line);
        if (!there.ok || target.status === 'unknown')
          throw new Error(`cannot flip line ${target.line}`);
        const back = set(there.value.text, target.text, target.status, target.line);
        expect(back.ok && back.value.text).toBe(text);
      }
    },
  );
});

/** The one place that says a status takes its word with it when it changes; others of its table still know it. */
function saidElsewhere(text: string, { slots, line, status, kind }: Target): boolean {
  const [slot] = slots;
  if (kind !== 'item' || slots.length !== 1 || slot === undefined || status === 'unknown')
    return false;
  const words = text.slice(slot.span.start, slot.span.end);
  const alike = settable(text).filter((other) =>
    other.slots.some(
      (same) =>
        same.kind === slot.kind &&
        (same.kind === 'check_box' || slot.kind === 'check_box' || same.shape === slot.shape) &&
        text.slice(same.span.start, same.span.end) === words,
    ),
  );
  const rivals = settable(text).filter((other) => other.line !== line && other.status === status);
  return alike.length > 1 && rivals.every((rival) => alike.includes(rival));
}

describe('a status is written as the document writes it', () => {
  it.each([
    ['seed-1.md', 'Enterprise SSO (SAML)', 'done', '- [x] Enterprise SSO (SAML)'],
    ['seed-4.md', 'CA-012', 'in_progress', '| CA-012 | MDC Rules | Partial | --'],
    ['seed-4.md', 'CA-044', 'done', '| CA-044 | BPMN Process Modeling | Implemented |'],
    ['seed-4.md', 'CA-044', 'blocked', '| CA-044 | BPMN Process Modeling | Blocked |'],
    ['seed-5.md', 'AKS support', 'done', '| AKS support | âœ… Done |'],
    ['seed-5.md', 'AKS support', 'in_progress', '| AKS support | ðŸ”„ In Progress |'],
    ['seed-5.md', 'AKS support', 'blocked', '| AKS support | ðŸš« Blocked |'],
    ['seed-3.md', 'Tests green', 'blocked', '* ğŸš« Tests green'],
    ['seed-5.md', 'Multi-Cloud & Advanced MLOps', 'in_progress', 'MLOps (ðŸ”„ In Progress)'],
    [
      'seed-1.md',
      'Phase 5: Federated Execution',
      'done',
      '## âœ… Phase 5: Federated Execution (Done)',
    ],
    ['emoji-list.md', 'Mentions', 'done', '  - ✅ Mentions'],
    ['emoji-list.md', 'Peer-to-peer sync', 'in_progress', '- 🚧 Peer-to-peer sync'],
    ['shortcodes.md', 'Audit', 'in_progress', 'Audit | :construction: WIP'],
    ['brackets.md', 'Drop Node 18', 'done', '* [DONE] Drop Node 18'],
    ['brackets.md', 'Publish an SBOM', 'done', '* Publish an SBOM - done'],
    ['table-notes.md', 'Export to PDF', 'done', '| 2 | Export to PDF | bob | **Done** |'],
    ['table-notes.md', 'Dark mode', 'planned', '| 5 | Dark mode | — | Planned |'],
    ['table-notes.md', '4', 'done', '| — | Done |'],
    ['table-notes.md', 'Linter', 'done', '| Linter | 100% |'],
    ['task-list-crlf-bom.md', 'Plugins', 'in_progress', '4. [~] Plugins'],
    ['headings-releases.md', 'v3.0', 'done', '## v3.0 (Released)'],
  ] as const)('%s: %s, %s', (name, item, status, line) => {
    const result = set(textOf(name), item, status);
    expect(
      result.ok ? (result.value.edit?.after ?? 'unchanged') : result.refusal.message,
    ).toContain(line);
  });
});

describe('a heading keeps its numbers', () => {
  it.each([
    ['counts.md', 'Index', 'done', ['## Phase 1: Core (3/3)', '- [x] Index']],
    ['counts.md', 'Shards', 'done', ['## Phase 2: Scale — 1 of 2 done', '| Shards | Done |']],
    ['counts.md', 'Mobile', 'planned', ['## Phase 3: Reach ⬜ 0% [0/1]', '- [ ] Mobile']],
    ['counts.md', 'Rota', 'done', ['- [x] Rota']],
    [
      'shortcodes.md',
      'Roles',
      'done',
      ['## Phase 2 :construction: 67%', 'Roles | :white_check_mark: Done'],
    ],
    ['status-lines-crlf-bom.md', 'Search', 'in_progress', ['**Status:** 🔄 In progress  ']],
    ['status-lines-crlf-bom.md', 'Billing', 'done', ['Status: ✅ Complete (since May)']],
    ['boxes-in-table.md', 'Debugger', 'in_progress', ['| 3 | Debugger | -- | [~] |']],
    ['boxes-in-table.md', 'Viewer', 'done', ['| 4 | Viewer | -- | [x] after the first release |']],
    ['boxes-in-table.md', 'Format', 'done', ['| `[x]` | Format |']],
    ['details-setext.md', 'Prepare', 'planned', ['   * [ ] Prepare   ']],
    [
      'conduit.md',
      'Go',
      'done',
      ['  - [x] **Go** — reference SDK (exists; keep current with protocol)'],
    ],
  ] as const)('%s: %s, %s', (name, item, status, lines) => {
    const result = set(textOf(name), item, status);
    if (!result.ok) throw new Error(result.refusal.message);
    const { edit, also } = result.value;
    const after = [...also, ...(edit === null ? [] : [edit])].toSorted((a, b) => a.line - b.line);
    expect(after.map((one) => one.after)).toEqual(lines);
  });
});

describe('an edit is refused', () => {
  it.each([
    [
      'several items read so',
      'brackets.md',
      'Mirror the registry',
      'done',
      'ambiguous_item',
      'line 8',
    ],
    [
      'a part of the text fits several',
      'seed-4.md',
      'canary',
      'done',
      'ambiguous_item',
      'line 166',
    ],
    [
      'no item reads so',
      'seed-4.md',
      'Distributed trading',
      'done',
      'no_such_item',
      'Distributed Tracing',
    ],
    ['no text is given', 'seed-4.md', ' ', 'done', 'no_item_text', 'Say which item'],
    [
      'its line says no status',
      'seed-4.md',
      'Tool Governance',
      'done',
      'no_status_slot',
      'line 118',
    ],
    [
      'somebody put something else into the cell',
      'table-notes.md',
      'Search',
      'done',
      'no_status_slot',
      'line 16',
    ],
    [
      'a check box has no such word',
      'seed-1.md',
      '5.1',
      'blocked',
      'status_not_expressible',
      'check box',
    ],
    [
      'a percentage has no such word',
      'table-notes.md',
      'Printer',
      'blocked',
      'status_not_expressible',
      'percentage',
    ],
    [
      'its status is the section it stands in',
      'board.md',
      'Sharded writes',
      'done',
      'no_status_slot',
      'because of the section',
    ],
    [
      'its status is told in prose',
      'status-lines-crlf-bom.md',
      'Mail',
      'done',
      'no_status_slot',
      'line 17',
    ],
  ] as const)('where %s', (_, name, item, status, code, says) => {
    const result = set(textOf(name), item, status);
    expect(result).toMatchObject({ ok: false, refusal: { code } });
    expect(result.ok ? '' : result.refusal.message).toContain(says);
  });

  it.each([
    '<!-- Generated by roadmap-gen. -->\n',
    '<!--\n  DO NOT EDIT: made from issues\n-->\n',
    '> This file is auto-generated from issues.\n',
  ])('where the file says that it is generated: %j', (mark) => {
    const text = `${mark}\n# Roadmap\n\n- [ ] Item\n`;
    const refusal = { code: 'generated_file', message: expect.stringContaining('change what') };
    expect(set(text, 'Item', 'done')).toMatchObject({ ok: false, refusal });
  });

  it('where a heading counts something else than its items', () => {
    const text = '# R\n\n## Phase 1 (3/7)\n\n- [ ] Item\n';
    expect(set(text, 'Item', 'done')).toMatchObject({
      ok: false,
      refusal: { code: 'count_unclear' },
    });
  });

  it('never for what is code, comment or front matter: that is no item', () => {
    const texts = itemsOf(read(textOf('emoji-list.md'))).map(({ text }) => text);
    expect(texts.filter((text) => /this is code|nor/.test(text))).toEqual([]);
    expect(read(textOf('table-notes.md')).milestones.map(({ line }) => line)).toEqual([6, 19]);
  });
});

describe('a cycle revises a roadmap', () => {
  const text = textOf('seed-5.md');
  const flip = (line: number, to: SettableStatus) => {
    const item = itemsOf(read(text)).find((candidate) => candidate.line === line);
    return { line, text: item?.text ?? '', to };
  };
  const entry = {
    version: '1.1.0',
    date: '2026-11-21',
    type: 'MINOR',
    summary: 'Agents | all four',
  };

  it('by single lines: flips, headings that follow, version, history', () => {
    const flips = [47, 48, 49, 50, 51, 52, 53, 54].map((line) => flip(line, 'done'));
    const result = reviseRoadmap(document, read(text), { flips, version: '1.1.0', history: entry });
    if (!result.ok) throw new Error(result.refusal.message);
    const { edits } = result.value;
    expect(edits).toHaveLength(11);
    expect(edits.map(({ after }) => after)).toEqual(
      expect.arrayContaining([
        '## Current Version: v1.1.0',
        '## Milestone 3 â€” Autonomous AI Agent Organization âœ… 100%',
        String.raw`| v1.1.0 | 2026-11-21 | MINOR | Agents \| all four |`,
      ]),
    );
    const again = read(result.value.text);
    expect(again.milestones[2]).toMatchObject({ status: 'done', percent: 100 });
    expect(again.history?.rows.at(-1)).toEqual({ version: 'v1.1.0', line: 79 });
    expect(applyEdits(result.value.text, reverseEdits(edits))).toEqual({ ok: true, value: text });
  });

  it('and takes back a heading that said all was done', () => {
    const result = reviseRoadmap(document, read(text), {
      flips: [flip(16, 'planned')],
      version: null,
      history: null,
    });
    expect(result.ok && result.value.edits.map(({ after }) => after)).toEqual([
      '## Milestone 1 â€” Production-Ready Core ðŸ”„ In Progress',
      '| EKS cluster Terraform module | â¬œ Planned |',
    ]);
  });

  it('and keeps a percentage in step', () => {
    const shortcodes = textOf('shortcodes.md');
    const flips = [{ line: 15, text: 'Roles', to: 'done' as const }];
    const result = reviseRoadmap(document, read(shortcodes), {
      flips,
      version: null,
      history: null,
    });
    expect(result.ok && result.value.edits[0]?.after).toBe('## Phase 2 :construction: 67%');
  });

  it('adds the newest row on top where the newest stands on top, without outer bars where there are none', () => {
    const releases = textOf('headings-releases.md');
    const history = { ...entry, version: 'v2.2.0' };
    const result = reviseRoadmap(document, read(releases), {
      flips: [],
      version: 'v2.2.0',
      history,
    });
    expect(result.ok && result.value.edits).toEqual([
      {
        line: 3,
        before: '> **Current Version:** `v2.1.0`',
        after: '> **Current Version:** `v2.2.0`',
      },
      { line: 25, before: null, after: String.raw`2.2.0 | 2026-11-21 | Agents \| all four` },
    ]);
  });

  it.each([
    [
      'an item moved meanwhile',
      { flips: [{ line: 47, text: 'Something else', to: 'done' as const }] },
      'stale_edit',
    ],
    ['a version is listed already', { history: { ...entry, version: 'v1.0.0' } }, 'version_known'],
    ['an item is named twice', { flips: [flip(47, 'done'), flip(47, 'done')] }, 'stale_edit'],
  ])('or not at all, where %s', (_, part, code) => {
    const revision = { flips: [], version: null, history: null, ...part };
    expect(reviseRoadmap(document, read(text), revision)).toMatchObject({
      ok: false,
      refusal: { code },
    });
  });

  it.each([
    ['no current version', 'seed-4.md', { version: '1.0.0', history: null }, 'no_current_version'],
    ['no version history', 'seed-4.md', { version: null, history: entry }, 'no_version_history'],
  ])('or not at all, where the document has %s', (_, name, part, code) => {
    const result = reviseRoadmap(document, read(textOf(name)), { flips: [], ...part });
    expect(result).toMatchObject({ ok: false, refusal: { code } });
  });
});
