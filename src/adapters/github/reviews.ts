import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { ReviewDraft } from '../../ports/code-host.ts';
import { act, ask } from './call.ts';
import { hiddenMarker } from './comments.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { pullRequestDetail } from './pull-requests.ts';

const MARKER = hiddenMarker('review');

/** One review of ours for a head. Asked for again, it gives the one that is there. */
export async function publishReview(
  context: RepositoryContext,
  draft: ReviewDraft,
): Promise<Result<{ readonly id: number }>> {
  const item = numbered(context, draft.pull_request);
  const pull = await pullRequestDetail(context, draft.pull_request);
  if (pull === null) return refuse('review.no_item', `There is no pull request ${item} to review.`);
  const published = await findOurs(context, draft);
  if (published !== null) return ok({ id: published });
  if (pull.head.sha !== draft.head)
    return refuse(
      'review.head_moved',
      `The review is of ${draft.head}; the head of ${item} is ${pull.head.sha} now. Review that.`,
    );
  const self = await context.identity();
  // GitHub lets nobody request changes of himself; our reviewer's words on our contributor's work go as a comment.
  const event = pull.user?.id === self.id ? 'COMMENT' : draft.event;
  return submit(context, { ...draft, event });
}

async function findOurs(context: RepositoryContext, draft: ReviewDraft): Promise<number | null> {
  const self = await context.identity();
  const client = context.client('observe');
  const all = await ask(`reviews of ${numbered(context, draft.pull_request)}`, () =>
    client.paginate(client.pulls.listReviews, {
      ...context.at,
      pull_number: draft.pull_request,
      per_page: 100,
    }),
  );
  const ours = all.find(
    (review) =>
      review.user?.id === self.id &&
      review.commit_id === draft.head &&
      review.body.includes(MARKER),
  );
  return ours?.id ?? null;
}

async function submit(
  context: RepositoryContext,
  draft: ReviewDraft,
): Promise<Result<{ readonly id: number }>> {
  const sent = await create(context, draft);
  const misplaced = !sent.ok && sent.refusal.code === 'review.refused' && draft.comments.length > 0;
  // GitHub refuses the whole review for one comment on a line outside of the diff. Told in the body, nothing is lost.
  return misplaced ? create(context, withCommentsInBody(draft)) : sent;
}

async function create(
  context: RepositoryContext,
  draft: ReviewDraft,
): Promise<Result<{ readonly id: number }>> {
  const item = numbered(context, draft.pull_request);
  return act(
    `review of ${item}`,
    async () => {
      const { data } = await context.client('propose').pulls.createReview({
        ...context.at,
        pull_number: draft.pull_request,
        commit_id: draft.head,
        event: draft.event,
        body: `${draft.body}\n\n${MARKER}`,
        comments: draft.comments.map((comment) => ({ ...comment, side: 'RIGHT' })),
      });
      return { id: data.id };
    },
    (status, message) => {
      if (status === 404) return { code: 'review.no_item', message: `There is no ${item}.` };
      if (status === 422)
        return {
          code: 'review.refused',
          message: `GitHub refused the review of ${item}: ${message}`,
        };
      return null;
    },
  );
}

const withCommentsInBody = (draft: ReviewDraft): ReviewDraft => ({
  ...draft,
  body: [
    draft.body,
    ...draft.comments.map(({ path, line, body }) => `**${inCode(path)}, line ${line}**\n\n${body}`),
  ].join('\n\n'),
  comments: [],
});

/** A path is the contributor's text: no backtick of its own may end the code span. */
const inCode = (path: string): string => `\`${path.replaceAll('`', "'")}\``;
