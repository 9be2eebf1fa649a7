import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/ledger/envelope.ts';
import { isCurrent, raise, upcast, type Upcaster } from '../../../src/domain/ledger/upcast.ts';
import { versions } from '../../../src/domain/work-item/event.ts';
import { Story } from '../../support/ledger-story.ts';

const eventOf = (type: string, version: number, data: unknown): RecordedEvent => {
  const [draft] = new Story().opened(1).drafts;
  if (draft === undefined) throw new Error('one event was told');
  return { ...draft, type, version, data, sequence: 1, previous: '0', hash: '1' };
};

describe('an event', () => {
  const newest = versions['item.held'];
  const held = eventOf('item.held', newest, { reason: 'wait' });

  it('in the version written now is read as it stands', () => {
    expect(upcast(held)).toBe(held);
  });

  it.each([
    ['a type nobody knows', eventOf('item.teleported', 1, {})],
    ['a type that every object has', eventOf('toString', 1, {})],
    ['a version newer than the newest', eventOf('item.held', newest + 1, { reason: 'wait' })],
  ])('of %s is not guessed at', (_, event) => {
    expect(upcast(event)).toBeNull();
    expect(isCurrent(event)).toBe(false);
  });
});

describe('the steps from version to version', () => {
  const steps: readonly Upcaster[] = [
    ({ name }: { name: string }) => ({ names: [name] }),
    ({ names }: { names: string[] }, { at }) => ({ names, since: at }),
  ];

  it.each([
    [1, { name: 'ann' }, { names: ['ann'], since: '2026-11-20T10:00:01.000Z' }],
    [2, { names: ['ann', 'bob'] }, { names: ['ann', 'bob'], since: '2026-11-20T10:00:01.000Z' }],
    [3, { names: [], since: 'then' }, { names: [], since: 'then' }],
  ])('lead version %i to version 3', (version, data, expected) => {
    expect(raise(eventOf('toy', version, data), steps)).toEqual(expected);
  });

  it('leave the line itself as it was', () => {
    const event = Object.freeze(eventOf('toy', 1, Object.freeze({ name: 'ann' })));
    raise(event, steps);
    expect(event.data).toEqual({ name: 'ann' });
  });
});
