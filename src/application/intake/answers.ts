import { reaches } from '../../domain/approval/people.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import { cap, stripHidden } from '../../domain/text.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { permissionOf } from '../decisions/people.ts';
import type { Session } from '../session.ts';
import { humanActor } from './merge-by-hand.ts';
import type { CommentStimulus } from './stimulus.ts';

/** In characters: it stands in the history, and is told to a program. */
const LONGEST_ANSWER = 4_000;

/**
 * A comment as the answer to an agent's question, as it stands on GitHub now. From whoever may write: it steers what is done in
 * the repository's name, which an author from outside may not.
 */
export async function answerAgent(
  session: Session,
  item: Item,
  { sender, delivery, comment: id, number }: CommentStimulus,
): Promise<Result<string>> {
  if (!reaches(await permissionOf(session, sender), 'write')) {
    return refuse('answer.permission', 'an answer is awaited from somebody who may write');
  }
  const comments = await session.repository.host.comments(number);
  const comment = comments.find((one) => one.id === id);
  if (comment === undefined || comment.user.id !== sender.id || comment.edited_at !== null) {
    return refuse('answer.gone', 'the comment is gone, was edited, or is not by its sender');
  }
  const answer = cap(stripHidden(comment.body).text.trim(), LONGEST_ANSWER);
  const given = { comment: id, answer };
  const taken = session.give(
    { kind: 'answer_question', item: item.id, given },
    humanActor(sender),
    delivery,
  );
  return taken.ok
    ? ok(`${item.id}: the question of the ${item.asked_by ?? 'agent'} was answered`)
    : taken;
}
