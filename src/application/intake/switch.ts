import type { EventActor } from '../../domain/ledger/envelope.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { describeFrom } from '../../domain/approval/people.ts';
import { evaluate } from '../../domain/policy/evaluate.ts';
import { denials } from '../../domain/policy/render.ts';
import type { CommentFacts } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import { isStopping, leastFor, type SwitchAction } from '../../domain/policy/switch.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { Command } from '../../domain/work-item/command.ts';
import { requestsFor } from '../../domain/work-item/evolve-switch.ts';
import { agentNames, type AgentName } from '../../domain/work-item/state.ts';
import { noEvidence, policyRequest } from '../decisions/facts.ts';
import { permissionOf } from '../decisions/people.ts';
import type { Session } from '../session.ts';

export const switchVerbs = ['halt', 'resume', 'enable', 'disable'] as const;
export type SwitchVerb = (typeof switchVerbs)[number];

export const isSwitchVerb = (verb: string): verb is SwitchVerb =>
  switchVerbs.some((known) => known === verb);

/** How an act on the switch ended. `requested`: it counts, and more people have to ask. */
export const switchEnds = [
  'done',
  'requested',
  'unchanged',
  'forbidden',
  'denied',
  'overtaken',
  'usage',
] as const;
export type SwitchEnd = (typeof switchEnds)[number];

export interface SwitchAct {
  readonly verb: SwitchVerb;
  /** The reason; of `enable` and `disable` the agent and then the reason. */
  readonly rest: string;
  readonly person: { readonly id: number; readonly login: string; readonly type: string };
  readonly delivery: string;
  /** When they said it, by GitHub's clock where it was said there. */
  readonly at: string;
}

export interface SwitchAnswer {
  readonly end: SwitchEnd;
  readonly text: string;
}

const actions: Readonly<Record<SwitchVerb, SwitchAction>> = {
  halt: 'control.halt',
  resume: 'control.resume',
  enable: 'agent.enable',
  disable: 'agent.disable',
};

/** GitHub tells whole seconds, and two clocks are never one. */
const MARGIN_MS = 2_000;

/** Moves the switch, or an agent's own, if the person may: they, and all who asked before them, are looked up now. */
export async function operateSwitch(session: Session, given: SwitchAct): Promise<SwitchAnswer> {
  const meant = meaning(given);
  if (meant === null) return wrongUsage(given);
  const overtaken = whatOvertook(session, given, meant.agent);
  if (overtaken !== null) return { end: 'overtaken', text: overtaken };
  const policies = policiesFor(session, given.verb);
  if (policies === null) {
    const text = `\`/assent ${given.verb}\` waits until the policies can be read again; they may say whom it takes`;
    return { end: 'denied', text };
  }
  const verdict = await judge(session, given, meant.agent, policies);
  if (verdict.satisfied) return give(session, given, meant.command, 'done');
  if (verdict.effect === 'deny') {
    return { end: 'denied', text: denials(verdict.reasons).join('; ') };
  }
  const counts = verdict.approvers.some(({ login }) => login === given.person.login);
  if (counts && meant.request !== null) {
    const asked = give(session, given, meant.request, 'requested');
    return { ...asked, text: `${asked.text}${stillMissing(verdict)}` };
  }
  return { end: 'forbidden', text: await whatItTakes(session, given, verdict) };
}

interface Meaning {
  readonly agent: AgentName | null;
  readonly command: Command;
  /** Where one person's word may not be enough. */
  readonly request: Command | null;
}

function meaning({ verb, rest, person }: SwitchAct): Meaning | null {
  if (verb === 'halt' || verb === 'resume') {
    const reason = rest === '' ? `by ${person.login}` : rest;
    return verb === 'halt'
      ? { agent: null, command: { kind: 'halt', reason }, request: null }
      : {
          agent: null,
          command: { kind: 'lift_halt', reason },
          request: { kind: 'request_resume', reason },
        };
  }
  const [name = '', ...because] = rest.split(/\s+/);
  const agent = agentNames.find((known) => known === name.toLowerCase());
  if (agent === undefined) return null;
  const reason = because.length === 0 ? 'no reason given' : because.join(' ');
  return verb === 'disable'
    ? { agent, command: { kind: 'disable_agent', agent, reason }, request: null }
    : {
        agent,
        command: { kind: 'enable_agent', agent, reason },
        request: { kind: 'request_enable', agent, reason },
      };
}

function wrongUsage({ rest }: SwitchAct): SwitchAnswer {
  const [name = ''] = rest.split(/\s+/);
  const text = `which agent? ${agentNames.join(', ')}${name === '' ? '' : didYouMean(name, agentNames)}`;
  return { end: 'usage', text };
}

/**
 * A word to go on is about the stop it follows: delivered late, or again, it does not lift one that came after it. A word to
 * stop is obeyed however late it comes.
 */
function whatOvertook(
  { state }: Session,
  { verb, at }: SwitchAct,
  agent: AgentName | null,
): string | null {
  if (isStopping(actions[verb])) return null;
  const stopped = agent === null ? state.control.halted?.at : state.disabled_at[agent];
  if (stopped === undefined || Date.parse(at) + MARGIN_MS >= Date.parse(stopped)) return null;
  return `\`/assent ${verb}\` was said before the stop of ${stopped}: say it again`;
}

/** Stopping needs no policy that can be read; going on might be somebody's alone, and nobody can tell whose. */
function policiesFor({ rules, deps }: Session, verb: SwitchVerb): PolicySet | null {
  if (rules.kind === 'sound') return rules.policies;
  if (!isStopping(actions[verb])) return null;
  const none = deps.policies.load(new Map());
  return none.ok ? none.value : null;
}

async function judge(
  session: Session,
  given: SwitchAct,
  agent: AgentName | null,
  policies: PolicySet,
): Promise<Verdict> {
  const comments = await wordsOf(session, given, agent);
  const request = await policyRequest(
    session,
    {
      kind: actions[given.verb],
      agent,
      item: null,
      pull_request: null,
      issue: null,
      evidence: { ...noEvidence, comments },
    },
    policies,
  );
  return evaluate(policies, request);
}

/** Everybody's word as the comment it could have been: the person's now, and those on record whose accounts are still theirs. */
async function wordsOf(
  session: Session,
  { verb, person, at }: SwitchAct,
  agent: AgentName | null,
): Promise<readonly CommentFacts[]> {
  const before =
    verb === 'resume' || verb === 'enable' ? requestsFor(session.state.control, verb, agent) : [];
  const asked = before
    .filter(({ id }) => id !== person.id)
    .map((request) => ({
      user: { id: request.id, login: request.login, type: 'User' },
      at: request.at,
    }));
  const words = [...asked, { user: person, at }];
  const known = await Promise.all(words.map(async ({ user }) => isTheirs(session, user)));
  const body = `/assent ${verb}${agent === null ? '' : ` ${agent}`}`;
  return words
    .filter((_, index) => known[index])
    .map(({ user, at: said }, id) => ({ id, user, body, at: said, edited_at: null }));
}

/** A login that has become somebody else's speaks for nobody. */
async function isTheirs(
  session: Session,
  { id, login }: { readonly id: number; readonly login: string },
): Promise<boolean> {
  return (await session.looks.permission(login))?.account.id === id;
}

function give(
  session: Session,
  { verb, person, delivery }: SwitchAct,
  command: Command,
  end: 'done' | 'requested',
): SwitchAnswer {
  const actor: EventActor = { kind: 'human', id: person.id, login: person.login };
  const given = session.give(command, actor, delivery);
  if (given.ok) return { end, text: `${verb}: ${end === 'done' ? 'done' : 'noted'}` };
  const { code, message } = given.refusal;
  return { end: code === 'unchanged' ? 'unchanged' : 'denied', text: message };
}

const stillMissing = ({ waiting_for }: Verdict): string =>
  waiting_for
    .map(
      ({ count, have, from }) =>
        `; it takes ${count - have} more from ${describeFrom(from)} to say so`,
    )
    .join('');

async function whatItTakes(
  session: Session,
  { verb, person }: SwitchAct,
  { rules, waiting_for }: Verdict,
): Promise<string> {
  const permission = (await permissionOf(session, person)) ?? 'none';
  const takes =
    rules.length === 0
      ? `${leastFor[actions[verb]]} permission`
      : waiting_for.map(({ from, count }) => `${count} from ${describeFrom(from)}`).join(' and ');
  return `\`/assent ${verb}\` takes ${takes}; you have ${permission}`;
}
