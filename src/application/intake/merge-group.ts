import { itemOfPullRequest } from '../../domain/work-item/state.ts';
import { isQueued } from '../effects/waiting.ts';
import type { Session } from '../session.ts';
import { handled, ignored, type Absorbed } from './absorbed.ts';
import type { MergeGroupStimulus } from './stimulus.ts';

const HEADS = 'refs/heads/';

/**
 * The queue asks whether a group may be merged, or says that a group is over. Told twice or in the wrong order nothing else
 * follows: a group is answered once under its head, and what became of a pull request is asked of GitHub.
 */
export function absorbMergeGroup(session: Session, stimulus: MergeGroupStimulus): Absorbed {
  const { base_ref, repository } = stimulus;
  const branch = base_ref.startsWith(HEADS) ? base_ref.slice(HEADS.length) : base_ref;
  if (branch !== repository.default_branch) return ignored('not into the default branch');
  if (stimulus.kind === 'merge_group.destroyed') return lookAtQueued(session);
  return answerForGroup(session, stimulus);
}

function lookAtQueued(session: Session): Absorbed {
  const queued = Object.values(session.state.intents).filter(isQueued);
  for (const { item } of queued) session.dirty.add(item);
  return queued.length === 0
    ? ignored('nothing of ours is in the merge queue')
    : handled('what is in the merge queue is looked at again');
}

function answerForGroup(
  session: Session,
  { head, head_ref, base, delivery }: MergeGroupStimulus,
): Absorbed {
  // A repository without policies has not asked Assent to speak.
  if (session.rules.kind === 'sound' && session.rules.policies.rules.length === 0)
    return ignored('there are no policies to answer by');
  const number = Number(/\/pr-(\d+)-/.exec(head_ref)?.[1] ?? Number.NaN);
  const item = itemOfPullRequest(session.state, number)?.id ?? '';
  return askOfGroup(session, { head, base, item, delivery })
    ? handled('the merge group is judged')
    : ignored('this merge group is answered already');
}

/** Means to answer for a group, once. */
export function askOfGroup(
  session: Session,
  given: {
    readonly head: string;
    readonly base: string;
    readonly item: string;
    readonly delivery: string | null;
  },
): boolean {
  const { head, base, item, delivery } = given;
  const slot = `check/${head}`;
  const key = `group/${head}`;
  if (session.state.written[slot] !== undefined || session.state.intents[key] !== undefined)
    return false;
  const payload = { head, base, slot, group: true };
  const intend = { kind: 'intend', item, key, effect: 'check.report', payload } as const;
  return session.give(intend, undefined, delivery).ok;
}
