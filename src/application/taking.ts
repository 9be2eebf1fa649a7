import type { AgentName } from '../domain/work-item/state.ts';
import type { StoredDelivery } from '../ports/inbox.ts';
import { absorb } from './intake/absorb.ts';
import { PERSON_ACT, takePersonAct } from './intake/person-act.ts';
import { setAside } from './intake/set-aside.ts';
import { stimulusOf } from './intake/stimulus-of.ts';
import { saysStop } from './intake/stop-sign.ts';
import { readFinishedRun, RUN_FINISHED } from './runs/finished-run.ts';
import { takeOutcome } from './runs/outcomes.ts';
import { LedgerRefusedError, type Session } from './session.ts';
import { POLICIES_TRIED, readTrial } from './trials/trial-job.ts';

/** What became of a delivery. */
export interface Taken {
  readonly outcome: 'handled' | 'ignored' | 'refused' | 'failed';
  readonly reason: string;
}

/** Whole or not at all. A word to stop that cannot be heard stops everything: nothing may go on past it (law 9). */
export async function takeOrSetAside(
  session: Session,
  delivery: StoredDelivery,
  ourselves: string,
): Promise<Taken | 'later'> {
  const takeBack = session.mark();
  try {
    const taken = await take(session, delivery, ourselves);
    session.memory.failing.delete(delivery.id);
    return taken;
  } catch (error) {
    if (error instanceof LedgerRefusedError || saysStop(delivery)) throw error;
    takeBack();
    return setAside(session, delivery, error);
  }
}

const isTurnedOff = ({ state: { control } }: Session, agent: AgentName): boolean =>
  control.halted !== null || control.disabled_agents.includes(agent);

async function take(
  session: Session,
  delivery: StoredDelivery,
  ourselves: string,
): Promise<Taken | 'later'> {
  if (delivery.event === RUN_FINISHED) {
    const finished = readFinishedRun(delivery.payload);
    // Judged now, it would be denied for good, for a reason that passes: it stays in the inbox until work goes on.
    if (isTurnedOff(session, finished.result.agent)) return 'later';
    session.memory.running.delete(finished.run);
    const taken = await takeOutcome(session, finished);
    if (taken === 'later') {
      // Its work is in the inbox: begun again, it would be paid for twice.
      session.memory.running.add(finished.run);
      return 'later';
    }
    return taken.ok
      ? { outcome: 'handled', reason: `${finished.run} ended` }
      : { outcome: 'ignored', reason: taken.refusal.message };
  }
  if (delivery.event === POLICIES_TRIED) {
    const { item, trial } = readTrial(delivery.payload);
    const taken = session.give({ kind: 'record_trial', item, trial });
    return taken.ok
      ? { outcome: 'handled', reason: `the policies of ${item} were tried` }
      : { outcome: 'ignored', reason: taken.refusal.message };
  }
  if (delivery.event === PERSON_ACT) return takePersonAct(session, delivery);
  const stimulus = stimulusOf(delivery);
  if (!stimulus.ok) return { outcome: 'refused', reason: stimulus.refusal.message };
  if (stimulus.value.kind === 'ignored' || stimulus.value.repository === null) {
    return { outcome: 'ignored', reason: 'nothing in Assent answers to it' };
  }
  return absorb(session, stimulus.value, ourselves);
}
