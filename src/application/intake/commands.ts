import { commandsIn } from '../../domain/approval/command.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { act, isVerb, nearestVerb } from './acts.ts';
import type { Session } from '../session.ts';
import type { CommentStimulus } from './stimulus.ts';

/**
 * Carries out the commands of a new comment, as it stands on GitHub now. null: it holds none. The answer is a line in the
 * item's one comment, never a comment of its own.
 */
export async function obeyComment(
  session: Session,
  item: Item | undefined,
  stimulus: CommentStimulus,
): Promise<string | null> {
  const lines = commandsIn(stimulus.body);
  if (lines.length === 0) return null;
  const comments = await session.repository.host.comments(stimulus.number);
  const comment = comments.find(({ id }) => id === stimulus.comment);
  if (
    comment === undefined ||
    comment.edited_at !== null ||
    comment.user.id !== stimulus.sender.id
  ) {
    return 'the comment is gone, was edited, or is not by its sender';
  }
  const results: string[] = [];
  for (const { verb, rest } of commandsIn(comment.body)) {
    if (!isVerb(verb)) {
      const nearest = nearestVerb(verb);
      const text = `there is no \`/assent ${verb}\`; did you mean \`/assent ${nearest}\`?`;
      if (item !== undefined) {
        session.give({ kind: 'notify', item: item.id, to: comment.user.login, text });
      }
      results.push(text);
      continue;
    }
    const { user: person, at } = comment;
    const meant = about(session, item, rest);
    const { delivery, number: place } = stimulus;
    const given = { verb, rest: meant.rest, person, delivery, place, at };
    results.push((await act(session, meant.item, given)).text);
  }
  return results.join('; ');
}

/** `/assent retry cycle-3`, said anywhere: a cycle without a pull request has no conversation of its own. */
function about(
  session: Session,
  item: Item | undefined,
  rest: string,
): { readonly item: Item | undefined; readonly rest: string } {
  const [, id = '', more = ''] = /^(cycle-\d+)\b\s*(.*)$/s.exec(rest) ?? [];
  const cycle = session.item(id);
  return cycle === undefined ? { item, rest } : { item: cycle, rest: more };
}
