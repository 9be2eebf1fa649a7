import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { ReviewDraft, ReviewFacts } from '../../ports/code-host.ts';
import { act } from './call.ts';
import { hiddenMarker } from './comments.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { pullRequestWithEvidence } from './evidence-at-once.ts';

const MARKER = hiddenMarker('review');

/** One review of ours for a head. Asked for again, it gives the one that is there. */
export async function publishReview(
  context: RepositoryContext,
  draft: ReviewDraft,
): Promise<Result<{ readonly id: number }>> {
  const item = numbered(context, draft.pull_request);
  const look = await pullRequestWithEvidence(context, draft.pull_request);
  if (look === null) return refuse('review.no_item', `There is no pull request ${item} to review.`);
  const self = await context.identity();
  const published = look.reviews.find(
    ({ user, commit, body }) =>
      user.id === self.id && commit === draft.head && body.includes(MARKER),
  );
  if (published !== undefined) {
    await takeBack(context, draft, look.reviews, self.id);
    return ok({ id: published.id });
  }
  const { head, author } = look.pull_request;
  if (head !== draft.head)
    return refuse(
      'review.head_moved',
      `The review is of ${draft.head}; the head of ${item} is ${head} now. Review that.`,
    );
  // GitHub lets nobody request changes of himself; our reviewer's words on our contributor's work go as a comment.
  const event = author.id === self.id ? 'COMMENT' : draft.event;
  const submitted = await submit(context, { ...draft, event });
  if (submitted.ok) await takeBack(context, draft, look.reviews, self.id);
  return submitted;
}

/** A comment leaves an earlier request for changes standing, and a protected branch would wait for it for good. */
async function takeBack(
  context: RepositoryContext,
  draft: ReviewDraft,
  reviews: readonly ReviewFacts[],
  selfId: number,
): Promise<void> {
  if (draft.event !== 'COMMENT') return;
  const ours = reviews.filter(
    ({ user, state, commit, body }) =>
      user.id === selfId &&
      state === 'changes_requested' &&
      commit !== draft.head &&
      body.includes(MARKER),
  );
  for (const { id } of ours) {
    await act(
      `dismissal of our review ${id}`,
      async () => {
        await context.client('propose').pulls.dismissReview({
          ...context.at,
          pull_number: draft.pull_request,
          review_id: id,
          message: `What it asked for is settled or gone at ${draft.head.slice(0, 7)}.`,
        });
      },
      // Where only some may dismiss, people take it from here: the review that follows says how things stand.
      (status, message) =>
        [403, 404, 422].includes(status) ? { code: 'review.not_dismissed', message } : null,
    );
  }
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
        // The last place before GitHub, whatever came this far: an agent's word is never an approval (law 4).
        event: draft.event === 'REQUEST_CHANGES' ? 'REQUEST_CHANGES' : 'COMMENT',
        body: `${draft.body}\n\n${MARKER}`,
        comments: draft.comments.map(({ start_line, ...comment }) => ({
          ...comment,
          ...(start_line < comment.line ? { start_line, start_side: comment.side } : {}),
        })),
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
