import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/ledger/canonical-json.ts';
import { NOT } from '../../../src/domain/ledger/canonical-scan.ts';
import { chain } from '../../../src/domain/ledger/chain.ts';
import { EMPTY_CHAIN, hashEvent, type RecordedEvent } from '../../../src/domain/ledger/envelope.ts';
import { readEventLine, readThoroughly } from '../../../src/domain/ledger/event-line.ts';
import { HashedBytes, hashMemberOf } from '../../../src/domain/ledger/event-scan.ts';
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

const lineWith = (changes: Readonly<Record<string, unknown>>): Uint8Array =>
  bytesOf(canonicalJson({ ...first, ...changes }));

describe('a line of history, known by its bytes', () => {
  it.each([first, ...events])(
    'is event $sequence, $type, with the bytes its hash is of',
    (event) => {
      const bytes = bytesOf(canonicalJson(event));
      const { hash: _hash, ...rest } = event;
      const hashed = new HashedBytes().of(bytes, hashMemberOf(bytes));
      expect(new TextDecoder().decode(hashed)).toBe(canonicalJson(rest));
    },
  );

  it.each(['2026-01-31T23:59:59.999Z', '2026-02-28T00:00:00.000Z', '2026-12-31T00:00:00.000Z'])(
    'is dated %s',
    (at) => {
      expect(readEventLine(lineWith({ at })).hashMember).not.toBeNull();
    },
  );

  it('gives the bytes of one line after another, however long they are', () => {
    const hashed = new HashedBytes();
    for (const length of [10, 100_000, 10, 20_000]) {
      const event = { ...first, data: { reason: 'é'.repeat(length) } };
      const bytes = bytesOf(canonicalJson(event));
      expect(sha256(hashed.of(bytes, hashMemberOf(bytes)))).toBe(hashEvent(event, sha256));
    }
  });

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
    const read = readEventLine(lineWith(changes));
    expect(read.hashMember).toBeNull();
    expect(read.faults.map(({ code }) => code)).toContain('event.malformed');
  });

  it('is never one that reading it thoroughly finds fault with, whichever byte is another or gone', () => {
    const bytes = bytesOf(canonicalJson(first));
    const others = bytesOf(' "\\0aA{},:Z');
    let known = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      for (const middle of [[], ...Array.from(others, (byte) => [byte])]) {
        const changed = Uint8Array.from([...before, ...middle, ...after]);
        const read = readEventLine(changed);
        if (read.hashMember === null) continue;
        known += 1;
        const text = new TextDecoder().decode(changed);
        const thorough = readThoroughly(text, JSON.parse(text));
        expect(read).toEqual({ ...thorough, hashMember: hashMemberOf(changed) });
      }
    }
    expect(known).toBeGreaterThan(100);
  });

  it('is none where the line goes on', () => {
    expect(hashMemberOf(bytesOf(`${canonicalJson(first)} `))).toBe(NOT);
  });
});

/** Read both ways, an event is the same. */
describe('an event too rare to be known by its bytes', () => {
  it.each<[string, RecordedEvent]>([
    ['a control character', { ...first, data: { reason: '\u0001' } }],
    ['a key beyond ASCII', { ...first, data: { é: 1 } }],
    ['the 29th of February', { ...first, at: '2028-02-29T00:00:00.000Z' }],
    ['a large number', { ...first, sequence: Number.MAX_SAFE_INTEGER }],
  ])('is read all the same: %s', (_what, event) => {
    const read = readEventLine(bytesOf(canonicalJson(event)));
    expect(read).toEqual({ event, faults: [], hashMember: null });
  });
});
