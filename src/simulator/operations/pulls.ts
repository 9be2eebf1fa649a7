import type { Doer } from '../actor.ts';
import { invalidField, unprocessable } from '../errors.ts';
import type { GitHubRefusal } from '../errors.ts';
import type { PullIssue, PullRecord, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import { fullName, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { announcePull } from './announce.ts';
import { record } from './events.ts';
import { addIssue, checkBody, checkTitle, closeIssue } from './issues.ts';

export async function createPull(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: { title: string; body: string | null; head: string; base: string; draft: boolean },
): Promise<PullIssue> {
  checkTitle('PullRequest', input.title);
  checkBody('PullRequest', input.body);
  const head = headBranch(repository, input.head);
  const { git } = repository;
  const [headSha, baseSha] = await Promise.all([git.branch(head), git.branch(input.base)]);
  if (headSha === null) throw invalidField('PullRequest', 'head', 'invalid');
  if (baseSha === null) throw invalidField('PullRequest', 'base', 'invalid');
  if (await git.isAncestor(headSha, baseSha)) {
    throw custom(`No commits between ${input.base} and ${head}`);
  }
  const rival = pullsOf(repository).find(
    (one) => one.state === 'open' && one.pull.headRef === head && one.pull.baseRef === input.base,
  );
  if (rival !== undefined) {
    throw custom(`A pull request already exists for ${repository.owner.login}:${head}.`);
  }
  const pull: PullRecord = {
    id: world.id(),
    headRef: head,
    headSha,
    baseRef: input.base,
    baseSha,
    draft: input.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    maintainerCanModify: false,
    requestedReviewers: [],
    reviews: [],
    reviewComments: [],
  };
  const issue = addIssue(world, repository, by, { title: input.title, body: input.body, pull });
  if (!isPull(issue)) throw new Error('A pull request was made without its pull side.');
  await git.updateRefs([{ ref: `refs/pull/${issue.number}/head`, before: null, after: headSha }]);
  announcePull(world, repository, by, 'opened', issue);
  return issue;
}

const custom = (message: string): GitHubRefusal =>
  unprocessable('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);

/** `OWNER:branch` or `branch`. The simulator has no forks. */
function headBranch(repository: RepositoryRecord, head: string): string {
  const colon = head.indexOf(':');
  if (colon < 0) return head;
  const owner = head.slice(0, colon);
  if (owner.toLowerCase() !== repository.owner.login.toLowerCase()) {
    throw invalidField(
      'PullRequest',
      'head',
      'invalid',
      `${fullName(repository)} has no forks here.`,
    );
  }
  return head.slice(colon + 1);
}

export async function editPull(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  input: { title?: string; body?: string | null; base?: string },
): Promise<void> {
  const changes: Record<string, unknown> = {};
  if (input.title !== undefined && input.title !== issue.title) {
    checkTitle('PullRequest', input.title);
    changes['title'] = { from: issue.title };
    record(world, repository, by, issue, 'renamed', {
      kind: 'rename',
      from: issue.title,
      to: input.title,
    });
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    checkBody('PullRequest', input.body);
    changes['body'] = { from: issue.body ?? '' };
    issue.body = input.body;
    issue.lastEditedAt = world.time();
    issue.updatedAt = issue.lastEditedAt;
  }
  if (input.base !== undefined && input.base !== issue.pull.baseRef) {
    const baseSha = await repository.git.branch(input.base);
    if (baseSha === null || issue.state === 'closed')
      throw invalidField('PullRequest', 'base', 'invalid');
    changes['base'] = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
    issue.pull.baseRef = input.base;
    issue.pull.baseSha = baseSha;
    record(world, repository, by, issue, 'base_ref_changed');
  }
  if (Object.keys(changes).length > 0) {
    announcePull(world, repository, by, 'edited', issue, { changes });
  }
}

export async function setPullState(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  state: 'open' | 'closed',
): Promise<void> {
  if (issue.state === state) return;
  if (state === 'closed') {
    closeIssue(world, repository, by, issue, null);
    return;
  }
  const headSha = await repository.git.branch(issue.pull.headRef);
  if (issue.pull.mergedAt !== null || headSha === null) {
    throw unprocessable('Validation Failed', [
      {
        resource: 'PullRequest',
        field: 'state',
        code: 'invalid',
        message: `state cannot be changed. The ${issue.pull.headRef} branch was ${headSha === null ? 'deleted' : 'merged'}.`,
      },
    ]);
  }
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.pull.headSha = headSha;
  record(world, repository, by, issue, 'reopened');
  announcePull(world, repository, by, 'reopened', issue);
}

export function setDraft(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  draft: boolean,
): void {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  record(world, repository, by, issue, draft ? 'convert_to_draft' : 'ready_for_review');
  announcePull(world, repository, by, draft ? 'converted_to_draft' : 'ready_for_review', issue);
}
