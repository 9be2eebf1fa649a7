import type { Refusal, Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import { act, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';

interface OurComment {
  readonly id: number;
  readonly body: string;
}

/** One comment of ours for a marker: found again, edited in place, left alone when it says the same already. */
export async function upsertComment(
  context: RepositoryContext,
  remembered: Map<string, number>,
  number: number,
  marker: string,
  body: string,
): Promise<Result<{ readonly id: number; readonly changed: boolean }>> {
  const hidden = hiddenMarker(marker);
  const marked = body.includes(hidden) ? body : `${body}\n\n${hidden}`;
  const key = `${number} ${hidden}`;
  const ours =
    (await rememberedComment(context, remembered.get(key), hidden)) ??
    (await findOurComment(context, number, hidden));
  if (ours !== null) remembered.set(key, ours.id);
  if (ours !== null && sameText(ours.body, marked)) return ok({ id: ours.id, changed: false });

  const written = await act(
    `comment on ${numbered(context, number)}`,
    () => write(context, number, ours, marked),
    (status, message) => refusal(context, number, status, message),
  );
  if (written.ok) remembered.set(key, written.value.id);
  return written;
}

/** A bare key inside another (`issue-1` in `issue-12`) would find the wrong comment; a closed HTML comment does not. */
export const hiddenMarker = (marker: string): string =>
  marker.startsWith('<!--') ? marker : `<!-- assent:${marker} -->`;

/** GitHub gives line ends back as it likes, and drops white space at the end. */
const sameText = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();

/** Saves reading a long conversation to its end; asked again because people delete comments. */
async function rememberedComment(
  context: RepositoryContext,
  id: number | undefined,
  hidden: string,
): Promise<OurComment | null> {
  if (id === undefined) return null;
  const found = await askOrNull(`comment ${id} of ${context.ref.full_name}`, [404, 410], () =>
    context.client('observe').issues.getComment({ ...context.at, comment_id: id }),
  );
  const body = found?.data.body ?? '';
  return body.includes(hidden) ? { id, body } : null;
}

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
  ours: OurComment | null,
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
