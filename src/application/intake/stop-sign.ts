import { fold } from '../../domain/approval/people.ts';
import { commandsIn } from '../../domain/approval/command.ts';
import type { StoredDelivery } from '../../ports/inbox.ts';
import type { Session } from '../session.ts';
import { HALT_LABEL } from './labels.ts';
import { PERSON_ACT } from './person-act.ts';
import { stimulusOf } from './stimulus-of.ts';

/**
 * Whether somebody's word to stop has come in since this wake-up took its deliveries (law 9). Who says it and whether they may
 * is for the next wake-up to find out; until then nothing more is done outward.
 */
export async function isStopComing({ deps, repository, taken }: Session): Promise<boolean> {
  const waiting = await deps.inbox.take(repository.ref.full_name);
  return waiting.some((delivery) => !taken.has(delivery.id) && saysStop(delivery));
}

const stoppingVerbs = ['halt', 'hold', 'disable', 'reject'];
const stoppingLabels = [HALT_LABEL, 'assent:hold', 'assent:reject'];

export function saysStop(delivery: StoredDelivery): boolean {
  // Through the service's own surface: who it is was asked before it was stored.
  if (delivery.event === PERSON_ACT) return stoppingVerbs.includes(delivery.action ?? '');
  const stimulus = stimulusOf(delivery);
  if (!stimulus.ok) return false;
  const { value } = stimulus;
  switch (value.kind) {
    case 'comment.created':
      return commandsIn(value.body).some(({ verb }) => stoppingVerbs.includes(verb));
    case 'issue.labeled':
    case 'pull_request.labeled':
      return value.label !== null && stoppingLabels.includes(fold(value.label));
    default:
      return false;
  }
}
