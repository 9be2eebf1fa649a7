import { triageIssues } from '../access.ts';
import { GraphQLRefusal } from '../errors.ts';
import { nodeId } from '../representations/common.ts';
import type { GraphQLContext } from './context.ts';
import { doerIn, requireIn } from './context.ts';
import { commentObject } from './objects.ts';
import { remarkByNode, remarkObject } from './review-threads.ts';

export interface MinimizeInput {
  readonly subjectId: string;
  readonly classifier: string;
  readonly clientMutationId?: string | null;
}

/** Hides a comment of an issue or a pull request: its author may, and the triage role. GitHub sends no webhook for it. */
export function minimizeComment(context: GraphQLContext, input: MinimizeInput) {
  for (const repository of context.world.repositories) {
    const remark = remarkByNode(repository, input.subjectId);
    const comment =
      remark?.comment ??
      [...repository.comments.values()].find(({ id }) => nodeId('comment', id) === input.subjectId);
    if (comment === undefined) continue;
    const own = comment.author.id === doerIn(context).account.id;
    const access = { ...triageIssues, role: own ? ('read' as const) : triageIssues.role };
    requireIn(context, repository, access, 'MinimizeComment');
    comment.minimized = input.classifier.toLowerCase();
    return {
      clientMutationId: input.clientMutationId ?? null,
      minimizedComment:
        'issue' in comment
          ? commentObject(context, repository, comment)
          : remarkObject(context, comment),
    };
  }
  throw new GraphQLRefusal(
    'NOT_FOUND',
    `Could not resolve to a node with the global id of '${input.subjectId}'.`,
  );
}
