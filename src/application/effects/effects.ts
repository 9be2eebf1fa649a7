import type { Result } from '../../domain/result.ts';
import { refuse } from '../../domain/result.ts';
import { isStopped, type Intent } from '../../domain/work-item/state.ts';
import { carryOut } from './carry-out.ts';
import { StoppedError } from './stopped.ts';
import { isPresentation, settle } from './effect-outcomes.ts';
import { text } from './intent-payload.ts';
import { isOurs, openFromBranch } from './own-pull-request.ts';
import { leaveQueue } from './merge.ts';
import type { Receipt } from './receipt.ts';
import { isDue, isQueued, type Waiting } from './waiting.ts';
import type { Session } from '../session.ts';
import { isEditedBeforeProposed, returnBeforeProposed } from '../decisions/plan-digest.ts';
import { isStopComing } from '../intake/stop-sign.ts';

/** Carries out what is intended and due, in the order it was decided. Says whether anything but presentation happened. */
export async function perform(session: Session): Promise<boolean> {
  let moved = false;
  for (const key of Object.keys(session.state.intents)) {
    const intent = session.state.intents[key];
    if (intent === undefined || intent.uncertain) continue;
    if (isHeldBack(session, intent)) {
      await takeOutOfQueue(session, intent);
      continue;
    }
    if (!isDue(session, intent)) continue;
    if (!isPresentation(intent) && (await isStopComing(session))) {
      session.interrupted = true;
      return moved;
    }
    // A merge looks at everything anew; what is news after that came after it.
    if (intent.kind === 'pull_request.merge') session.dirty.delete(intent.item);
    const outcome = await attempt(session, intent);
    if (outcome === 'dropped') {
      moved = true;
      continue;
    }
    if (outcome instanceof StoppedError) {
      session.interrupted = true;
      return moved;
    }
    if (settle(session, intent, outcome)) moved = true;
  }
  return moved;
}

/** Law 9: looked at before each effect. What only tells people how things stand goes on, so that they see the halt. */
export const isHeldBack = ({ state }: Session, intent: Intent): boolean =>
  !isPresentation(intent) && isStopped(state, intent.item);

/** GitHub's queue goes on by itself, so a halt has to reach it: what is in it would be merged all the same. */
async function takeOutOfQueue(session: Session, intent: Intent): Promise<void> {
  if (!isQueued(intent)) return;
  const { key } = intent;
  const reason = 'taken out of the merge queue: nothing is done while it is stopped';
  try {
    const out = await leaveQueue(session, intent);
    if (!out.ok) session.deps.log.warn({ key, ...out.refusal }, 'still in the merge queue');
    else session.give({ kind: 'effect_retried', key, reason, retry_at: session.deps.now() });
  } catch (error) {
    // Looked at again with the next wake-up; until then the group's check, which is never green now, holds it back.
    session.deps.log.warn({ key, err: error }, 'still in the merge queue');
  }
}

/** What has ended is told of and cleaned up after; nothing else is begun for it. */
const isWanted = (session: Session, intent: Intent): boolean =>
  intent.item === '' ||
  session.item(intent.item) !== undefined ||
  isPresentation(intent) ||
  intent.kind === 'branch.delete';

/** Its item goes back to where it is read, which drops the intent: whoever approved the plan approved it for another text. */
async function isFoundationGone(session: Session, { item: id, kind, payload }: Intent) {
  const item = session.item(id);
  if (kind !== 'pull_request.open' || item === undefined) return false;
  if (!(await isEditedBeforeProposed(session, item))) return false;
  // Opened before that, and its receipt was lost: it is there, and nobody would know of it.
  const open = await openFromBranch(session, text(payload, 'branch'));
  const [there] = open.filter(({ head }) => head === payload['sha']);
  const isThere = there !== undefined && (await isOurs(session, there));
  return !isThere && (await returnBeforeProposed(session, item));
}

async function attempt(
  session: Session,
  intent: Intent,
): Promise<Result<Receipt> | Waiting | 'dropped' | Error> {
  try {
    if (!isWanted(session, intent)) {
      const out = await leaveQueue(session, intent);
      if (!out.ok) return new Error(out.refusal.message);
      return refuse('item.not_open', `${intent.item} has ended: nothing more is done for it`);
    }
    if (await isFoundationGone(session, intent)) return 'dropped';
    return await session.deps.attribute(intent.item, () => carryOut(session, intent));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
