import type { Simulator } from '../face.ts';
import { pullRequest } from './github.ts';
import type { Answer, GitHub } from './github.ts';

/** A form as it was posted: the first text of each name. */
export type Form = Readonly<Record<string, string>>;

export interface Item {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
}

interface Act {
  /** What is said when it is done. */
  readonly done: string;
  readonly act: (gitHub: GitHub, item: Item, form: Form) => Promise<Answer<null>>;
}

const readyMutation =
  'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';

const issueOf = ({ repository, number }: Item): string => `/repos/${repository}/issues/${number}`;
const pullOf = ({ repository, number }: Item): string => `/repos/${repository}/pulls/${number}`;

/** What the forms of an issue or pull request do, each by one call of GitHub's REST or GraphQL. */
export const acts: Readonly<Record<string, Act>> = {
  comment: {
    done: 'Commented.',
    act: (gitHub, item, { body = '' }) => gitHub.act('POST', `${issueOf(item)}/comments`, { body }),
  },
  label: {
    done: 'Label added.',
    act: (gitHub, item, { label = '' }) =>
      gitHub.act('POST', `${issueOf(item)}/labels`, { labels: [label] }),
  },
  unlabel: {
    done: 'Label removed.',
    act: (gitHub, item, { label = '' }) =>
      gitHub.act('DELETE', `${issueOf(item)}/labels/${encodeURIComponent(label)}`),
  },
  state: {
    done: 'Done.',
    act: (gitHub, item, { state = '' }) => gitHub.act('PATCH', issueOf(item), { state }),
  },
  review: {
    done: 'Reviewed.',
    act: (gitHub, item, { body = '', event = '', commit = '' }) =>
      gitHub.act('POST', `${pullOf(item)}/reviews`, { body, event, commit_id: commit }),
  },
  dismiss: {
    done: 'Review dismissed.',
    act: (gitHub, item, { review = '', message = '' }) =>
      gitHub.act('PUT', `${pullOf(item)}/reviews/${encodeURIComponent(review)}/dismissals`, {
        message,
      }),
  },
  merge: {
    done: 'Merged.',
    act: (gitHub, item, { sha = '', method = 'merge' }) =>
      gitHub.act('PUT', `${pullOf(item)}/merge`, { sha, merge_method: method }),
  },
  ready: {
    done: 'Ready for review.',
    act: (gitHub, _item, { node = '' }) =>
      gitHub.act('POST', '/graphql', { query: readyMutation, variables: { id: node } }),
  },
  edit: {
    done: 'Pushed.',
    act: async (gitHub, item, { path = '', sha = '', branch = '', message = '', content = '' }) => {
      // Asked here, not posted: the branch may be a fork's.
      const found = await gitHub.get(pullOf(item), pullRequest);
      if (!found.ok) return found;
      const { repo } = found.value.head;
      if (repo === null) return { ok: false, refusal: 'the fork was deleted' };
      return gitHub.act(
        'PUT',
        `/repos/${repo.full_name}/contents/${path.split('/').map(encodeURIComponent).join('/')}`,
        {
          message,
          sha,
          branch,
          // Forms send CRLF whatever the file had; repositories hold LF.
          content: Buffer.from(content.replaceAll('\r\n', '\n'), 'utf8').toString('base64'),
        },
      );
    },
  },
};

export function fileIssue(
  gitHub: GitHub,
  repository: string,
  { title = '', body = '' }: Form,
): Promise<Answer<null>> {
  return gitHub.act('POST', `/repos/${repository}/issues`, { title, body });
}

export const forkRepository = (gitHub: GitHub, repository: string): Promise<Answer<null>> =>
  gitHub.act('POST', `/repos/${repository}/forks`, {});

export const openPullRequest = (
  gitHub: GitHub,
  repository: string,
  { title = '', body = '', head = '', base = '' }: Form,
): Promise<Answer<null>> =>
  gitHub.act('POST', `/repos/${repository}/pulls`, { title, body, head, base });

export const faultActs: Readonly<Record<string, (simulator: Simulator) => void>> = {
  duplicate: ({ faults }) => {
    faults.duplicateDeliveries += 1;
  },
  drop: ({ faults }) => {
    faults.dropDeliveries += 1;
  },
  reorder: ({ faults }) => {
    faults.reorderDeliveries = 2;
  },
  // Only the App's: this page asks by REST too, and would use the fault up.
  outage: ({ faults, app }) => faults.failRequests({ status: 502, count: 1, actor: app.slug }),
  none: ({ faults }) => faults.reset(),
};
