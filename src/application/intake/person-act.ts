import type { Delivery } from '../../ports/inbox.ts';
import type { Deps } from '../repository.ts';
import type { RepositoryRef } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';
import { act } from './acts.ts';
import type { StimulusAccount } from './stimulus.ts';
import { isSwitchVerb, switchEnds, type SwitchEnd, type SwitchVerb } from './switch.ts';

/** The event under which an act through our own surface (API, page) waits in the inbox beside GitHub's: first come, first heard. */
export const PERSON_ACT = 'assent.person_act';

export interface PersonAct {
  readonly verb: SwitchVerb;
  readonly rest: string;
  /** As GitHub named the bearer of the token, asked by us. */
  readonly person: StimulusAccount;
}

/** Stored before it is answered, like a webhook: a crash after it forgets nothing. Gives the delivery's id. */
export async function leavePersonAct(
  deps: Pick<Deps, 'inbox' | 'newId' | 'now' | 'sha256'>,
  { full_name, installation }: RepositoryRef,
  given: PersonAct,
): Promise<string> {
  const id = deps.newId();
  const delivery: Delivery = {
    id,
    event: PERSON_ACT,
    action: given.verb,
    repository: full_name,
    installation,
    received_at: deps.now(),
    // Each request is an act of its own, even if it says what another said.
    body_hash: deps.sha256(id),
    payload: { ...given },
  };
  await deps.inbox.accept(delivery);
  return id;
}

/** A fault: what stands in our own inbox under our own event was written by this program. */
class MalformedActError extends Error {
  constructor() {
    super('an act in the inbox has no verb, text or person');
    this.name = 'MalformedActError';
  }
}

function readPersonAct({ verb, rest, person }: Readonly<Record<string, unknown>>): PersonAct {
  if (typeof verb !== 'string' || !isSwitchVerb(verb) || typeof rest !== 'string') {
    throw new MalformedActError();
  }
  if (typeof person !== 'object' || person === null) throw new MalformedActError();
  const { id, login, type } = person as Readonly<Record<string, unknown>>;
  if (typeof id !== 'number' || typeof login !== 'string' || typeof type !== 'string') {
    throw new MalformedActError();
  }
  return { verb, rest, person: { id, login, type } };
}

/** Judged like any other act, on what GitHub says of the person now. */
export async function takePersonAct(
  session: Session,
  { id, payload, received_at }: Pick<Delivery, 'id' | 'payload' | 'received_at'>,
): Promise<{ readonly outcome: 'handled' | 'refused'; readonly reason: string }> {
  const given = readPersonAct(payload);
  const answer = await act(session, undefined, {
    ...given,
    delivery: id,
    place: null,
    at: received_at,
  });
  const end: SwitchEnd = answer.end ?? 'denied';
  const outcome = ['done', 'requested', 'unchanged'].includes(end) ? 'handled' : 'refused';
  return { outcome, reason: `${end}: ${answer.text}` };
}

/** What became of it, from the reason it was settled with. */
export function endOf(reason: string): { readonly end: SwitchEnd; readonly text: string } {
  const end = switchEnds.find((known) => reason.startsWith(`${known}: `));
  return end === undefined
    ? { end: 'denied', text: reason }
    : { end, text: reason.slice(end.length + 2) };
}
