import { expect, it } from 'vitest';
import type { EventActor } from '../../src/domain/ledger/envelope.ts';
import { system } from '../../src/domain/work-item/decide.ts';
import { approval, type Tale } from './machine.ts';

export const merge = 'pull_request.merge' as const;
export const onMerge = (digest: string) => [approval(merge, digest)];
export const agent: EventActor = { kind: 'agent', id: null, login: 'reviewer' };

export interface Rule {
  readonly rule: string;
  readonly given: () => Tale;
  readonly when: Parameters<Tale['try']>[0];
  readonly by?: EventActor;
  /** The events, or the code of the refusal. */
  readonly gives: string;
}

/** A test a rule. */
export function holds(rules: readonly Rule[]): void {
  it.each(rules)('$rule', ({ given, when, by = system, gives }) => {
    expect(given().outcome(when, by)).toBe(gives);
  });
}
