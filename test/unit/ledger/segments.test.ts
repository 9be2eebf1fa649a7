import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain } from '../../../src/domain/ledger/chain.ts';
import {
  EMPTY_CHAIN,
  GENESIS,
  hashEvent,
  type EventDraft,
} from '../../../src/domain/ledger/envelope.ts';
import { readEventLine } from '../../../src/domain/ledger/event-line.ts';
import { splitLines } from '../../../src/domain/ledger/lines.ts';
import {
  eventLine,
  EventTooLargeError,
  extendSegments,
  LINE_BYTES,
  SEGMENT_BYTES,
  segmentNumber,
  segmentPath,
  type Segment,
} from '../../../src/domain/ledger/segments.ts';
import { sha256, Story } from '../../support/ledger-story.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const size = (text: string): number => bytes(text).length;

const draft = (title: string, count = 1): EventDraft => {
  const [only] = new Story(count).opened(count, title).drafts;
  if (only === undefined) throw new Error('a story of one event has one');
  return only;
};

/** Appends one batch after the other, as commits would. */
const written = (batches: readonly (readonly EventDraft[])[]): Map<number, Segment> => {
  const segments = new Map<number, Segment>();
  let head = EMPTY_CHAIN;
  let last: Segment | null = null;
  for (const drafts of batches) {
    const events = chain(head, drafts, sha256);
    for (const segment of extendSegments(last, events)) segments.set(segment.number, segment);
    last = [...segments.values()].at(-1) ?? null;
    head = events.at(-1) ?? head;
  }
  return segments;
};

describe('a chain', () => {
  it('begins at 1 behind 64 zeros, and each event names the hash of the one before', () => {
    const [first, second] = chain(EMPTY_CHAIN, [draft('a'), draft('b', 2)], sha256);
    expect(first).toMatchObject({ sequence: 1, previous: GENESIS });
    expect(second).toMatchObject({ sequence: 2, previous: first?.hash });
    expect(first && hashEvent(first, sha256)).toBe(first?.hash);
  });

  it('goes on from any head', () => {
    const [event] = chain({ sequence: 41, hash: 'f'.repeat(64) }, [draft('a')], sha256);
    expect(event).toMatchObject({ sequence: 42, previous: 'f'.repeat(64) });
  });
});

describe('segments', () => {
  const big = (characters: number, count: number) => draft('x'.repeat(characters), count);

  it('grow until one more line would pass the bound, and then are closed', () => {
    const drafts = Array.from({ length: 30 }, (_, index) => big(5000, index + 1));
    const segments = [...written([drafts]).values()];
    expect(segments.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const { content } of segments) expect(size(content)).toBeLessThanOrEqual(SEGMENT_BYTES);
    for (const [index, { content }] of segments.slice(0, -1).entries()) {
      const next = segments[index + 1]?.content.split('\n')[0] ?? '';
      expect(size(content) + size(next) + 1).toBeGreaterThan(SEGMENT_BYTES);
    }
  });

  it.each(['x', 'é', '日', '😀'])('are bounded in bytes, whatever the text (%s)', (character) => {
    const drafts = Array.from({ length: 12 }, (_, index) =>
      draft(character.repeat(9000), index + 1),
    );
    const sizes = [...written([drafts]).values()].map(({ content }) => size(content));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SEGMENT_BYTES);
    // And no more of them than needed: but for the last, each is filled.
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(SEGMENT_BYTES / 2);
  });

  it('rewrite only the last one when something is appended', () => {
    const before = written([[big(60_000, 1)], [big(60_000, 2)]]);
    const last = before.get(2) ?? null;
    const [event] = chain({ sequence: 2, hash: GENESIS }, [draft('small', 3)], sha256);
    const after = extendSegments(last, event ? [event] : []);
    expect(after.map(({ number }) => number)).toEqual([2]);
    expect(after[0]?.content.startsWith(last?.content ?? '-')).toBe(true);
  });

  it('give an event larger than the bound a segment of its own', () => {
    const segments = written([[draft('a'), big(SEGMENT_BYTES, 2), draft('c', 3)]]);
    const lines = [...segments.values()].map(({ content }) => content.split('\n').length - 1);
    expect(lines).toEqual([1, 1, 1]);
  });

  it('are the same whether events came one at a time or all at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 8 }),
        (lengths) => {
          const drafts = lengths.map((length, index) => draft('é'.repeat(length), index + 1));
          expect(written([drafts])).toEqual(written(drafts.map((one) => [one])));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('refuse an event that is no decision but a document', () => {
    const [event] = chain(EMPTY_CHAIN, [big(LINE_BYTES, 1)], sha256);
    expect(() => extendSegments(null, event ? [event] : [])).toThrow(EventTooLargeError);
  });

  it.each([
    ['.ai_metadata/history/000001.jsonl', 1],
    ['.ai_metadata/history/1000000.jsonl', 1_000_000],
    ['.ai_metadata/history/000000.jsonl', null],
    ['.ai_metadata/history/0000001.jsonl', null],
    ['.ai_metadata/history/1.jsonl', null],
    ['.ai_metadata/history/000001.json', null],
    ['.ai_metadata/queue.json', null],
  ])('%s is segment %s', (path, number) => {
    expect(segmentNumber(path)).toBe(number);
    expect(number === null || segmentPath(number) === path).toBe(true);
  });
});

/** What trips writers of JSON and UTF-8. Not fast-check's whole Unicode, which takes most of a second to set up. */
const anyText = fc
  .array(fc.constantFrom('a', '"', '\\', '\n', '\0', '\u2028', 'é', '\uFEFF', '\uFFFD', '日', '😀'))
  .map((characters) => characters.join(''));

describe('a line of history', () => {
  it('reads back as the event that was written', () => {
    fc.assert(
      fc.property(anyText, fc.jsonValue({ maxDepth: 2 }), (title, content) => {
        const data: unknown = JSON.parse(JSON.stringify({ title, content }));
        const [event] = chain(EMPTY_CHAIN, [{ ...draft('a'), data }], sha256);
        if (event === undefined) throw new Error('one draft makes one event');
        const line = eventLine(event);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const read = readEventLine(bytes(line.slice(0, -1)));
        expect(read).toMatchObject({ event, faults: [] });
      }),
      { numRuns: 40 },
    );
  });

  const line = eventLine(chain(EMPTY_CHAIN, [draft('Widget')], sha256)[0] ?? ({} as never));
  const text = line.slice(0, -1);

  it.each([
    ['no text at all', '', 'line.not_json', 'is empty'],
    ['half a line', text.slice(0, 80), 'line.not_json', 'is not JSON'],
    ['another value', '[1]', 'event.malformed', 'is no JSON object'],
    ['a space', text.replace(':', ': '), 'line.not_canonical', 'RFC 8785'],
    ['a carriage return at its end', `${text}\r`, 'line.not_canonical', 'RFC 8785'],
    ['a byte order mark', `\uFEFF${text}`, 'line.not_json', 'is not JSON'],
    [
      'an escape where none is needed',
      text.replace('Widget', '\\u0057idget'),
      'line.not_canonical',
      'RFC 8785',
    ],
    [
      'a key twice',
      text.replace('"id":', '"id":"other","id":'),
      'line.duplicate_key',
      '"id" twice',
    ],
    [
      'a key twice, once escaped',
      text.replace('"id":', '"\\u0069d":"other","id":'),
      'line.duplicate_key',
      '"id" twice',
    ],
    [
      'an unknown key',
      text.replace('"id":', '"idea":1,"id":'),
      'event.malformed',
      '"idea" is unknown',
    ],
    [
      'a missing key',
      text.replace(/"cause":"[^"]*",/, ''),
      'event.malformed',
      'key cause is missing',
    ],
    [
      'a fraction for a sequence',
      text.replace('"sequence":1', '"sequence":1.5'),
      'event.malformed',
      'key sequence must be',
    ],
    [
      'a day that does not exist',
      text.replace('2026-11-20', '2026-02-30'),
      'event.malformed',
      'key at must be',
    ],
    [
      'a time without milliseconds',
      text.replace('.000Z', 'Z'),
      'event.malformed',
      'key at must be',
    ],
    [
      'an unknown kind of actor',
      text.replace('"kind":"system"', '"kind":"robot"'),
      'event.malformed',
      'key actor.kind must be',
    ],
    [
      'a lone surrogate',
      text.replace('Widget', '\\ud83d'),
      'line.not_canonical',
      'no canonical JSON',
    ],
  ])('is refused with %s', (_name, damaged, code, message) => {
    expect(damaged).not.toBe(text);
    const { faults } = readEventLine(bytes(damaged));
    expect(faults).toContainEqual(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('names all its faults at once', () => {
    const damaged = text
      .replace('"version":1', '"version":0')
      .replace('"sequence":1', '"sequence":0');
    expect(readEventLine(bytes(damaged)).faults).toHaveLength(2);
  });

  it('says at which character bytes are no UTF-8', () => {
    const damaged = bytes(text);
    damaged[text.indexOf('Widget')] = 0xff;
    expect(readEventLine(damaged)).toEqual({
      event: null,
      faults: [
        expect.objectContaining({ code: 'line.not_utf8', column: text.indexOf('Widget') + 1 }),
      ],
    });
  });
});

describe('lines', () => {
  const linesOf = async (chunks: readonly Uint8Array[]) => {
    const lines = [];
    for await (const some of splitLines(chunks)) lines.push(...some);
    return lines;
  };

  it('are the same wherever the chunks were cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 7 }), async (text, step) => {
        const whole = bytes(text);
        const chunks = [];
        for (let at = 0; at < whole.length; at += step) chunks.push(whole.subarray(at, at + step));
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        const lines = (await linesOf(chunks)).map((line) => decoder.decode(line.bytes));
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('are the same from a reader that fills one buffer again and again', async () => {
    const text = 'one\ntwo, over three chunks\n\nthree';
    function* filled(): Generator<Uint8Array> {
      const buffer = Buffer.alloc(8);
      for (let at = 0; at < text.length; at += 8) {
        yield buffer.subarray(0, buffer.write(text.slice(at, at + 8)));
      }
    }
    const lines: string[] = [];
    for await (const some of splitLines(filled())) {
      lines.push(...some.map((line) => new TextDecoder().decode(line.bytes)));
    }
    expect(lines.join('\n')).toBe(text);
  });

  it('say when the last one was cut off', async () => {
    const lines = await linesOf([bytes('a\nb')]);
    expect(lines.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('are not held beyond the longest that is read', async () => {
    const chunk = bytes('x'.repeat(LINE_BYTES / 2));
    const [long, after] = await linesOf([chunk, chunk, chunk, bytes('\nshort\n')]);
    expect(long).toMatchObject({ tooLong: true, bytes: new Uint8Array() });
    expect(after).toMatchObject({ tooLong: false, bytes: bytes('short') });
  });
});
