import type { Doer } from '../actor.ts';
import { GitHubRefusal } from '../errors.ts';
import type {
  Account,
  CommentRecord,
  IssueRecord,
  PullRecord,
  RepositoryRecord,
  StateReason,
} from '../model.ts';
import { grantedRole, roleReaches } from '../permissions.ts';
import { user } from '../representations/user.ts';
import type { World } from '../world.ts';
import { announceComment, announceIssue } from './announce.ts';
import { countContent, record } from './events.ts';
import { namedLabels, tellLabeled } from './labels.ts';

/** GitHub's own limit for bodies. */
const bodyLimit = 65_536;

export function checkBody(resource: string, body: string | null): void {
  if (body !== null && body.length > bodyLimit) {
    throw new GitHubRefusal(422, 'Validation Failed', [
      {
        resource,
        field: 'body',
        code: 'custom',
        message: `body is too long (maximum is ${bodyLimit} characters)`,
      },
    ]);
  }
}

export function checkTitle(resource: string, title: string): void {
  if (title.trim() === '') {
    throw new GitHubRefusal(422, 'Validation Failed', [
      { resource, field: 'title', code: 'missing_field' },
    ]);
  }
  if (title.length > 256) {
    throw new GitHubRefusal(422, 'Validation Failed', [
      {
        resource,
        field: 'title',
        code: 'custom',
        message: 'title is too long (maximum is 256 characters)',
      },
    ]);
  }
}

/** The record alone, for issues and pull requests alike; who calls announces it. */
export function addIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: { title: string; body: string | null; pull: PullRecord | null },
): IssueRecord {
  const now = world.time();
  const issue: IssueRecord = {
    id: world.id(),
    number: repository.nextNumber++,
    author: by.account,
    viaApp: by.app,
    createdAt: now,
    title: input.title,
    body: input.body,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    milestone: null,
    locked: false,
    lockReason: null,
    updatedAt: now,
    lastEditedAt: null,
    closedAt: null,
    closedBy: null,
    pull: input.pull,
  };
  repository.issues.set(issue.number, issue);
  countContent(world, by);
  return issue;
}

export function createIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: { title: string; body: string | null; labels: string[]; assignees: Account[] },
): IssueRecord {
  checkTitle('Issue', input.title);
  checkBody('Issue', input.body);
  const issue = addIssue(world, repository, by, {
    title: input.title,
    body: input.body,
    pull: null,
  });
  // GitHub drops these silently for people who may not set them.
  const allowed = mayTriage(repository, by);
  if (allowed) issue.labels = namedLabels(world, repository, by, input.labels);
  announceIssue(world, repository, by, 'opened', issue);
  for (const label of issue.labels) tellLabeled(world, repository, by, issue, label);
  for (const person of allowed ? input.assignees : []) assign(world, repository, by, issue, person);
  return issue;
}

export const mayTriage = (repository: RepositoryRecord, by: Doer): boolean =>
  by.app !== null || roleReaches(grantedRole(repository, by.account), 'triage');

export const mayEdit = (repository: RepositoryRecord, by: Doer, author: Account): boolean =>
  by.account.id === author.id ||
  (by.app !== null ? true : roleReaches(grantedRole(repository, by.account), 'write'));

export function editIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  input: { title?: string; body?: string | null },
): void {
  const changes: Record<string, { from: string }> = {};
  if (input.title !== undefined && input.title !== issue.title) {
    checkTitle('Issue', input.title);
    changes['title'] = { from: issue.title };
    record(world, repository, by, issue, 'renamed', {
      kind: 'rename',
      from: issue.title,
      to: input.title,
    });
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    checkBody('Issue', input.body);
    changes['body'] = { from: issue.body ?? '' };
    issue.body = input.body;
    issue.lastEditedAt = world.time();
    issue.updatedAt = issue.lastEditedAt;
  }
  if (Object.keys(changes).length > 0) {
    announceIssue(world, repository, by, 'edited', issue, { changes });
  }
}

export function closeIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  reason: StateReason,
  commitId: string | null = null,
): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.pull === null ? (reason ?? 'completed') : null;
  issue.closedBy = by.account;
  issue.closedAt = record(world, repository, by, issue, 'closed', { kind: 'plain' }, commitId);
  announceIssue(world, repository, by, 'closed', issue);
}

export function reopenIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
): void {
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = issue.pull === null ? 'reopened' : null;
  issue.closedAt = null;
  issue.closedBy = null;
  record(world, repository, by, issue, 'reopened');
  announceIssue(world, repository, by, 'reopened', issue);
}

export function assign(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  assignee: Account,
): void {
  if (issue.assignees.some((one) => one.id === assignee.id)) return;
  issue.assignees.push(assignee);
  record(world, repository, by, issue, 'assigned', { kind: 'assignee', assignee });
  announceIssue(world, repository, by, 'assigned', issue, { assignee: user(world, assignee) });
}

export function unassign(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  assignee: Account,
): void {
  if (!issue.assignees.some((one) => one.id === assignee.id)) return;
  issue.assignees = issue.assignees.filter((one) => one.id !== assignee.id);
  record(world, repository, by, issue, 'unassigned', { kind: 'assignee', assignee });
  announceIssue(world, repository, by, 'unassigned', issue, { assignee: user(world, assignee) });
}

export function setLock(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  locked: boolean,
  reason: string | null,
): void {
  if (issue.locked === locked) return;
  issue.locked = locked;
  issue.lockReason = locked ? reason : null;
  record(world, repository, by, issue, locked ? 'locked' : 'unlocked', { kind: 'lock', reason });
  announceIssue(world, repository, by, locked ? 'locked' : 'unlocked', issue);
}

export function requireUnlocked(repository: RepositoryRecord, by: Doer, issue: IssueRecord): void {
  if (!issue.locked) return;
  if (by.app !== null || roleReaches(grantedRole(repository, by.account), 'write')) return;
  throw new GitHubRefusal(403, 'Unable to create comment because issue is locked.');
}

export function createComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  body: string,
): CommentRecord {
  requireUnlocked(repository, by, issue);
  requireText('IssueComment', body);
  const now = world.time();
  const comment: CommentRecord = {
    id: world.id(),
    issue,
    author: by.account,
    viaApp: by.app,
    createdAt: now,
    body,
    updatedAt: now,
    lastEditedAt: null,
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  countContent(world, by);
  announceComment(world, repository, by, 'created', comment);
  return comment;
}

export function requireText(resource: string, body: string): void {
  if (body.trim() === '') {
    throw new GitHubRefusal(422, 'Validation Failed', [
      { resource, field: 'body', code: 'custom', message: 'body cannot be blank' },
    ]);
  }
  checkBody(resource, body);
}

export function editComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  comment: CommentRecord,
  body: string,
): void {
  requireText('IssueComment', body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.time();
  comment.lastEditedAt = comment.updatedAt;
  announceComment(world, repository, by, 'edited', comment, { changes: { body: { from } } });
}

export function deleteComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  comment: CommentRecord,
): void {
  repository.comments.delete(comment.id);
  announceComment(world, repository, by, 'deleted', comment);
}
