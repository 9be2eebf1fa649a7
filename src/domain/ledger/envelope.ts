import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes, or of a text in UTF-8, as 64 lower-case hex digits. A parameter, because the domain has no `node:crypto`. */
export type Sha256 = (content: string | Uint8Array) => string;

/** Who made an event happen. `id` and `login` are GitHub's; `id` is null where there is no account (system, a local agent). */
export interface EventActor {
  readonly kind: 'human' | 'agent' | 'system';
  readonly id: number | null;
  readonly login: string;
}

/** An event as decided, before it has a place in the chain. */
export interface EventDraft {
  readonly id: string;
  /** ISO 8601, UTC, milliseconds: `2026-11-21T07:48:41.000Z`. */
  readonly at: string;
  readonly type: string;
  /** Version of that type's `data`, from 1. */
  readonly version: number;
  /** The work item (`issue-12`), or null for an event of the whole repository. */
  readonly item: string | null;
  readonly actor: EventActor;
  readonly data: unknown;
  /** What led to this event (a delivery, another event's id); null if nothing recorded did. */
  readonly cause: string | null;
  /** Digest of the policies in force when it was decided. */
  readonly policy: string | null;
}

/** An event in its place: one line of the history. */
export interface RecordedEvent extends EventDraft {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** `hash` of the predecessor; `GENESIS` for the first. */
  readonly previous: string;
  /** SHA-256 of the canonical JSON of everything else in the event. */
  readonly hash: string;
}

/** The end of a chain; what an anchor names. An empty history has sequence 0 and `GENESIS`. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const GENESIS = '0'.repeat(64);

export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: GENESIS };

export const hashEvent = (event: Omit<RecordedEvent, 'hash'>, sha256: Sha256): string => {
  const { sequence, id, at, type, version, item, actor, data, cause, policy, previous } = event;
  return sha256(
    canonicalJson({ sequence, id, at, type, version, item, actor, data, cause, policy, previous }),
  );
};
