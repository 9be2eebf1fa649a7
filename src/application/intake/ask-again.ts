import { itemId, type FinishedItem, type LinkedPullRequest } from '../../domain/work-item/state.ts';
import type { Session } from '../session.ts';
import { humanActor } from './merge-by-hand.ts';
import type { StimulusAccount } from './stimulus.ts';

/** The item of a conversation that ended because nobody answered in time; undefined: there is none. */
export const lapsedAt = (
  { state: { finished } }: Session,
  number: number,
): FinishedItem | undefined =>
  Object.values(finished).find(
    // A cycle's number is no number of GitHub's.
    ({ outcome, kind, number: own, pull_request }) =>
      outcome === 'expired' && (pull_request === number || (kind !== 'cycle' && own === number)),
  );

interface Asked {
  readonly person: StimulusAccount;
  readonly delivery: string;
}

/** Asks a question again that lapsed. The answer is a line for the log: the comment shows the rest. */
export async function askAgain(
  session: Session,
  ended: FinishedItem,
  asked: Asked,
): Promise<string> {
  const opened = await reopen(session, ended, asked);
  return opened ?? `${itemId(ended.kind, ended.number)} is asked about again`;
}

async function reopen(
  session: Session,
  { kind, number, title, pull_request }: FinishedItem,
  { person, delivery }: Asked,
): Promise<string | null> {
  const pull = kind === 'pull_request' ? await linkNow(session, pull_request ?? number) : null;
  if (kind === 'pull_request' && pull === null)
    return `pull request ${number} is not open any more`;
  const issue = kind === 'issue' ? ((await session.looks.issue(number))?.issue ?? null) : null;
  if (kind === 'issue' && issue?.state !== 'open') return `issue ${number} is not open any more`;
  const opened = session.give(
    {
      kind: 'open_item',
      item_kind: kind,
      number,
      title: issue?.title ?? title,
      author: issue?.author ?? pull?.author ?? null,
      pull_request: pull,
    },
    humanActor(person),
    delivery,
  );
  return opened.ok ? null : opened.refusal.message;
}

async function linkNow(session: Session, number: number): Promise<LinkedPullRequest | null> {
  const look = await session.looks.pullRequest(number);
  if (look === null || look.pull_request.state !== 'open') return null;
  const { head, head_branch: branch, author } = look.pull_request;
  return { number, head, head_since: session.deps.now(), branch, author, ours: false };
}
