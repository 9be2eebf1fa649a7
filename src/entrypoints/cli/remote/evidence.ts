import { APPROVE_LABEL, evidenceName } from '../../../domain/approval/acts.ts';
import { exitCode } from '../command.ts';
import { refused, type Told } from './answering.ts';
import { askGitHub, field, messageOf, type Answer } from './ask.ts';
import type { Remote } from './remote.ts';

/** The ways of CONTRACTS.md in which a human says yes. */
export const ways = ['review', 'label', 'command'] as const;
export type Way = (typeof ways)[number];

/** What now stands on GitHub in somebody's name. */
export interface Said {
  readonly id: number;
  /** As verdicts name it. */
  readonly evidence: string;
  readonly by: string;
  readonly url: string;
}

interface Place {
  readonly remote: Remote;
  readonly number: number;
}

/** Writes a comment as the human whose token it is. */
export async function say({ remote, number }: Place, body: string): Promise<Said | Told> {
  const path = `/repos/${remote.repository}/issues/${number}/comments`;
  const answer = await askGitHub(remote, 'POST', path, { body });
  return (
    saidBy(answer, 201, (id) => evidenceName.comment(id)) ??
    notTaken(answer, 'the comment', remote, number)
  );
}

/** An approving review of the head as it is when this is asked: a push that comes meanwhile is not approved with it. */
export async function review({ remote, number }: Place, body: string): Promise<Said | Told> {
  const path = `/repos/${remote.repository}/pulls/${number}`;
  const pull = await askGitHub(remote, 'GET', path);
  const head = field(field(pull.body, 'head'), 'sha');
  if (typeof head !== 'string') return notTaken(pull, 'the question for the head', remote, number);
  const given = { event: 'APPROVE', commit_id: head, body };
  const answer = await askGitHub(remote, 'POST', `${path}/reviews`, given);
  return (
    saidBy(answer, 200, (id) => evidenceName.review(id)) ??
    notTaken(answer, 'the review', remote, number)
  );
}

export async function label({ remote, number }: Place): Promise<Said | Told> {
  const path = `/repos/${remote.repository}/issues/${number}/labels`;
  const [who, answer] = [
    await askGitHub(remote, 'GET', '/user'),
    await askGitHub(remote, 'POST', path, { labels: [APPROVE_LABEL] }),
  ];
  const by = field(who.body, 'login');
  if (answer.status !== 200 || typeof by !== 'string') {
    return notTaken(answer.status === 200 ? who : answer, 'the label', remote, number);
  }
  const url = `${remote.repository}#${number}`;
  return { id: 0, evidence: evidenceName.label(APPROVE_LABEL, by), by, url };
}

function saidBy(answer: Answer, taken: number, evidence: (id: number) => string): Said | null {
  const [id, url] = [field(answer.body, 'id'), field(answer.body, 'html_url')];
  const by = String(field(field(answer.body, 'user'), 'login'));
  if (answer.status !== taken || typeof id !== 'number' || typeof url !== 'string') return null;
  return { id, evidence: evidence(id), by, url };
}

function notTaken(answer: Answer, what: string, { repository }: Remote, number: number): Told {
  const unsure = answer.status >= 500;
  const wrong = answer.status === 401;
  return refused(
    unsure ? exitCode.inconclusive : wrong ? exitCode.usage : exitCode.fault,
    `github.${answer.status}`,
    `GitHub did not take ${what} on ${repository}#${number} (${answer.status}): ${messageOf(answer)}`,
  );
}
