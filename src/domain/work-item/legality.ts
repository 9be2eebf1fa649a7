import type { Result } from '../result.ts';
import { refuse, ok } from '../result.ts';
import type { TimedEvent } from './event.ts';
import { isTransition, transition } from './machine.ts';
import { isFinal, type Approval, type GovernanceState, type Item } from './state.ts';

/**
 * Whether `event` may stand next in a history that has led to `state`. Used when deciding and again when verifying, so a
 * history that was written by other means is held to the same law.
 */
export function checkLegality(state: GovernanceState, event: TimedEvent): Result<null> {
  if (event.type === 'item.created') return checkCreation(state, event.item);
  if (event.type === 'merge.counted') {
    const cycle = state.counted[String(event.data.merge.pull_request)];
    if (cycle !== undefined) {
      return refuse(
        'merge.counted_twice',
        `pull request ${event.data.merge.pull_request} was counted in cycle ${cycle} already`,
      );
    }
    return ok(null);
  }
  if (!isTransition(event.type)) return ok(null);
  const item = event.item === null ? undefined : state.items[event.item];
  if (item === undefined || isFinal(item)) {
    return refuse('item.not_open', `${event.type}: ${event.item ?? 'no item'} is not open`);
  }
  if (transition(item.authority, event.type) === null) {
    return refuse(
      'transition.illegal',
      `${event.type} is no step from ${item.authority} (${item.id}, stage ${item.stage})`,
    );
  }
  return checkAuthority(item, event);
}

function checkCreation(state: GovernanceState, id: string | null): Result<null> {
  if (id === null) return refuse('item.unnamed', 'item.created names no item');
  if (state.items[id] !== undefined) return refuse('item.exists', `${id} is open already`);
  if (state.finished[id] !== undefined) return refuse('item.finished', `${id} has ended already`);
  return ok(null);
}

/** The floor in the machine: no gate opens and nothing merges without a human's act on the digest in force. */
function checkAuthority(item: Item, event: TimedEvent): Result<null> {
  switch (event.type) {
    case 'gate.approved':
      return evidenceOn(item, event.data.action, event.data.digest).length > 0 &&
        item.gate?.digest === event.data.digest
        ? ok(null)
        : refuse(
            'evidence.missing',
            `${item.id}: ${event.data.action} was called approved on ${event.data.digest} without a human's evidence on it`,
          );
    case 'approval.given':
      return event.actor.kind === 'human' && event.actor.id === event.data.approval.id
        ? ok(null)
        : refuse(
            'actor.not_human',
            `${item.id}: an approval was given by ${event.actor.login}, not by the human it names`,
          );
    case 'gate.overridden':
      return event.actor.kind === 'human' && event.data.justification.trim() !== ''
        ? ok(null)
        : refuse(
            'override.unjustified',
            `${item.id}: an override needs a human and a justification`,
          );
    case 'gate.rejected':
      return requireHuman(item, event);
    case 'item.resumed':
      return hasAuthority(item, event.data.action, event.data.digest)
        ? ok(null)
        : refuse(
            'evidence.missing',
            `${item.id}: resumed without evidence in force on ${event.data.digest}`,
          );
    case 'stage.completed':
      return event.data.stage === 'merge' ? requireResumed(item) : ok(null);
    case 'item.merged':
      return checkMerge(item, event);
    default:
      return ok(null);
  }
}

const requireHuman = (item: Item, event: TimedEvent): Result<null> =>
  event.actor.kind === 'human'
    ? ok(null)
    : refuse(
        'actor.not_human',
        `${item.id}: ${event.type} by ${event.actor.login}, who is no human`,
      );

const requireResumed = (item: Item): Result<null> =>
  item.authority === 'resumed'
    ? ok(null)
    : refuse('gate.skipped', `${item.id}: stage ${item.stage} ended without its gate`);

function checkMerge(item: Item, event: Extract<TimedEvent, { type: 'item.merged' }>): Result<null> {
  if (event.data.by === 'human') return requireHuman(item, event);
  const action = item.kind === 'cycle' ? 'roadmap.publish' : 'pull_request.merge';
  if (item.authority === 'resumed' && hasAuthority(item, action, event.data.head)) return ok(null);
  return refuse(
    'evidence.missing',
    `${item.id}: pull request ${event.data.pull_request} merged at ${event.data.head} without human evidence on that head`,
  );
}

const evidenceOn = (item: Item, gate: string, digest: string): readonly Approval[] =>
  item.approvals.filter((approval) => approval.gate === gate && approval.digest === digest);

/** An override is recorded as an approval of its own kind, so evidence on the digest is one question. */
const hasAuthority = (item: Item, gate: string, digest: string): boolean =>
  evidenceOn(item, gate, digest).length > 0;
