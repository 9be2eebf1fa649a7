import { commandsIn } from '../approval/command.ts';
import { needsOf } from './needs.ts';
import type { CommentFacts, EvidenceFacts, PolicyRequest } from './request.ts';
import type { PolicySet } from './rules.ts';

/**
 * The request without what these policies cannot read, so that a history of verdicts does not become a copy of every
 * conversation: the same policies say the same of it, to the last reason. `unanswered` tells whether others can be asked.
 */
export function slim(policies: PolicySet, request: PolicyRequest): PolicyRequest {
  const needs = needsOf(policies);
  return {
    ...request,
    pull_request: needs.bodies ? request.pull_request : withoutBody(request.pull_request),
    issue: needs.bodies ? request.issue : withoutBody(request.issue),
    evidence: needs.bodies || needs.evidence ? request.evidence : slimEvidence(request.evidence),
  };
}

const withoutBody = <T extends { readonly body: string }>(item: T | null): T | null =>
  item === null ? null : { ...item, body: '' };

const slimEvidence = (evidence: EvidenceFacts): EvidenceFacts => ({
  ...evidence,
  reviews: evidence.reviews.map((review) => ({ ...review, body: '' })),
  comments: evidence.comments.flatMap(commandsAlone),
});

/** A paragraph to each: a mark of code left open in one line must not run into the next and take its command away. */
function commandsAlone(comment: CommentFacts): readonly CommentFacts[] {
  const lines = commandsIn(comment.body).map(({ verb, rest }) => `/assent ${verb} ${rest}`.trim());
  return lines.length === 0 ? [] : [{ ...comment, body: lines.join('\n\n') }];
}
