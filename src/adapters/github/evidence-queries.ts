import type { MilestoneRef } from '../../ports/code-host.ts';
import { ACTOR_FIELDS, type GraphqlActor } from './accounts.ts';
import { COMMENT_FIELDS, REVIEW_FIELDS, type Comment, type Review } from './evidence.ts';
import type { Connection } from './graphql.ts';

const PAGE = 'pageInfo { hasNextPage endCursor }';

/** In both kinds of item. */
const COMMON = `number title body author { ${ACTOR_FIELDS} } milestone { number title }
  labels(first: 100) { ${PAGE} nodes { name } }
  comments(first: 100) { ${PAGE} nodes { ${COMMENT_FIELDS} } }
  timelineItems(first: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) { ${PAGE} nodes {
    __typename
    ... on LabeledEvent { actor { ${ACTOR_FIELDS} } createdAt label { name } }
    ... on UnlabeledEvent { actor { ${ACTOR_FIELDS} } createdAt label { name } }
  } }`;

export const ISSUE = `query IssueEvidence($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) { ${COMMON} state createdAt updatedAt }
  }
}`;

export const PULL_REQUEST = `query PullRequestEvidence($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) { ${COMMON}
      state merged mergedAt mergedBy { ${ACTOR_FIELDS} } mergeCommit { oid } isDraft
      headRefOid headRefName headRepository { nameWithOwner } baseRefOid baseRefName
      retargets: timelineItems(last: 1, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) { nodes {
        ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt }
      } }
      forcePushes: timelineItems(last: 50, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
        pageInfo { hasPreviousPage } nodes { ... on HeadRefForcePushedEvent { createdAt afterCommit { oid } } }
      }
      reviews(first: 100) { ${PAGE} nodes { ${REVIEW_FIELDS} } }
      commits(first: 100) { ${PAGE} totalCount nodes { commit {
        oid parents(first: 100) { nodes { oid } }
        author { email user { login databaseId } } committer { email user { login databaseId } }
      } } }
    }
  }
}`;

interface Named {
  readonly name: string;
}

export interface LabelEvent {
  readonly __typename: string;
  readonly actor: GraphqlActor | null;
  readonly createdAt: string;
  readonly label: Named;
}

export interface Common {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: GraphqlActor | null;
  readonly milestone: MilestoneRef | null;
  readonly labels: Connection<Named> | null;
  readonly comments: Connection<Comment>;
  readonly timelineItems: Connection<LabelEvent>;
}

export interface Issue extends Common {
  readonly state: 'OPEN' | 'CLOSED';
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Signature {
  readonly email: string | null;
  readonly user: { readonly login: string; readonly databaseId: number | null } | null;
}

export interface Commit {
  readonly oid: string;
  readonly parents: { readonly nodes: readonly ({ readonly oid: string } | null)[] | null };
  readonly author: Signature | null;
  readonly committer: Signature | null;
}

export interface ForcePushes {
  readonly pageInfo: { readonly hasPreviousPage: boolean };
  readonly nodes:
    | readonly ({
        readonly createdAt: string;
        readonly afterCommit: { readonly oid: string } | null;
      } | null)[]
    | null;
}

export interface PullRequest extends Common {
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly merged: boolean;
  readonly mergedAt: string | null;
  readonly mergedBy: GraphqlActor | null;
  readonly mergeCommit: { readonly oid: string } | null;
  readonly isDraft: boolean;
  readonly headRefOid: string;
  readonly headRefName: string;
  readonly headRepository: { readonly nameWithOwner: string } | null;
  readonly baseRefOid: string;
  readonly baseRefName: string;
  readonly retargets: { readonly nodes: readonly ({ readonly createdAt: string } | null)[] | null };
  readonly forcePushes: ForcePushes;
  readonly reviews: Connection<Review> | null;
  readonly commits: Connection<{ readonly commit: Commit }> & { readonly totalCount: number };
}
