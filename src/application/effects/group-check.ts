import { ok, refuse, type Result } from '../../domain/result.ts';
import { isPastItsGate } from '../../domain/work-item/gated.ts';
import { itemOfPullRequest } from '../../domain/work-item/state.ts';
import type { CheckReport, GroupMember } from '../../ports/code-host.ts';
import { assess } from '../decisions/gate.ts';
import { recordIfNew } from '../decisions/record.ts';
import type { Session } from '../session.ts';

export interface GroupRef {
  /** The group's commit, and what it stands on. */
  readonly head: string;
  readonly base: string;
}

/**
 * Our required check on what the queue is about to merge: the evidence for each pull request in it, looked at again now.
 * Green only where all of it holds; GitHub takes a neutral check for a green one, so there is no third answer.
 */
export async function checkOfGroup(
  session: Session,
  group: GroupRef,
): Promise<Result<CheckReport>> {
  const { halted } = session.state.control;
  if (halted !== null)
    return ok(red(group, 'Assent is halted', [`Halted by ${halted.by}: ${halted.reason}`]));
  if (session.rules.kind === 'broken')
    return ok(red(group, 'The rules cannot be read', [session.rules.reason]));
  const { branch } = session.rules;
  const members = await session.repository.host.mergeGroup({ branch, ...group });
  if (members === null)
    return refuse('group.gone', `the merge queue of ${branch} holds no group at ${group.head}`);
  session.looks.forget();
  const judged = [];
  for (const member of members) judged.push(await judge(session, member));
  const lines = judged.map(({ line }) => line);
  const missing = judged.filter(({ holds }) => !holds).map(({ number }) => `#${number}`);
  // A group of nothing is nobody's approval.
  if (members.length === 0) return ok(red(group, 'The merge group is empty', []));
  return ok(
    missing.length === 0
      ? report(group, 'success', 'Approved, as of now', lines)
      : red(group, `Not approved: ${missing.join(', ')}`, lines),
  );
}

interface Judged {
  readonly number: number;
  readonly holds: boolean;
  readonly line: string;
}

async function judge(session: Session, member: GroupMember): Promise<Judged> {
  const { pull_request: number, head } = member;
  const why = await whatIsMissing(session, member);
  const at = `#${number} at ${head.slice(0, 12)}`;
  return why === null
    ? { number, holds: true, line: `${at}: approved` }
    : { number, holds: false, line: `${at}: ${why}` };
}

async function whatIsMissing(
  session: Session,
  { pull_request, head }: GroupMember,
): Promise<string | null> {
  const item = itemOfPullRequest(session.state, pull_request);
  if (item === undefined) return 'Assent knows of no approval for it';
  if (item.held !== null) return `held by ${item.held.by}`;
  if (item.stage !== 'merge' || !isPastItsGate(item))
    return `its approval is not given: ${item.stage} is ${item.authority}`;
  const assessed = await assess(session, item);
  if (assessed === null) return 'it could not be judged';
  recordIfNew(session, item.id, assessed);
  if (assessed.digest !== head || item.pull_request?.head !== head)
    return `its head is ${assessed.digest.slice(0, 12)} now`;
  return assessed.sufficient ? null : 'its approval does not hold any more';
}

const red = (group: GroupRef, title: string, lines: readonly string[]): CheckReport =>
  report(group, 'failure', title, lines);

const report = (
  { head }: GroupRef,
  conclusion: 'success' | 'failure',
  title: string,
  lines: readonly string[],
): CheckReport => ({
  head,
  external_id: `group-${head.slice(0, 12)}`,
  status: 'completed',
  conclusion,
  title,
  summary: lines.length === 0 ? title : lines.map((line) => `- ${line}`).join('\n'),
});
