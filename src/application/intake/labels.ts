import { APPROVE_LABEL, REJECT_LABEL } from '../../domain/approval/acts.ts';
import { fold } from '../../domain/approval/people.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { Session } from '../session.ts';
import { act } from './acts.ts';
import type { IssueStimulus, PullRequestStimulus, StimulusAccount } from './stimulus.ts';

/** Set on any issue or pull request, it stops everything; taken away, it lets it go on. */
export const HALT_LABEL = 'assent:halt';

const HOLD_LABEL = 'assent:hold';

/** All that say something to Assent, as CONTRACTS.md names them. */
export const controlLabels: readonly string[] = [
  APPROVE_LABEL,
  REJECT_LABEL,
  HOLD_LABEL,
  HALT_LABEL,
];

interface LabelAct {
  readonly sender: StimulusAccount;
  readonly delivery: string;
  readonly at: string;
}

/** Control labels that are acts of their own; `assent:approve` is evidence, looked up where the gate is judged. */
export async function obeyLabel(
  session: Session,
  item: Item,
  label: string,
  set: boolean,
  { sender, delivery, at }: LabelAct,
): Promise<string | null> {
  const verb = labelVerbs[`${label}${set ? '+' : '-'}`];
  if (verb === undefined || sender.type !== 'User') return null;
  const rest = `by label ${label}`;
  return (await act(session, item, { verb, rest, person: sender, delivery, place: null, at })).text;
}

const labelVerbs: Readonly<Record<string, 'hold' | 'unhold' | 'reject'>> = {
  [`${HOLD_LABEL}+`]: 'hold',
  [`${HOLD_LABEL}-`]: 'unhold',
  [`${REJECT_LABEL}+`]: 'reject',
};

export const isHaltLabel = (label: string | null): boolean =>
  label !== null && fold(label) === HALT_LABEL;

/**
 * The label that stops everything, by whom GitHub says set it or took it away. Whoever has no item here is told nothing: the
 * log of deliveries says why.
 */
export async function obeyHaltLabel(
  session: Session,
  item: Item | undefined,
  { number, kind, sender, delivery }: IssueStimulus | PullRequestStimulus,
): Promise<string> {
  const action = kind.endsWith('.labeled') ? 'labeled' : 'unlabeled';
  const { host, ref } = session.repository;
  const where = `${ref.full_name}#${number}`;
  const events = await host.labelEvents(number);
  const event = events.findLast(
    (one) => isHaltLabel(one.name) && one.action === action && one.user.id === sender.id,
  );
  if (event === undefined) return `GitHub knows of no such label by ${sender.login} on ${where}`;
  const { user: person, at } = event;
  if (action === 'unlabeled') {
    const other = await stillOn(session, number);
    if (other !== null) return `${HALT_LABEL} is still on ${ref.full_name}#${other}`;
  }
  const verb = action === 'labeled' ? 'halt' : 'resume';
  const rest =
    verb === 'halt' ? `label ${HALT_LABEL} on ${where}` : `label taken away from ${where}`;
  return (await act(session, item, { verb, rest, person, delivery, place: number, at })).text;
}

/** As many open ones as are looked at for the label: who set it on an older one takes it away there, or says resume. */
const OPEN_LOOKED_AT = 200;

/** Two people may have pulled the same brake, in two places: one lets go, the other does not. */
async function stillOn({ repository }: Session, number: number): Promise<number | null> {
  const open = await repository.host.openIssues(OPEN_LOOKED_AT);
  const other = open.find((one) => one.number !== number && one.labels.some(isHaltLabel));
  return other?.number ?? null;
}
