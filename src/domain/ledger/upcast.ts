import { versions, type EventType, type TimedEvent } from '../work-item/event.ts';
import type { RecordedVerdict } from '../policy/record.ts';
import type { RecordedEvent } from './envelope.ts';

/** An event as this program means it: of a type it knows, its data in the version written now. */
export type KnownEvent = RecordedEvent & TimedEvent;

/**
 * The data of one version as the version after it would have written it: pure, and given only what stands in the line. What the
 * older version did not say is said to be unknown, never made up.
 */
export type Upcaster = (data: never, event: RecordedEvent) => unknown;

type Revised = {
  [T in EventType]: (typeof versions)[T] extends 1 ? never : T;
}[EventType];

/** For each type past version 1: from 1 to 2, from 2 to 3, and so on. */
export const upcasters: { readonly [T in Revised]: readonly [Upcaster, ...Upcaster[]] } = {
  'approval.given': [(data: { readonly approval: unknown }) => ({ ...data, given_on: null })],
  // There was one kind less.
  'effect.intended': [(data: object) => data],
  // Who objects was not said; the key is absent where nobody does, too.
  'gate.requested': [(data: object) => data],
  'gate.updated': [(data: object) => data],
  'triage.recorded': [
    (data: object) => ({ ...data, report: null }),
    ({ report, ...data }: { readonly report: object | null }) => ({
      ...data,
      report: report === null ? null : { ...report, without_meaning: null },
    }),
  ],
  'verdict.given': [
    (data: Omit<RecordedVerdict, 'satisfied' | 'approvers' | 'facts' | 'facts_missing'>) => ({
      ...data,
      // Where a human was required, nothing said whether one had approved.
      satisfied: data.effect === 'require_human' ? null : data.effect === 'allow',
      approvers: data.effect === 'require_human' ? null : [],
      facts: null,
      facts_missing: 'they were not recorded at that time',
    }),
  ],
};

const current: ReadonlyMap<string, number> = new Map(Object.entries(versions));
const chains: ReadonlyMap<string, readonly Upcaster[]> = new Map(Object.entries(upcasters));

/**
 * Every reader of the history reads through this. Null: a type or version that this program does not know, so nobody may
 * guess what it means. Chain and hash are those of the line as written; only `version` and `data` are of today.
 * @throws whatever an upcaster throws on data that is not of the version it claims.
 */
export const upcast = (event: RecordedEvent): KnownEvent | null => {
  const version = current.get(event.type);
  if (version === undefined || event.version > version) return null;
  if (event.version === version) return asKnown(event);
  return asKnown({ ...event, version, data: raise(event, chains.get(event.type) ?? []) });
};

/** The data of `event`, led through the steps behind its version. */
export const raise = (event: RecordedEvent, steps: readonly Upcaster[]): unknown =>
  steps
    .slice(event.version - 1)
    .reduce<unknown>((data, step) => step(data as never, event), event.data);

/** Whether an event is one that this program would write: not merely one that it can read. */
export const isCurrent = ({ type, version }: RecordedEvent): boolean =>
  current.get(type) === version;

/** By type and version. That the data has the shape they promise is for the schemas to say, where other hands may have written. */
const asKnown = (event: RecordedEvent): KnownEvent => event as KnownEvent;
