import { describe, expect, it } from 'vitest';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { event, system } from '../../../src/domain/work-item/event-draft.ts';
import { copying } from '../../../src/domain/work-item/growth.ts';
import { foldHeads } from '../../../src/domain/work-item/heads.ts';

const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

const moved = (after: string, minute: number): TimedEvent => ({
  ...event('head.moved', 'pull-1', system, { before: '', after }),
  at: at(minute),
});

const approved = (digest: string, given: number, recorded: number): TimedEvent => {
  const approval = {
    gate: 'pull_request.merge',
    login: 'mia',
    id: 2,
    by: 'label',
    digest,
    step: 'code',
    at: at(given),
  } as const;
  return {
    ...event(
      'approval.given',
      'pull-1',
      { kind: 'human', id: 2, login: 'mia' },
      { approval, given_on: null },
    ),
    at: at(recorded),
  };
};

const ended: TimedEvent = {
  ...event('item.terminated', 'pull-1', system, { outcome: 'closed', reason: '' }),
  at: at(59),
};

const after = (...events: readonly TimedEvent[]) =>
  events.reduce<ReturnType<typeof foldHeads>>(
    (heads, event) => foldHeads(copying, heads, event),
    {},
  )['pull-1'];

describe('the heads a pull request had', () => {
  it('are kept in order, also one that came back', () => {
    expect(after(moved('a', 1), moved('b', 2), moved('a', 3))).toEqual([
      { head: 'a', since: at(1), until: null },
      { head: 'b', since: at(2), until: null },
      { head: 'a', since: at(3), until: null },
    ]);
  });

  it('are known until the last act that was recorded as an approval of them', () => {
    expect(after(moved('a', 1), approved('a', 3, 5), approved('a', 2, 6))).toEqual([
      { head: 'a', since: at(1), until: at(3) },
    ]);
  });

  it('are not known to have been there by an act that was given on an earlier one', () => {
    expect(after(moved('a', 1), moved('b', 4), approved('b', 3, 5))?.at(-1)).toEqual({
      head: 'b',
      since: at(4),
      until: null,
    });
  });

  it('are fifty at most, and forgotten with the item', () => {
    const many = Array.from({ length: 60 }, (_, index) => moved(`h${index}`, index % 60));
    expect(after(...many)).toHaveLength(50);
    expect(after(...many)?.at(-1)?.head).toBe('h59');
    expect(after(...many, ended)).toBeUndefined();
  });
});
