import { ok, refuse, type Result } from '../result.ts';
import type { TimedEvent } from './event.ts';
import { digestInForce, gatedAction } from './gated.ts';
import { stagesOf, type Approval, type Gate, type GovernanceState, type Item } from './state.ts';

type EventOf<T extends TimedEvent['type']> = Extract<TimedEvent, { type: T }>;

/** The floor in the machine: no gate opens and nothing merges without a human's act on the digest in force. */
export function checkAuthority(
  state: GovernanceState,
  item: Item,
  event: TimedEvent,
): Result<null> {
  switch (event.type) {
    case 'gate.requested':
    case 'gate.updated':
      return checkSubject(item, event.type, event.data.gate);
    case 'approval.given':
      return checkApproval(item, event);
    case 'gate.approved':
      return checkApproved(item, event);
    case 'gate.overridden':
      return checkOverride(item, event);
    case 'gate.rejected':
    case 'changes.requested':
      return requireHuman(item, event);
    case 'question.answered':
      return checkAsked(item, event, true);
    case 'information.given':
      return checkAsked(item, event, false);
    case 'item.resumed':
      return requireEvidence(item, event.type, event.data);
    case 'stage.completed':
    case 'stage.entered':
    case 'stage.returned':
      return checkStage(item, event);
    case 'pull_request.linked':
      return checkLink(item, event.data.pull_request.number);
    case 'item.merged':
      return checkMerge(state, item, event);
    default:
      return ok(null);
  }
}

/** A merge is meant only where it could be recorded: what is outward is never a step ahead of its authority. */
export function checkMergeIntent(
  state: GovernanceState,
  { item: id, data }: EventOf<'effect.intended'>,
): Result<null> {
  if (data.kind !== 'pull_request.merge') return ok(null);
  const item = id === null ? undefined : state.items[id];
  if (item === undefined) {
    return refuse('item.not_open', `a merge was meant for ${id ?? 'no item'}, which is not open`);
  }
  return checkMergeable(item, data.payload['pull_request'], data.payload['head']);
}

interface Subject {
  readonly action: string;
  readonly digest: string;
}

/** What is asked, given or called approved has to be the stage's own act, on the thing as it is now. */
function checkSubject(item: Item, type: string, { action, digest }: Subject): Result<null> {
  const expected = gatedAction(item);
  const inForce = expected === null ? null : digestInForce(item, expected);
  return action === expected && digest === inForce
    ? ok(null)
    : refuse(
        'digest.stale',
        `${item.id}: ${type} is about ${action} on ${digest}; in force is ${expected ?? 'no gate'} on ${inForce ?? 'nothing'}`,
      );
}

function checkApproval(item: Item, { actor, data, type }: EventOf<'approval.given'>): Result<null> {
  const { approval } = data;
  if (actor.kind !== 'human' || actor.id !== approval.id) {
    return refuse(
      'actor.not_human',
      `${item.id}: an approval was given by ${actor.login}, not by the human it names`,
    );
  }
  return checkSubject(item, type, { action: approval.gate, digest: approval.digest });
}

function checkApproved(
  item: Item,
  { type, data }: EventOf<'gate.approved' | 'gate.overridden'>,
): Result<null> {
  if (item.gate?.digest !== data.digest) {
    return refuse(
      'digest.stale',
      `${item.id}: ${type} for ${data.action} on ${data.digest}, while ${item.gate?.digest ?? 'nothing'} was asked about`,
    );
  }
  const evidence = requireEvidence(item, type, data);
  return evidence.ok && type === 'gate.approved' ? requireSufficient(item, item.gate) : evidence;
}

/** Some evidence is not enough of it: what the gate was last recorded to wait for has to have come. */
function requireSufficient({ id }: Item, { action, digest, waiting_for }: Gate): Result<null> {
  const [missing] = waiting_for;
  return missing === undefined
    ? ok(null)
    : refuse(
        'evidence.insufficient',
        `${id}: gate.approved for ${action} on ${digest}, while step ${missing.step} has ${missing.have} of ${missing.count}`,
      );
}

function checkOverride(item: Item, event: EventOf<'gate.overridden'>): Result<null> {
  if (event.actor.kind !== 'human' || event.data.justification.trim() === '') {
    return refuse(
      'override.unjustified',
      `${item.id}: an override needs a human and a justification`,
    );
  }
  return checkApproved(item, event);
}

/** An override is recorded as an approval of its own kind, so evidence on the digest is one question. */
function requireEvidence(item: Item, type: string, subject: Subject): Result<null> {
  const about = checkSubject(item, type, subject);
  if (!about.ok) return about;
  return evidenceOn(item, subject).length > 0
    ? ok(null)
    : refuse(
        'evidence.missing',
        `${item.id}: ${type} for ${subject.action} on ${subject.digest} without a human's evidence on it`,
      );
}

const evidenceOn = (item: Item, { action, digest }: Subject): readonly Approval[] =>
  item.approvals.filter((approval) => approval.gate === action && approval.digest === digest);

const requireHuman = (item: Item, event: TimedEvent): Result<null> =>
  event.actor.kind === 'human'
    ? ok(null)
    : refuse(
        'actor.not_human',
        `${item.id}: ${event.type} by ${event.actor.login}, who is no human`,
      );

/** An agent's question is answered to the agent, and by somebody; what its author was asked, the author says. */
const checkAsked = (item: Item, event: TimedEvent, byAgent: boolean): Result<null> =>
  (item.asked_by !== undefined) === byAgent
    ? byAgent
      ? requireHuman(item, event)
      : ok(null)
    : refuse(
        'question.other',
        `${item.id}: ${event.type}, while ${byAgent ? 'no agent asked' : `the ${item.asked_by ?? ''} asked`}`,
      );

type StageEvent = EventOf<'stage.completed' | 'stage.entered' | 'stage.returned'>;

/** Stages follow one another; none is skipped, and the last one ends with the merge alone. */
function checkStage(item: Item, { type, data }: StageEvent): Result<null> {
  const order = stagesOf[item.kind];
  const at = order.indexOf(item.stage);
  const to = order.indexOf(data.stage);
  const inOrder = {
    'stage.completed': to === at && to < order.length - 1,
    'stage.entered': to === at + 1,
    'stage.returned': to >= 0 && to <= at,
  }[type];
  return inOrder
    ? ok(null)
    : refuse('stage.out_of_order', `${item.id}: ${type} ${data.stage} from ${item.stage}`);
}

/** Evidence is about one pull request, and its head moves by pushes alone: another link would carry evidence over. */
const checkLink = ({ id, pull_request }: Item, number: number): Result<null> =>
  pull_request === null
    ? ok(null)
    : refuse(
        'pull_request.linked',
        `${id} has pull request ${pull_request.number} already, and cannot take ${number}`,
      );

const checkOwn = ({ id, pull_request }: Item, number: number): Result<null> =>
  pull_request?.number === number
    ? ok(null)
    : refuse(
        'pull_request.other',
        `${id} has pull request ${pull_request?.number ?? 'none'}, not ${number}`,
      );

function checkMerge(
  state: GovernanceState,
  item: Item,
  event: EventOf<'item.merged'>,
): Result<null> {
  const { pull_request, head, by, outcome } = event.data;
  if ((item.kind === 'cycle') !== (outcome === 'published')) {
    return refuse('outcome.wrong', `${item.id}: a ${item.kind} does not end as ${outcome}`);
  }
  const allowed =
    by === 'assent'
      ? checkMergeable(item, pull_request, head)
      : both(requireHuman(item, event), checkOwn(item, pull_request));
  if (!allowed.ok) return allowed;
  return item.kind === 'cycle' || state.counted[String(pull_request)] !== undefined
    ? ok(null)
    : refuse('merge.uncounted', `${item.id}: pull request ${pull_request} was not counted`);
}

const both = (first: Result<null>, second: Result<null>): Result<null> =>
  first.ok ? second : first;

function checkMergeable(item: Item, number: unknown, head: unknown): Result<null> {
  const action = gatedAction(item);
  const evidence =
    action === null || typeof head !== 'string' ? [] : evidenceOn(item, { action, digest: head });
  const inForce = item.pull_request?.number === number && item.pull_request?.head === head;
  return item.authority === 'resumed' && inForce && evidence.length > 0
    ? ok(null)
    : refuse(
        'evidence.missing',
        `${item.id}: pull request ${String(number)} at ${String(head)} merged without human evidence on that head`,
      );
}
