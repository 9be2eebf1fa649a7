import type { ReviewThreadFacts } from '../../ports/code-host.ts';
import { ACTOR_FIELDS, fromActor, type GraphqlActor } from './accounts.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { allNodes, type Connection } from './graphql.ts';

interface Thread {
  readonly isResolved: boolean;
  readonly resolvedBy: GraphqlActor | null;
  readonly comments: {
    readonly nodes:
      | readonly ({
          readonly author: GraphqlActor | null;
          readonly body: string;
          readonly isMinimized: boolean;
        } | null)[]
      | null;
  };
}

interface ThreadsAnswer {
  readonly repository: {
    readonly pullRequest: { readonly reviewThreads: Connection<Thread> } | null;
  } | null;
}

/** Only GraphQL tells whether a conversation was resolved, and by whom. */
const THREADS = `query Threads($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved resolvedBy { __typename login databaseId }
          comments(first: 1) { nodes { author { ${ACTOR_FIELDS} } body isMinimized } }
        }
      }
    }
  }
}`;

export async function reviewThreads(
  context: RepositoryContext,
  pull: number,
): Promise<readonly ReviewThreadFacts[]> {
  const found = await allNodes(`review threads of ${numbered(context, pull)}`, async (after) => {
    const answer = await context
      .client('query')
      .graphql<ThreadsAnswer>(THREADS, { ...context.at, number: pull, after });
    return answer.repository?.pullRequest?.reviewThreads;
  });
  return found.map(toThread);
}

function toThread({ isResolved, resolvedBy, comments }: Thread): ReviewThreadFacts {
  const first = comments.nodes?.[0] ?? null;
  return {
    resolved: isResolved,
    resolved_by: resolvedBy === null ? null : fromActor(resolvedBy),
    first:
      first === null
        ? null
        : { user: fromActor(first.author), body: first.body, hidden: first.isMinimized },
  };
}
