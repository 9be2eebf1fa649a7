import { GitHubRefusal, notFound } from '../errors.ts';
import type { Account, CommentRecord, IssueRecord, StateReason } from '../model.ts';
import { isPull } from '../model.ts';
import {
  assign,
  closeIssue,
  createComment,
  createIssue,
  deleteComment,
  editComment,
  editIssue,
  mayEdit,
  mayTriage,
  reopenIssue,
  setLock,
  unassign,
} from '../operations/issues.ts';
import { setLabels } from '../operations/labels.ts';
import { setMilestone } from '../operations/milestones.ts';
import { setPullState } from '../operations/pulls.ts';
import { grantedRole } from '../permissions.ts';
import { comment, issue, issueAlone } from '../representations/issue.ts';
import { user } from '../representations/user.ts';
import { openIssues, readIssues, readMetadata, sayOnIssues, triageIssues } from '../access.ts';
import {
  created,
  doer,
  inRepository,
  issueOf,
  noContent,
  numberParam,
  ok,
  page,
  param,
} from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const list = inRepository('GET', '/issues', readIssues, (request) => {
  const { world, repository, query } = request;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const since = query.get('since');
  const creator = query.get('creator');
  const assignee = query.get('assignee');
  const found = [...repository.issues.values()].filter(
    (one) =>
      (state === 'all' || one.state === state) &&
      labels.every((name) => hasLabel(one, name)) &&
      (since === null || Date.parse(one.updatedAt) >= Date.parse(since)) &&
      (creator === null || one.author.login.toLowerCase() === creator.toLowerCase()) &&
      (assignee === null || matchesAssignee(one, assignee)),
  );
  return page(request, sorted(found, query), (one) => issue(world, repository, one));
});

const hasLabel = (one: IssueRecord, name: string): boolean =>
  one.labels.some((label) => label.name.toLowerCase() === name.toLowerCase());

function matchesAssignee(one: IssueRecord, wanted: string): boolean {
  if (wanted === 'none') return one.assignees.length === 0;
  if (wanted === '*') return one.assignees.length > 0;
  return one.assignees.some((person) => person.login.toLowerCase() === wanted.toLowerCase());
}

function sorted(issues: IssueRecord[], query: URLSearchParams): IssueRecord[] {
  const key = (one: IssueRecord): string | number => {
    if (query.get('sort') === 'updated')
      return `${one.updatedAt} ${String(one.number).padStart(9, '0')}`;
    return one.number;
  };
  const up = issues.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return query.get('direction') === 'asc' ? up : up.toReversed();
}

const get = inRepository('GET', '/issues/{issue_number}', readIssues, (request) =>
  ok(issueAlone(request.world, request.repository, issueOf(request))),
);

const open = inRepository('POST', '/issues', openIssues, (request) => {
  const { world, repository, body } = request;
  if (repository.parent !== null) {
    throw new GitHubRefusal(410, 'Issues has been disabled in this repository.');
  }
  const title = body.raw('title');
  const made = createIssue(world, repository, doer(request), {
    title: typeof title === 'number' ? String(title) : body.text('title'),
    body: body.optionalText('body') ?? null,
    labels: body.names('labels') ?? [],
    assignees: assignees(request, body.texts('assignees') ?? []),
  });
  return created(issueAlone(world, repository, made));
});

/** People who may be assigned; GitHub drops the others silently. */
function assignees({ world, repository }: RepositoryRequest, logins: readonly string[]): Account[] {
  return logins.flatMap((login) => {
    const account = world.account(login);
    return account !== undefined && grantedRole(repository, account) !== 'none' ? [account] : [];
  });
}

const stateReasons: readonly Exclude<StateReason, null>[] = [
  'completed',
  'not_planned',
  'duplicate',
  'reopened',
];

const patch = inRepository('PATCH', '/issues/{issue_number}', sayOnIssues, async (request) => {
  const { world, repository, body } = request;
  const by = doer(request);
  const one = issueOf(request);
  const title = body.optionalText('title');
  const text = body.nullableText('body');
  const state = body.choice('state', ['open', 'closed']);
  // Refused where it is wrong even if the state does not change.
  body.choice('state_reason', stateReasons);
  const labels = body.names('labels');
  const people = body.texts('assignees');
  const milestone = body.raw('milestone') === null ? null : body.number('milestone');
  const own = one.author.id === by.account.id;
  if ((title !== undefined || text !== undefined) && !mayEdit(repository, by, one.author))
    throw denied();
  if (state !== undefined && !own && !mayTriage(repository, by)) throw denied();
  if (
    (labels !== undefined || people !== undefined || milestone !== undefined) &&
    !mayTriage(repository, by)
  )
    throw denied();
  editIssue(world, repository, by, one, {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
  });
  if (labels !== undefined) setLabels(world, repository, by, one, labels, 'set');
  if (people !== undefined) setAssignees(request, one, people);
  if (milestone !== undefined) setMilestone(world, repository, by, one, milestone);
  if (state !== undefined) await setState(request, one, state);
  return ok(issueAlone(world, repository, one));
});

const denied = () => new GitHubRefusal(403, 'Must have admin rights to Repository.');

function setAssignees(
  request: RepositoryRequest,
  one: IssueRecord,
  logins: readonly string[],
): void {
  const by = doer(request);
  const wanted = assignees(request, logins);
  for (const person of one.assignees.filter((each) => !wanted.includes(each))) {
    unassign(request.world, request.repository, by, one, person);
  }
  for (const person of wanted) assign(request.world, request.repository, by, one, person);
}

async function setState(
  request: RepositoryRequest,
  one: IssueRecord,
  state: 'open' | 'closed',
): Promise<void> {
  const { world, repository, body } = request;
  const by = doer(request);
  if (isPull(one)) {
    await setPullState(world, repository, by, one, state);
    return;
  }
  if (state === 'open') reopenIssue(world, repository, by, one);
  else closeIssue(world, repository, by, one, body.choice('state_reason', stateReasons) ?? null);
}

const lock = inRepository('PUT', '/issues/{issue_number}/lock', triageIssues, (request) => {
  const reason = request.body.choice('lock_reason', [
    'off-topic',
    'too heated',
    'resolved',
    'spam',
  ]);
  setLock(request.world, request.repository, doer(request), issueOf(request), true, reason ?? null);
  return noContent;
});

const unlock = inRepository('DELETE', '/issues/{issue_number}/lock', triageIssues, (request) => {
  setLock(request.world, request.repository, doer(request), issueOf(request), false, null);
  return noContent;
});

const addAssignees = inRepository(
  'POST',
  '/issues/{issue_number}/assignees',
  triageIssues,
  (request) => {
    const { world, repository, body } = request;
    const one = issueOf(request);
    for (const person of assignees(request, body.texts('assignees') ?? [])) {
      assign(world, repository, doer(request), one, person);
    }
    return created(issue(world, repository, one));
  },
);

const removeAssignees = inRepository(
  'DELETE',
  '/issues/{issue_number}/assignees',
  triageIssues,
  (request) => {
    const { world, repository, body } = request;
    const one = issueOf(request);
    for (const person of assignees(request, body.texts('assignees') ?? [])) {
      unassign(world, repository, doer(request), one, person);
    }
    return ok(issue(world, repository, one));
  },
);

const possibleAssignees = inRepository('GET', '/assignees', readMetadata, (request) => {
  const { world, repository } = request;
  const people = world.accounts.filter((one) => grantedRole(repository, one) !== 'none');
  return page(
    request,
    people.filter((one) => one.type === 'User'),
    (one) => user(world, one),
  );
});

const isAssignable = inRepository('GET', '/assignees/{assignee}', readMetadata, (request) => {
  const account = request.world.account(param(request, 'assignee'));
  if (account === undefined || grantedRole(request.repository, account) === 'none')
    throw notFound();
  return noContent;
});

const commentsOf = inRepository('GET', '/issues/{issue_number}/comments', readIssues, (request) => {
  const { world, repository, query } = request;
  const one = issueOf(request);
  const since = query.get('since');
  const found = [...repository.comments.values()].filter(
    (each) =>
      each.issue === one && (since === null || Date.parse(each.updatedAt) >= Date.parse(since)),
  );
  return page(request, found, (each) => comment(world, repository, each));
});

const allComments = inRepository('GET', '/issues/comments', readIssues, (request) => {
  const { world, repository, query } = request;
  const since = query.get('since');
  const found = [...repository.comments.values()].filter(
    (each) => since === null || Date.parse(each.updatedAt) >= Date.parse(since),
  );
  const down = query.get('sort') !== null && query.get('direction') !== 'asc';
  return page(request, down ? found.toReversed() : found, (each) =>
    comment(world, repository, each),
  );
});

function commentOf(request: RepositoryRequest): CommentRecord {
  const found = request.repository.comments.get(numberParam(request, 'comment_id'));
  if (found === undefined) throw notFound();
  return found;
}

const getComment = inRepository('GET', '/issues/comments/{comment_id}', readIssues, (request) =>
  ok(comment(request.world, request.repository, commentOf(request))),
);

const say = inRepository('POST', '/issues/{issue_number}/comments', sayOnIssues, (request) => {
  const { world, repository, body } = request;
  const text = body.text('body');
  const made = createComment(world, repository, doer(request), issueOf(request), text);
  return created(comment(world, repository, made));
});

const patchComment = inRepository(
  'PATCH',
  '/issues/comments/{comment_id}',
  sayOnIssues,
  (request) => {
    const { world, repository, body } = request;
    const found = commentOf(request);
    const by = doer(request);
    if (!mayEdit(repository, by, found.author)) throw denied();
    editComment(world, repository, by, found, body.text('body'));
    return ok(comment(world, repository, found));
  },
);

const removeComment = inRepository(
  'DELETE',
  '/issues/comments/{comment_id}',
  sayOnIssues,
  (request) => {
    const { world, repository } = request;
    const found = commentOf(request);
    const by = doer(request);
    if (!mayEdit(repository, by, found.author)) throw denied();
    deleteComment(world, repository, by, found);
    return noContent;
  },
);

export const issueRoutes: readonly Route[] = [
  list,
  open,
  allComments,
  getComment,
  patchComment,
  removeComment,
  get,
  patch,
  lock,
  unlock,
  addAssignees,
  removeAssignees,
  possibleAssignees,
  isAssignable,
  commentsOf,
  say,
];
