import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/ledger/canonical-json.ts';
import { chain } from '../../../src/domain/ledger/chain.ts';
import { EMPTY_CHAIN, hashEvent, type RecordedEvent } from '../../../src/domain/ledger/envelope.ts';
import { readEventLine } from '../../../src/domain/ledger/event-line.ts';
import { EventReader } from '../../../src/domain/ledger/event-reader.ts';
import { bob, sha256, Story } from '../../support/ledger-story.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const story = new Story().merged(1, 1).opened(2, 'A "widget" \\ says “hash”: 😀');
const events = chain(EMPTY_CHAIN, story.drafts, sha256);
const [first] = chain(
  EMPTY_CHAIN,
  new Story().event('item.held', 'issue-1', { reason: '"hash":"' }, bob).drafts,
  sha256,
);
if (first === undefined) throw new Error('one event was told');

/** With changes, and with the hash of what it then is. */
const changed = (changes: Readonly<Record<string, unknown>>): RecordedEvent => {
  const event = { ...first, ...changes };
  return { ...event, hash: hashEvent(event, sha256) };
};

const lineOf = (event: object): Uint8Array => bytesOf(canonicalJson(event));

describe('a line of history, read by its bytes', () => {
  it('is the event that it is when it is parsed, one after another', () => {
    const reader = new EventReader(sha256);
    for (const event of [first, ...events, ...events, first]) {
      expect(reader.read(lineOf(event))).toEqual(event);
    }
  });

  it.each([
    ['an actor', { actor: { kind: 'agent', id: null, login: 'reviewer' } }],
    ['an actor of the same length', { actor: { ...first.actor, login: 'eve' } }],
    ['an item', { item: 'issue-2' }],
    ['no item', { item: null }],
    ['an item named in other letters', { item: 'issue-é"\\n' }],
    ['an item named as a member of every object', { item: '__proto__' }],
    ['an item named as a number', { item: '12' }],
    ['a type', { type: 'item.helt' }],
    ['a version', { version: 12 }],
    ['policies', { policy: 'b'.repeat(64) }],
    ['no policies', { policy: null }],
    ['a predecessor', { previous: 'c'.repeat(64) }],
    ['no cause', { cause: null }],
    ['a cause in other letters', { cause: 'délivery-1' }],
    ['an id in other letters', { id: '日' }],
    ['data of no members', { data: {} }],
    ['data that is no object', { data: null }],
    ['data with a member named as every object has', { data: { ['__proto__']: 1 } }],
    ['data in which braces and hashes are text', { data: { reason: '},"hash":"{' } }],
    ['data beyond the room it began with', { data: { reason: 'é'.repeat(20_000) } }],
  ])('takes nothing for what it was in the line before: %s', (_what, changes) => {
    const reader = new EventReader(sha256);
    for (const event of [first, changed(changes), first, changed(changes)]) {
      expect(reader.read(lineOf(event))).toEqual(event);
    }
  });

  it('keeps apart however many actors, items and policies there are', () => {
    const texts = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' });
    const changes = fc.record({
      item: fc.option(texts),
      policy: fc.option(texts),
      type: texts,
      version: fc.integer({ min: 1, max: 2000 }),
      actor: fc.record({
        kind: fc.constantFrom('human', 'agent', 'system'),
        id: fc.option(fc.integer({ min: 1, max: 2000 })),
        login: texts,
      }),
    });
    const reader = new EventReader(sha256);
    let known = 0;
    fc.assert(
      fc.property(fc.array(changes, { minLength: 20, maxLength: 40 }), (all) => {
        for (const event of all.map(changed)) {
          const read = reader.read(lineOf(event));
          if (read === null) continue;
          known += 1;
          expect(read).toEqual(event);
        }
      }),
      { numRuns: 40, seed: 20_261_121 },
    );
    expect(known).toBeGreaterThan(300);
  });

  it.each(['2026-01-31T23:59:59.999Z', '2026-02-28T00:00:00.000Z', '2026-12-31T00:00:00.000Z'])(
    'is dated %s',
    (at) => {
      expect(new EventReader(sha256).read(lineOf(changed({ at })))).not.toBeNull();
    },
  );

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['an unknown member', { idea: 1 }],
    ['no cause', { cause: undefined }],
    ['an empty cause', { cause: '' }],
    ['a number for an item', { item: 1 }],
    ['no id', { id: null }],
    ['an empty type', { type: '' }],
    ['a sequence of zero', { sequence: 0 }],
    ['a sequence below zero', { sequence: -1 }],
    ['a fraction for a version', { version: 1.5 }],
    ['a short hash', { hash: 'a'.repeat(63) }],
    ['a long hash', { previous: 'a'.repeat(65) }],
    ['a hash in upper case', { hash: 'A'.repeat(64) }],
    ['a text for an actor', { actor: 'bob' }],
    ['an actor of an unknown kind', { actor: { ...first.actor, kind: 'robot' } }],
    ['an actor with a text for an id', { actor: { ...first.actor, id: '2' } }],
    ['an actor without an id', { actor: { ...first.actor, id: undefined } }],
    ['an actor with one member more', { actor: { ...first.actor, name: 'Bob' } }],
    ['a month there is not', { at: '2026-13-01T00:00:00.000Z' }],
    ['a month zero', { at: '2026-00-01T00:00:00.000Z' }],
    ['a day zero', { at: '2026-01-00T00:00:00.000Z' }],
    ['a day the month has not', { at: '2026-04-31T00:00:00.000Z' }],
    ['a 29th of February in a short year', { at: '2026-02-29T00:00:00.000Z' }],
    ['a 24th hour', { at: '2026-01-01T24:00:00.000Z' }],
    ['a 60th minute', { at: '2026-01-01T00:60:00.000Z' }],
    ['a leap second', { at: '2026-12-31T23:59:60.000Z' }],
    ['a time without milliseconds', { at: '2026-01-01T00:00:00Z' }],
    ['a time of another zone', { at: '2026-01-01T00:00:00.000+' }],
  ])('is not one with %s', (_what, changes) => {
    const line = lineOf({ ...first, ...changes });
    expect(new EventReader(null).read(line)).toBeNull();
    expect(readEventLine(line).faults.map(({ code }) => code)).toContain('event.malformed');
  });

  it('is never one that reading it thoroughly finds fault with, whichever byte is another or gone', () => {
    const bytes = lineOf(first);
    const others = bytesOf(' "\\0aA{},:Z');
    // It has read the line itself, so all that may be known is; and takes the hashes as they are, so nothing else gives a line away.
    const reader = new EventReader(null);
    let known = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      for (const middle of [[], ...Array.from(others, (byte) => [byte])]) {
        reader.read(bytes);
        const line = Uint8Array.from([...before, ...middle, ...after]);
        const read = reader.read(line);
        if (read === null) continue;
        known += 1;
        expect({ event: read, faults: [] }).toEqual(readEventLine(line));
      }
    }
    expect(known).toBeGreaterThan(100);
  });

  it('is never one whose bytes hash to something else, whichever of them is another', () => {
    const bytes = lineOf(first);
    const reader = new EventReader(sha256);
    for (let at = 0; at < bytes.length; at += 1) {
      const line = new Uint8Array(bytes);
      line[at] = (line[at] ?? 0) ^ 1;
      expect(reader.read(line)).toBeNull();
      expect(reader.read(bytes)).toEqual(first);
    }
  });

  it('is none where a string is no UTF-8, or the line goes on', () => {
    const bytes = lineOf(changed({ data: { reason: 'éé' } }));
    const broken = new Uint8Array(bytes);
    broken[bytes.indexOf(0xc3)] = 0x80;
    expect(new EventReader(null).read(bytes)).not.toBeNull();
    expect(new EventReader(null).read(broken)).toBeNull();
    expect(new EventReader(null).read(bytesOf(`${canonicalJson(first)} `))).toBeNull();
  });
});

/** Read both ways, an event is the same. */
describe('an event too rare to be read by its bytes', () => {
  it.each<[string, RecordedEvent]>([
    ['a control character', changed({ data: { reason: '\u0001' } })],
    ['a key beyond ASCII', changed({ data: { é: 1 } })],
    ['the 29th of February', changed({ at: '2028-02-29T00:00:00.000Z' })],
    ['a large number', changed({ sequence: Number.MAX_SAFE_INTEGER })],
  ])('is read all the same: %s', (_what, event) => {
    expect(new EventReader(sha256).read(lineOf(event))).toBeNull();
    expect(readEventLine(lineOf(event))).toEqual({ event, faults: [] });
  });
});
