import { reaches } from '../../domain/approval/people.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { CommentFacts } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';
import { permissionOf } from './people.ts';

/** An answer that stands on GitHub and whose news never came: the first since `asked`, of the author or of whoever may write. */
export async function unheardAnswer(
  session: Session,
  item: Item,
  asked: string,
): Promise<CommentFacts | null> {
  const look = await session.looks.issue(item.number);
  const since = (look?.comments ?? []).filter(
    ({ at, user }) => user.type === 'User' && Date.parse(at) > Date.parse(asked),
  );
  for (const comment of since) {
    if (comment.user.id === item.author?.id) return comment;
    if (reaches(await permissionOf(session, comment.user), 'write')) return comment;
  }
  return null;
}
