import { reaches } from '../../domain/approval/people.ts';
import { isSortedOnly } from '../../domain/triage/present.ts';
import { itemId, itemOfPullRequest, type Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import type { Result } from '../../domain/result.ts';
import { handled, ignored, type Absorbed } from './absorbed.ts';
import { answerAgent } from './answers.ts';
import { obeyComment } from './commands.ts';
import { isOwnAct } from './echo.ts';
import { isHaltLabel, obeyHaltLabel, obeyLabel } from './labels.ts';
import { permissionOf } from '../decisions/people.ts';
import { noteCheck } from '../decisions/failing-checks.ts';
import { assess, mayDecide } from '../decisions/gate.ts';
import { isBeingProposed } from '../decisions/plan-digest.ts';
import { humanActor, recordMergeByHand, whoMerged } from './merge-by-hand.ts';
import { absorbMergeGroup } from './merge-group.ts';
import type { PullRequestFacts } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';
import type {
  CommentStimulus,
  IssueStimulus,
  PullRequestStimulus,
  RepositoryStimulus,
  ReviewStimulus,
} from './stimulus.ts';

/**
 * Takes in what GitHub says happened. The payload only says where to look: whatever a decision rests on (permissions,
 * reviews, heads) is read from GitHub again.
 */
export async function absorb(
  session: Session,
  stimulus: RepositoryStimulus,
  ourselves: string,
): Promise<Absorbed> {
  if (isOwnAct(stimulus, ourselves)) return ignored('our own act');
  switch (stimulus.kind) {
    case 'issue.opened':
    case 'issue.reopened':
    case 'issue.edited':
    case 'issue.closed':
      return absorbIssue(session, stimulus);
    case 'issue.labeled':
    case 'issue.unlabeled':
    case 'pull_request.labeled':
    case 'pull_request.unlabeled':
      return absorbLabel(session, stimulus);
    case 'issue.milestoned':
      return look(session, session.item(itemId('issue', stimulus.number)));
    case 'comment.created':
    case 'comment.edited':
    case 'comment.deleted':
      return absorbComment(session, stimulus);
    case 'pull_request.opened':
    case 'pull_request.reopened':
    case 'pull_request.ready_for_review':
      return openPullRequestItem(session, stimulus);
    case 'pull_request.synchronize':
      return absorbPush(session, stimulus);
    case 'pull_request.closed':
      return absorbClosing(session, stimulus);
    // It may lead to the default branch from now on, and then it is ours to look at.
    case 'pull_request.edited':
      return openPullRequestItem(session, stimulus);
    case 'pull_request.milestoned':
    case 'pull_request.converted_to_draft':
    case 'conversation.resolved':
    case 'conversation.unresolved':
      return look(session, itemOfPullRequest(session.state, stimulus.number));
    case 'review.submitted':
    case 'review.edited':
    case 'review.dismissed':
      return absorbReview(session, stimulus);
    case 'check.completed':
      noteCheck(session.memory, stimulus.head, stimulus.conclusion);
      return lookAtHead(session, stimulus.head);
    case 'status':
      noteCheck(session.memory, stimulus.head, stimulus.state);
      return lookAtHead(session, stimulus.head);
    case 'push':
      return stimulus.branch === stimulus.repository.default_branch
        ? handled('rules are read again')
        : ignored('a push to another branch');
    case 'merge_group.checks_requested':
    case 'merge_group.destroyed':
      return absorbMergeGroup(session, stimulus);
  }
}

const pullRequestNow = async (session: Session, number: number) =>
  (await session.looks.pullRequest(number))?.pull_request ?? null;

/** Marks an item so that its gate is looked at again. */
function look(session: Session, item: Item | undefined): Absorbed {
  if (item === undefined) return ignored('no open item');
  session.dirty.add(item.id);
  return handled(`${item.id} is looked at again`);
}

function lookAtHead(session: Session, head: string): Absorbed {
  const item = Object.values(session.state.items).find((open) => open.pull_request?.head === head);
  return look(session, item);
}

async function absorbIssue(session: Session, stimulus: IssueStimulus): Promise<Absorbed> {
  const id = itemId('issue', stimulus.number);
  const item = session.item(id);
  const actor = humanActor(stimulus.sender);
  const { delivery, title } = stimulus;
  if (stimulus.kind === 'issue.closed') return closeIssue(session, item, stimulus);
  if (item === undefined) {
    const closed = await whyNotOpened(session, id, stimulus);
    if (closed !== null) return ignored(closed);
    const opened = session.give(
      {
        kind: 'open_item',
        item_kind: 'issue',
        number: stimulus.number,
        title,
        author: stimulus.author,
        pull_request: null,
      },
      actor,
      delivery,
    );
    return opened.ok ? handled(`${id} is open`) : ignored(opened.refusal.message);
  }
  if (stimulus.kind !== 'issue.edited') return ignored(`${id} is open already`);
  if (title !== item.title) session.give({ kind: 'retitle', item: id, title }, actor, delivery);
  // A plan was made for the issue as it read then: an edited issue is triaged again, and its approval is void.
  // Once there is a pull request, people read what was made of it; until then the new text would reach the contributor unread.
  const unread =
    item.stage === 'plan' ||
    (item.stage === 'contribution' &&
      item.pull_request === null &&
      !isBeingProposed(session, item));
  const sorted = isSortedOnly(item, triageNotesOf(session.state, id));
  if (unread || sorted || (item.stage === 'triage' && item.authority === 'running')) {
    const reason = `${stimulus.sender.login} edited the issue`;
    session.give({ kind: 'return_to', item: id, stage: 'triage', reason }, undefined, delivery);
  } else if (item.authority === 'waiting_for_information') {
    session.give({ kind: 'give_information', item: id, comment: null }, actor, delivery);
  }
  return handled(`${id} was edited`);
}

/** A late delivery opens nothing that has ended; only a person who reopens it does, and only while it is open. */
async function whyNotOpened(
  session: Session,
  id: string,
  { kind, number }: IssueStimulus,
): Promise<string | null> {
  if (kind === 'issue.edited') return 'no open item';
  if (session.state.finished[id] === undefined) return null;
  if (kind !== 'issue.reopened') return `${id} has ended already`;
  const now = await session.looks.issue(number);
  return now?.issue.state === 'open' ? null : `${id} is not open on GitHub`;
}

async function closeIssue(
  session: Session,
  item: Item | undefined,
  { sender, delivery }: IssueStimulus,
): Promise<Absorbed> {
  if (item === undefined) return ignored('no open item');
  if (item.pull_request !== null) {
    const pull = await pullRequestNow(session, item.pull_request.number);
    // Closed by the merge itself: the merge is recorded from its own event.
    if (pull?.merged === true) return ignored('closed by a merge');
  }
  const reason = `${sender.login} closed the issue`;
  session.give(
    { kind: 'terminate', item: item.id, outcome: 'closed', reason },
    humanActor(sender),
    delivery,
  );
  return handled(reason);
}

async function absorbLabel(
  session: Session,
  stimulus: IssueStimulus | PullRequestStimulus,
): Promise<Absorbed> {
  const item = stimulus.kind.startsWith('issue')
    ? session.item(itemId('issue', stimulus.number))
    : itemOfPullRequest(session.state, stimulus.number);
  if (isHaltLabel(stimulus.label)) return handled(await obeyHaltLabel(session, item, stimulus));
  if (item === undefined) return ignored('no open item');
  if (stimulus.label?.startsWith('assent:') === true) {
    const obeyed = await obeyLabel(
      session,
      item,
      stimulus.label,
      stimulus.kind.endsWith('.labeled'),
      stimulus,
    );
    if (obeyed !== null) return handled(obeyed);
  }
  return look(session, item);
}

async function absorbComment(session: Session, stimulus: CommentStimulus): Promise<Absorbed> {
  const item = stimulus.on_pull_request
    ? itemOfPullRequest(session.state, stimulus.number)
    : session.item(itemId('issue', stimulus.number));
  if (stimulus.kind !== 'comment.created') return look(session, item);
  if (stimulus.sender.type !== 'User') return ignored('commands are taken from people only');
  const obeyed = await obeyComment(session, item, stimulus);
  if (obeyed !== null) return handled(obeyed);
  if (item?.authority === 'waiting_for_information') {
    return item.asked_by === undefined
      ? answered(session, item, stimulus)
      : handledAnswer(await answerAgent(session, item, stimulus));
  }
  return ignored('no command');
}

const handledAnswer = (result: Result<string>): Absorbed =>
  result.ok ? handled(result.value) : ignored(result.refusal.message);

/** An answer counts from the author, or from somebody who may write. */
async function answered(
  session: Session,
  item: Item,
  { sender, delivery, comment }: CommentStimulus,
): Promise<Absorbed> {
  const own = item.author?.id === sender.id;
  const permission = own ? 'write' : await permissionOf(session, sender);
  if (!reaches(permission, 'write')) {
    return ignored('an answer is awaited from the author');
  }
  session.give({ kind: 'give_information', item: item.id, comment }, humanActor(sender), delivery);
  return handled('information was given');
}

async function openPullRequestItem(
  session: Session,
  stimulus: PullRequestStimulus,
): Promise<Absorbed> {
  const { number, delivery } = stimulus;
  const known = itemOfPullRequest(session.state, number);
  if (known !== undefined) return look(session, known);
  if (hasEnded(session, number) && stimulus.kind !== 'pull_request.reopened') {
    return ignored(`pull request ${number} has ended already`);
  }
  if (stimulus.draft) return ignored('a draft is not ready for review');
  const pull = await pullRequestNow(session, number);
  if (pull === null || pull.state !== 'open') return ignored(`pull request ${number} is not open`);
  if (pull.base !== stimulus.repository.default_branch)
    return ignored('not into the default branch');
  const opened = session.give(
    {
      kind: 'open_item',
      item_kind: 'pull_request',
      number,
      title: pull.title,
      author: pull.author,
      pull_request: {
        number,
        head: pull.head,
        head_since: stimulus.at,
        branch: pull.head_branch,
        author: pull.author,
        ours: false,
      },
    },
    humanActor(stimulus.sender),
    delivery,
  );
  return opened.ok ? handled(`pull-${number} is open`) : ignored(opened.refusal.message);
}

const hasEnded = ({ state }: Session, number: number): boolean =>
  Object.values(state.finished).some((ended) => ended.pull_request === number);

async function absorbPush(session: Session, stimulus: PullRequestStimulus): Promise<Absorbed> {
  const item = itemOfPullRequest(session.state, stimulus.number);
  if (item === undefined) return openPullRequestItem(session, stimulus);
  const pull = await pullRequestNow(session, stimulus.number);
  if (pull === null) return ignored('the pull request is gone');
  const moved = session.give(
    {
      kind: 'move_head',
      item: item.id,
      after: pull.head,
      reason: `${stimulus.sender.login} pushed ${pull.head.slice(0, 12)}`,
    },
    humanActor(stimulus.sender),
    stimulus.delivery,
  );
  // Where its gate stays open (a cycle's), it asks about the new head from now on.
  session.dirty.add(item.id);
  return moved.ok ? handled(`${item.id} has a new head`) : ignored(moved.refusal.message);
}

async function absorbClosing(session: Session, stimulus: PullRequestStimulus): Promise<Absorbed> {
  const { number, sender, delivery } = stimulus;
  const item = itemOfPullRequest(session.state, number);
  const pull = await pullRequestNow(session, number);
  if (pull === null || pull.state !== 'closed')
    return ignored(`pull request ${number} is not closed`);
  if (!pull.merged) {
    if (item === undefined) return ignored('no open item');
    const reason = `${sender.login} closed the pull request`;
    session.give(
      { kind: 'terminate', item: item.id, outcome: 'closed', reason },
      humanActor(sender),
      delivery,
    );
    return handled(reason);
  }
  if (item !== undefined && isMergeUnderWay(session, item, pull)) {
    session.dirty.add(item.id);
    return handled(`${item.id} is merged, as was meant`);
  }
  const recorded = recordMergeByHand(session, {
    item,
    pull,
    sender: await whoMerged(session, number, pull.merged_by ?? sender),
    delivery,
    branch: stimulus.repository.default_branch,
  });
  return recorded.ok ? handled(recorded.value) : ignored(recorded.refusal.message);
}

/** Ours to tell of, by its intent: the queue merges what we put there, and so does an act whose receipt was lost. */
const isMergeUnderWay = ({ state }: Session, { id }: Item, pull: PullRequestFacts): boolean =>
  Object.values(state.intents).some(
    ({ item, kind, payload, uncertain }) =>
      item === id &&
      kind === 'pull_request.merge' &&
      payload['head'] === pull.head &&
      !uncertain &&
      pull.merged_by?.type !== 'User',
  );

async function absorbReview(session: Session, stimulus: ReviewStimulus): Promise<Absorbed> {
  const item = itemOfPullRequest(session.state, stimulus.number);
  if (item === undefined) return ignored('no open item');
  if (await isReworkWanted(session, item, stimulus)) {
    const asked = session.give(
      {
        kind: 'request_changes',
        item: item.id,
        review: stimulus.review,
        head: stimulus.commit ?? stimulus.head,
      },
      humanActor(stimulus.sender),
      stimulus.delivery,
    );
    if (asked.ok) return handled(`${item.id} goes back to the contributor`);
  }
  return look(session, item);
}

/** A change request on our own contribution, by somebody whose approval would count, is work for the contributor. */
async function isReworkWanted(
  session: Session,
  item: Item,
  { kind, review, sender }: ReviewStimulus,
): Promise<boolean> {
  if (kind !== 'review.submitted' || item.pull_request?.ours !== true) return false;
  if (item.kind !== 'issue' || item.stage !== 'merge' || item.authority !== 'waiting_for_human')
    return false;
  const look = await session.looks.pullRequest(item.pull_request.number);
  const given = look?.reviews.find(({ id }) => id === review);
  if (given?.state !== 'changes_requested' || given.user.type !== 'User') return false;
  const [assessed, permission] = [await assess(session, item), await permissionOf(session, sender)];
  if (assessed === null || permission === null) return false;
  return mayDecide(session, assessed, { ...given.user, permission });
}
