import type { Item } from '../../domain/work-item/state.ts';
import type { Rules, Session } from '../session.ts';
import { rulesChanged } from './proposed-rules.ts';

/** What an agent's queue is asked for besides runs. */
export const POLICY_TRIAL = 'policy_trial';

/**
 * Whoever decides on a pull request that changes the policies is told what they would do. A job of its own for each head and
 * set in force; the history remembers what came of it, so it is done once.
 */
export async function startTrials(session: Session): Promise<void> {
  const { rules, state } = session;
  if (rules.kind === 'broken' || state.control.halted !== null) return;
  for (const item of Object.values(state.items)) {
    if (await isToBeTried(session, rules, item)) await start(session, item);
  }
}

async function isToBeTried(
  { state, memory, repository }: Session,
  rules: Extract<Rules, { kind: 'sound' }>,
  { id, pull_request: pull }: Item,
): Promise<boolean> {
  if (pull === null || rules.policies.rules.length === 0) return false;
  const trial = state.trials[id];
  if (trial?.head === pull.head && trial.against === rules.policies.digest) return false;
  const looked = `${pull.head} ${rules.policies.digest}`;
  if (memory.tried.get(id) === looked) return false;
  memory.tried.set(id, looked);
  return (await rulesChanged(repository, rules, pull.head)).length > 0;
}

async function start({ deps, repository }: Session, item: Item): Promise<void> {
  await deps.queue.enqueue({
    queue: 'agent',
    key: `${repository.ref.full_name}#policies/${item.id}`,
    data: { repository: { ...repository.ref }, item: item.id, task: POLICY_TRIAL },
  });
}
