import type { Refusal, Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import { act, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';

interface OurComment {
  readonly id: number;
  readonly body: string;
}

/** By number and marker: the comment as we wrote or saw it last. */
export type RememberedComments = Map<string, OurComment>;

/** One comment of ours for a marker: found again, edited in place, left alone when it says the same already. */
export async function upsertComment(
  context: RepositoryContext,
  remembered: RememberedComments,
  number: number,
  marker: string,
  body: string,
): Promise<Result<{ readonly id: number; readonly changed: boolean }>> {
  const hidden = hiddenMarker(marker);
  const marked = body.includes(hidden) ? body : `${body}\n\n${hidden}`;
  const key = `${number} ${hidden}`;
  const known = remembered.get(key);
  if (known !== undefined && !sameText(known.body, marked)) {
    const edited = await edit(context, number, known.id, marked);
    if (edited !== null) {
      if (edited.ok) remembered.set(key, { id: known.id, body: marked });
      return edited;
    }
  }
  // Nothing known, or gone since, or it may have been changed by others: only a look tells.
  const ours = await findOurComment(context, number, hidden);
  if (ours !== null && sameText(ours.body, marked)) {
    remembered.set(key, ours);
    return ok({ id: ours.id, changed: false });
  }
  const written = await act(
    `comment on ${numbered(context, number)}`,
    () => write(context, number, ours, marked),
    (status, message) => refusal(context, number, status, message),
  );
  if (written.ok) remembered.set(key, { id: written.value.id, body: marked });
  return written;
}

/** Without a look at it first: an edit says the same whatever stood there. null: somebody deleted it. */
async function edit(
  context: RepositoryContext,
  number: number,
  id: number,
  body: string,
): Promise<Result<{ readonly id: number; readonly changed: true }> | null> {
  const edited = await act(
    `comment on ${numbered(context, number)}`,
    () => write(context, number, { id }, body),
    (status, message) => refusal(context, number, status, message),
  );
  return !edited.ok && edited.refusal.code === 'comment.no_item' ? null : edited;
}

/** A bare key inside another (`issue-1` in `issue-12`) would find the wrong comment; a closed HTML comment does not. */
export const hiddenMarker = (marker: string): string =>
  marker.startsWith('<!--') ? marker : `<!-- assent:${marker} -->`;

/** GitHub gives line ends back as it likes, and drops white space at the end. */
const sameText = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();

/** Written by our own bot only: anybody can copy the marker. Of several (two crashes) the oldest. */
async function findOurComment(
  context: RepositoryContext,
  number: number,
  hidden: string,
): Promise<OurComment | null> {
  const self = await context.identity();
  const client = context.client('observe');
  const all = await askOrNull(`comments of ${numbered(context, number)}`, [404, 410], () =>
    client.paginate(client.issues.listComments, {
      ...context.at,
      issue_number: number,
      per_page: 100,
    }),
  );
  const ours = (all ?? [])
    .filter(({ user, body }) => user?.id === self.id && (body ?? '').includes(hidden))
    .map(({ id, body }) => ({ id, body: body ?? '' }));
  return ours.toSorted((a, b) => a.id - b.id)[0] ?? null;
}

async function write(
  context: RepositoryContext,
  number: number,
  ours: Pick<OurComment, 'id'> | null,
  body: string,
): Promise<{ readonly id: number; readonly changed: true }> {
  const { issues } = context.client('discuss');
  const { data } = await (ours === null
    ? issues.createComment({ ...context.at, issue_number: number, body })
    : issues.updateComment({ ...context.at, comment_id: ours.id, body }));
  return { id: data.id, changed: true };
}

function refusal(
  context: RepositoryContext,
  number: number,
  status: number,
  message: string,
): Refusal | null {
  const item = numbered(context, number);
  if (status === 404 || status === 410)
    return { code: 'comment.no_item', message: `There is no ${item} to comment on.` };
  if (status === 403 && /lock/i.test(message))
    return { code: 'comment.locked', message: `The conversation of ${item} is locked.` };
  if (status === 422)
    return {
      code: 'comment.refused',
      message: `GitHub refused the comment on ${item}: ${message}`,
    };
  return null;
}
