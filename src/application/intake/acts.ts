import type { EventActor } from '../../domain/ledger/envelope.ts';
import { reaches } from '../../domain/approval/people.ts';
import { nearest } from '../../domain/nearest.ts';
import { verdictInALine } from '../../domain/policy/render.ts';
import { headline } from '../../domain/presentation.ts';
import { gatedAction } from '../../domain/work-item/gated.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import { permissionOf } from '../decisions/people.ts';
import { contributed } from '../decisions/failing-checks.ts';
import { recordIfNew } from '../decisions/record.ts';
import { assess, mayDecide, type Assessment } from '../decisions/gate.ts';
import type { Session } from '../session.ts';
import { askAgain, lapsedAt } from './ask-again.ts';
import type { StimulusAccount } from './stimulus.ts';
import { isSwitchVerb, operateSwitch, type SwitchEnd, type SwitchVerb } from './switch.ts';

/** What people may tell Assent, by command, label, page or command line. */
export const verbs = [
  'approve',
  'reject',
  'override',
  'hold',
  'unhold',
  'retry',
  'plan',
  'why',
  'status',
  'halt',
  'resume',
  'enable',
  'disable',
  'help',
] as const;
export type Verb = (typeof verbs)[number];

export const isVerb = (text: string): text is Verb => verbs.some((verb) => verb === text);

export const nearestVerb = (text: string): string => nearest(text, verbs) ?? 'help';

export interface Act {
  readonly verb: Verb;
  readonly rest: string;
  readonly person: StimulusAccount;
  readonly delivery: string;
  /** The number of the issue or pull request it was said in; null: in none. */
  readonly place: number | null;
  /** When it was said, by GitHub's clock where it was said there. */
  readonly at: string;
}

/**
 * The least permission each act takes. Those of a gate (approve, reject, override) and on the switch are policy's to say, not
 * this table's.
 */
const needed: Readonly<
  Record<Exclude<Verb, SwitchVerb>, 'read' | 'triage' | 'write' | 'maintain' | 'gate'>
> = {
  approve: 'gate',
  reject: 'gate',
  override: 'gate',
  hold: 'triage',
  unhold: 'write',
  retry: 'write',
  plan: 'write',
  why: 'read',
  status: 'read',
  help: 'read',
};

/** Looks up who it is, does it if they may, and answers in one line. An unknown role is no role. */
export async function act(session: Session, item: Item | undefined, given: Act): Promise<Answer> {
  const answer = await decideAct(session, item, given);
  if (item !== undefined && answer.tell) {
    session.give({ kind: 'notify', item: item.id, to: given.person.login, text: answer.text });
  }
  return answer;
}

export interface Answer {
  readonly text: string;
  /** Whether the line is worth showing: what the comment says anyway is not. */
  readonly tell: boolean;
  /** Of an act on the switch. */
  readonly end?: SwitchEnd;
}

const tell = (text: string): Answer => ({ text, tell: true });
const quiet = (text: string): Answer => ({ text, tell: false });

async function decideAct(session: Session, item: Item | undefined, given: Act): Promise<Answer> {
  const { verb, person } = given;
  if (person.type !== 'User') return quiet('acts are taken from people only');
  if (isSwitchVerb(verb)) {
    const { end, text } = await operateSwitch(session, { ...given, verb });
    return { text, tell: true, end };
  }
  const permission = (await permissionOf(session, person)) ?? 'none';
  const least = needed[verb];
  if (least !== 'gate' && !reaches(permission, least)) {
    return tell(`\`/assent ${verb}\` takes ${least} permission; you have ${permission}`);
  }
  if (verb === 'help') return tell(`commands: ${verbs.join(', ')}`);
  if (item === undefined) return withoutItem(session, given);
  if (verb === 'why') return tell(await explained(session, item));
  if (least === 'gate') return decideGate(session, item, given, permission);
  return steer(session, item, given);
}

/** What lapsed here may be asked about again; nothing else is left to be told. */
async function withoutItem(session: Session, given: Act): Promise<Answer> {
  const ended =
    given.verb === 'retry' && given.place !== null ? lapsedAt(session, given.place) : undefined;
  return quiet(
    ended === undefined ? 'there is no open item here' : await askAgain(session, ended, given),
  );
}

/** Why the item is where it is, as things stand now; the whole tree is in the item's comment and check run. */
const inWords = ({ state }: Session, item: Item): string =>
  headline(item, triageNotesOf(state, item.id));

async function explained(session: Session, item: Item): Promise<string> {
  const assessed = await assess(session, item);
  if (assessed !== null) return verdictInALine(assessed.verdict);
  return item.note === null ? inWords(session, item) : `${inWords(session, item)}: ${item.note}`;
}

const actorOf = ({ id, login }: StimulusAccount): EventActor => ({ kind: 'human', id, login });

async function decideGate(
  session: Session,
  item: Item,
  { verb, rest, person, delivery }: Act,
  permission: string,
): Promise<Answer> {
  const action = gatedAction(item);
  if (action === null || item.authority !== 'waiting_for_human') {
    // Evidence is read whole at each look, so an approval may have counted before its own webhook is taken.
    const counted =
      verb === 'approve' &&
      item.approvals.some(({ id, by }) => id === person.id && by === 'command');
    if (counted) return quiet('the approval has been counted');
    return tell(`nothing here waits for a decision: ${inWords(session, item).toLowerCase()}`);
  }
  if (verb === 'approve') {
    // The comment itself is the evidence; it is judged with all the other evidence.
    session.dirty.add(item.id);
    return quiet('the approval is looked at');
  }
  const assessed = await assess(session, item);
  if (assessed === null || !mayDecide(session, assessed, { ...person, permission })) {
    return tell(
      `\`/assent ${verb}\` takes somebody whose approval counts here; you have ${permission} permission`,
    );
  }
  if (verb === 'reject') {
    const reason =
      rest === '' ? `rejected by ${person.login}` : `rejected by ${person.login}: ${rest}`;
    const done = session.give({ kind: 'reject', item: item.id, reason }, actorOf(person), delivery);
    return done.ok ? quiet(reason) : tell(done.refusal.message);
  }
  return overrideGate(session, item, assessed, { person, rest, delivery });
}

/**
 * An override lifts an objection; it is no approval, and what policy asks for beside it is still asked (docs/policies.md).
 * Where nothing else is missing, the gate is recorded as overridden, with the justification.
 */
function overrideGate(
  session: Session,
  item: Item,
  assessed: Assessment,
  { person, rest, delivery }: Pick<Act, 'person' | 'rest' | 'delivery'>,
): Answer {
  if (rest === '') return tell('an override needs its reason: `/assent override because …`');
  const { action: gate, digest } = assessed;
  if (!assessed.sufficient) {
    session.dirty.add(item.id);
    return tell('the override is noted; what else policy asks for is still missing');
  }
  recordIfNew(session, item.id, assessed);
  const at = session.deps.now();
  const by = 'override' as const;
  const approval = { gate, login: person.login, id: person.id, by, digest, step: by, at };
  const command = { kind: 'override', item: item.id, approval, justification: rest } as const;
  const done = session.give(command, actorOf(person), delivery);
  return done.ok ? quiet(`overridden by ${person.login}`) : tell(done.refusal.message);
}

function steer(session: Session, item: Item, { verb, rest, person, delivery }: Act): Answer {
  const actor = actorOf(person);
  const reason = rest === '' ? `by ${person.login}` : rest;
  switch (verb) {
    case 'hold':
      return said(session.give({ kind: 'hold', item: item.id, reason }, actor, delivery));
    case 'unhold':
      session.dirty.add(item.id);
      return said(session.give({ kind: 'release', item: item.id }, actor, delivery));
    case 'retry': {
      const retried = session.give({ kind: 'retry', item: item.id, reason }, actor, delivery);
      if (retried.ok) return quiet('done');
      return anotherRound(session, item, { rest, person, delivery });
    }
    case 'plan':
      return item.kind === 'issue'
        ? said(
            session.give(
              {
                kind: 'return_to',
                item: item.id,
                stage: 'triage',
                reason: `${person.login} asked for a plan`,
              },
              actor,
              delivery,
            ),
          )
        : tell('a plan is made for an issue');
    default:
      return tell(inWords(session, item));
  }
}

/** On a contribution that waits for people, it sends the contributor to work again, with what they wrote since. */
function anotherRound(
  session: Session,
  item: Item,
  { rest, person, delivery }: Pick<Act, 'rest' | 'person' | 'delivery'>,
): Answer {
  if (contributed(item) === null)
    return tell(`there is nothing to retry: ${inWords(session, item).toLowerCase()}`);
  const why = rest === '' ? '' : `: ${rest.slice(0, 200)}`;
  const reason = `${person.login} asked for another round${why}`;
  return said(
    session.give(
      { kind: 'return_to', item: item.id, stage: 'contribution', reason },
      actorOf(person),
      delivery,
    ),
  );
}

const said = (
  result:
    | { readonly ok: true }
    | { readonly ok: false; readonly refusal: { readonly message: string } },
): Answer => (result.ok ? quiet('done') : tell(result.refusal.message));
