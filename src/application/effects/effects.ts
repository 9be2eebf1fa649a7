import type { Result } from '../../domain/result.ts';
import { refuse } from '../../domain/result.ts';
import type { Intent } from '../../domain/work-item/state.ts';
import { carryOut, type Receipt } from './carry-out.ts';
import { isPresentation, settle } from './effect-outcomes.ts';
import type { Session } from '../session.ts';
import { isStopComing } from '../intake/stop-sign.ts';

/** Carries out what is intended and due, in the order it was decided. Says whether anything but presentation happened. */
export async function perform(session: Session): Promise<boolean> {
  let moved = false;
  for (const key of Object.keys(session.state.intents)) {
    const intent = session.state.intents[key];
    if (intent === undefined || intent.uncertain || !isDue(session, intent)) continue;
    if (isStopped(session, intent)) continue;
    if (!isPresentation(intent) && (await isStopComing(session))) {
      session.interrupted = true;
      return moved;
    }
    const outcome = await attempt(session, intent);
    if (settle(session, intent, outcome)) moved = true;
  }
  return moved;
}

const isDue = (session: Session, { not_before }: Intent): boolean =>
  not_before === null || not_before <= session.deps.now();

/** Law 9: looked at before each effect. What only tells people how things stand goes on, so that they see the halt. */
function isStopped(session: Session, intent: Intent): boolean {
  if (isPresentation(intent)) return false;
  return session.state.control.halted !== null || session.item(intent.item)?.held != null;
}

/** What has ended is told of and cleaned up after; nothing else is begun for it. */
const isWanted = (session: Session, intent: Intent): boolean =>
  intent.item === '' ||
  session.item(intent.item) !== undefined ||
  isPresentation(intent) ||
  intent.kind === 'branch.delete';

async function attempt(session: Session, intent: Intent): Promise<Result<Receipt> | Error> {
  try {
    if (!isWanted(session, intent)) {
      return refuse('item.not_open', `${intent.item} has ended: nothing more is done for it`);
    }
    return await session.deps.attribute(intent.item, () => carryOut(session, intent));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
