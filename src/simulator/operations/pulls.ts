import type { Actor, Doer } from '../actor.ts';
import { invalidField, unprocessable } from '../errors.ts';
import type { GitHubRefusal } from '../errors.ts';
import type { PullIssue, PullRecord, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import { canSee, grantedRole, roleReaches } from '../permissions.ts';
import { headRepositoryOf, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { announcePull } from './announce.ts';
import { record } from './events.ts';
import { bringOver } from './forks.ts';
import { addIssue, checkBody, checkTitle, closeIssue } from './issues.ts';

export interface PullInput {
  readonly title: string;
  readonly body: string | null;
  /** `branch`, or `OWNER:branch` for a branch of a fork. */
  readonly head: string;
  /** The head's repository by name, for an owner with more than one in the network. */
  readonly headRepository: string | null;
  readonly base: string;
  readonly draft: boolean;
  readonly maintainerCanModify: boolean | null;
}

export async function createPull(
  world: World,
  repository: RepositoryRecord,
  actor: Actor,
  by: Doer,
  input: PullInput,
): Promise<PullIssue> {
  checkTitle('PullRequest', input.title);
  checkBody('PullRequest', input.body);
  const head = headOf(world, repository, actor, input);
  const { git } = repository;
  const [headSha, baseSha] = await Promise.all([
    head.repository.git.branch(head.branch),
    git.branch(input.base),
  ]);
  if (headSha === null) throw invalidField('PullRequest', 'head', 'invalid');
  if (baseSha === null) throw invalidField('PullRequest', 'base', 'invalid');
  await bringOver(head.repository, repository, headSha);
  if (await git.isAncestor(headSha, baseSha)) {
    const label = head.repository === repository ? head.branch : labelOf(head);
    throw custom(`No commits between ${input.base} and ${label}`);
  }
  const rival = pullsOf(repository).find(
    (one) =>
      one.state === 'open' &&
      one.pull.headRepository === head.repository.id &&
      one.pull.headRef === head.branch &&
      one.pull.baseRef === input.base,
  );
  if (rival !== undefined) {
    throw custom(`A pull request already exists for ${labelOf(head)}.`);
  }
  const pull: PullRecord = {
    id: world.id(),
    headRepository: head.repository.id,
    headOwner: head.repository.owner,
    headRef: head.branch,
    headSha,
    baseRef: input.base,
    baseSha,
    draft: input.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    maintainerCanModify: opensFork(repository, head.repository, by, input.maintainerCanModify),
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

interface Head {
  readonly repository: RepositoryRecord;
  readonly branch: string;
}

const labelOf = ({ repository, branch }: Head): string => `${repository.owner.login}:${branch}`;

/** A repository that the asker may not see is answered as one that is not there. */
function headOf(
  world: World,
  base: RepositoryRecord,
  actor: Actor,
  { head, headRepository }: PullInput,
): Head {
  const colon = head.indexOf(':');
  const branch = head.slice(colon + 1);
  const owner = (colon < 0 ? base.owner.login : head.slice(0, colon)).toLowerCase();
  const name = headRepository?.split('/').at(-1)?.toLowerCase() ?? null;
  const found = world.repositories.filter(
    (one) =>
      one.network === base.network &&
      one.owner.login.toLowerCase() === owner &&
      (name === null || one.name.toLowerCase() === name) &&
      canSee(one, actor),
  );
  const repository = found.find((one) => one === base) ?? found[0];
  if (repository === undefined) throw invalidField('PullRequest', 'head', 'invalid');
  return { repository, branch };
}

/** Whether the base's writers may push to the head: for a fork yes unless it was said otherwise, by whoever may push to it. */
function opensFork(
  base: RepositoryRecord,
  head: RepositoryRecord,
  by: Doer,
  wanted: boolean | null,
): boolean {
  if (head === base) return false;
  const pushes = by.app === null && roleReaches(grantedRole(head, by.account), 'write');
  if (wanted === true && !pushes) {
    throw invalidField(
      'PullRequest',
      'fork_collab',
      'invalid',
      "Fork collab can't be granted by someone without permission",
    );
  }
  return pushes && (wanted ?? true);
}

export async function editPull(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  input: { title?: string; body?: string | null; base?: string; maintainerCanModify?: boolean },
): Promise<void> {
  const head = headRepositoryOf(world, issue.pull);
  if (input.maintainerCanModify !== undefined && head !== null) {
    issue.pull.maintainerCanModify = opensFork(repository, head, by, input.maintainerCanModify);
  }
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
  const head = headRepositoryOf(world, issue.pull);
  const headSha = (await head?.git.branch(issue.pull.headRef)) ?? null;
  if (issue.pull.mergedAt !== null || head === null || headSha === null) {
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
  await bringOver(head, repository, headSha);
  const ref = `refs/pull/${issue.number}/head`;
  await repository.git.updateRefs([{ ref, before: issue.pull.headSha, after: headSha }]);
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
