import { describe, expect, it } from 'vitest';
import { parseHeadTrailer } from '../../../src/domain/ledger/commit-message.ts';
import { emptyLedger, IllegalEventError, planAppend } from '../../../src/domain/ledger/commit.ts';
import { UnknownEventError } from '../../../src/domain/ledger/governance.ts';
import { INTERNAL_LOG_PATH } from '../../../src/domain/ledger/internal-log.ts';
import { codeSpan, plainText } from '../../../src/domain/ledger/plain-text.ts';
import { writtenUntil } from '../../../src/domain/ledger/past-queues.ts';
import {
  firstDifferingLine,
  QUEUE_PATH,
  renderQueue,
} from '../../../src/domain/ledger/projection.ts';
import { segmentPath } from '../../../src/domain/ledger/segments.ts';
import { bob, ledgerOf, sha256, Story } from '../../support/ledger-story.ts';

const queueOf = (story: Story): Record<string, unknown> =>
  JSON.parse(ledgerOf(story.drafts).files.get(QUEUE_PATH) ?? '');

const logOf = (story: Story): string => ledgerOf(story.drafts).files.get(INTERNAL_LOG_PATH) ?? '';

describe('queue.json', () => {
  it('holds the open items, the switch, the cycle, and the event it reflects', () => {
    const { files, view } = ledgerOf(new Story().merged(1, 1).opened(2).drafts);
    const text = files.get(QUEUE_PATH) ?? '';
    const queue: Record<string, unknown> = JSON.parse(text);
    expect(Object.keys(queue)).toEqual([
      'control',
      'cycle',
      'hash',
      'items',
      'sequence',
      'version',
    ]);
    expect(queue).toMatchObject({
      version: 1,
      sequence: view.head.sequence,
      hash: view.head.hash,
      control: { halted: null },
      cycle: { number: 1, merges: [{ pull_request: 1001 }] },
    });
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('that an older Assent wrote, without a key it has gained since, is what the history gives', () => {
    const { view } = ledgerOf(new Story().opened(2).triaged(2).planned(2).drafts);
    const { state, head } = view;
    const today = {
      ...state,
      items: Object.fromEntries(
        Object.entries(state.items).map(([id, item]) => [id, { ...item, gained: [1] }]),
      ),
    };
    expect(writtenUntil(renderQueue(state, head), today, head)).toBe('2026-11-21');
    expect(writtenUntil(renderQueue({ ...state, items: {} }, head), today, head)).toBeNull();
  });

  it('does not grow with what is finished', () => {
    expect(Object.keys(queueOf(new Story().merged(1, 1).opened(2))['items'] ?? {})).toEqual([
      'issue-2',
    ]);
  });

  it.each([
    ['a\nb\n', 'a\nb\n', null],
    ['a\nb\n', 'a\nc\n', { line: 2, left: 'b', right: 'c' }],
    ['a\n', 'a\nb\n', { line: 2, left: '', right: 'b' }],
    ['a', 'a\n', { line: 2, left: '(end of file)', right: '' }],
  ])('differs, where it does, in a line that can be named', (left, right, expected) => {
    expect(firstDifferingLine(left, right)).toEqual(expected);
  });
});

describe('INTERNAL_LOG.md', () => {
  it('says what waits for whom', () => {
    const log = logOf(new Story().opened(2, 'The lid is loose').triaged(2).planned(2));
    expect(log).toContain(
      '- **issue-2** `The lid is loose`: plan, waits for a human (plan), `code` 0 of 1 from `{"roles":["maintainer"]}`',
    );
  });

  it('says who halted everything, and why', () => {
    const story = new Story().event('control.halted', null, { reason: 'too fast' }, bob);
    expect(logOf(story)).toMatch(/\*\*Halted\*\* by `bob` since 2026-\S+Z: `too fast`/);
  });

  it('tells the last decisions, newest first, and no more than twenty', () => {
    const story = new Story();
    for (let round = 1; round <= 15; round += 1) {
      story.event('control.halted', null, { reason: `round ${round}` }, bob);
      story.event('control.resumed', null, { reason: `round ${round}` }, bob);
    }
    const told = logOf(story)
      .split('\n')
      .filter((line) => /(halted|resumed) everything/.test(line));
    expect(told).toHaveLength(20);
    expect(told[0]).toContain('`bob`: resumed everything: `round 15`');
    expect(told.at(-1)).toContain('`bob`: halted everything: `round 6`');
  });

  it('stays bounded, however many items are open', () => {
    const story = new Story();
    for (let number = 1; number <= 120; number += 1) story.opened(number);
    const log = logOf(story);
    expect(log.match(/^- \*\*issue-/gm)).toHaveLength(100);
    expect(log).toContain('- and 20 more, in `.ai_metadata/queue.json`');
  });

  it.each([
    ['a link', '[click](https://evil.example)'],
    ['an image', '![x](https://evil.example/?leak)'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['a mention and a closing keyword', '@maintainer closes #1'],
    ['a fence that would end its code span', '`` ` <b>out</b> ` ``'],
    ['a heading on a line of its own', 'a\n\n# Approved by bob\n'],
    ['a bidirectional override', 'abc\u202Edef'],
  ])('keeps a title with %s inert', (_name, title) => {
    const line = logOf(new Story().opened(2, title))
      .split('\n')
      .find((one) => one.includes('**issue-2**'));
    expect(line).toMatch(/^- \*\*issue-2\*\* `[^`]+`: triage, created, since 2026-\S+Z$/);
    expect(line).not.toMatch(/\p{Cf}/u);
  });
});

describe('untrusted text', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', '[31mred[0m'],
    ['zero\u200Bwidth\uFEFF', 'zerowidth'],
    ['tag\u{E0041}s', 'tags'],
    ['  many \t\r\n lines\u2028here ', 'many lines here'],
    ['ok 日本 é', 'ok 日本 é'],
  ])('%j becomes %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('is cut between characters, never within one', () => {
    expect(plainText('😀'.repeat(5), 3)).toBe('😀😀…');
  });

  it('never leaves an empty code span, which would swallow what follows', () => {
    expect(codeSpan('\u200B')).toBe('`(empty)`');
  });
});

describe('a commit of the ledger', () => {
  const planOf = (story: Story) => planAppend(emptyLedger, story.drafts, sha256);

  it.each([
    ['issue-12 waits for a human (plan)', new Story().opened(12).triaged(12).planned(12)],
    ['issue-12 is opened', new Story().opened(12)],
    ['issue-3 is merged', new Story().merged(3, 1)],
    ['everything is halted', new Story().event('control.halted', null, { reason: '' }, bob)],
    ['issue-2 is opened, and 1 more', new Story().opened(1).opened(2)],
  ])('says: %s', (subject, story) => {
    expect(planOf(story).subject).toBe(`ledger: ${subject} [skip ci]`);
  });

  it('ends with the head it brings the history to', () => {
    const { body, view } = planOf(new Story().opened(1).triaged(1));
    const last = body.split('\n').at(-1) ?? '';
    expect(last).toBe(`Assent-Head: ${view.head.sequence} ${view.head.hash}`);
    expect(parseHeadTrailer(last.replace('Assent-Head: ', ''))).toEqual(view.head);
  });

  it('carries no text of strangers, in which a keyword or a mention would act', () => {
    const story = new Story().opened(1, 'closes #7 @everyone');
    const strange = story.drafts.map((draft) => ({ ...draft, item: 'fixes #8 @all' }));
    for (const drafts of [story.drafts, strange]) {
      const { subject, body } = planAppend(emptyLedger, drafts, sha256);
      expect(subject + body).not.toMatch(/closes|fixes|@|#/);
    }
  });

  it('writes the last segment and the two files beside it, and nothing else', () => {
    const first = planOf(new Story().merged(1, 1));
    const { files } = planAppend(first.view, new Story(100).opened(2).drafts, sha256);
    expect(files.map(({ path }) => path)).toEqual([segmentPath(1), QUEUE_PATH, INTERNAL_LOG_PATH]);
  });

  it('dates no event before the one it follows: two machines have two clocks', () => {
    const first = planOf(new Story().opened(1));
    const latest = first.events.at(-1)?.at ?? '';
    const slow = new Story(100).opened(2).drafts.map((draft) => ({
      ...draft,
      at: '2020-01-01T00:00:00.000Z',
    }));
    const { events } = planAppend(first.view, slow, sha256);
    expect(events.map(({ at }) => at)).toEqual(events.map(() => latest));
  });

  it('is refused for an event that may not happen there', () => {
    const merge = new Story().opened(1).event('item.merged', 'issue-1', {
      pull_request: 9,
      head: 'c3',
      sha: 'd4',
      by: 'assent',
      outcome: 'merged',
    });
    expect(() => planOf(merge)).toThrow(IllegalEventError);
    expect(() => planOf(merge)).toThrow(/without human evidence/);
  });

  it('is refused for an event of a type that nobody knows', () => {
    const [draft] = new Story().opened(1).drafts;
    if (draft === undefined) throw new Error('one event was told');
    const unknown = { ...draft, type: 'item.teleported' };
    expect(() => planAppend(emptyLedger, [unknown], sha256)).toThrow(UnknownEventError);
  });
});
