import { isFailing } from '../../domain/failing-checks.ts';
import { isPastItsGate } from '../../domain/work-item/gated.ts';
import type { Item, LinkedPullRequest } from '../../domain/work-item/state.ts';
import type { CheckFacts } from '../../ports/code-host.ts';
import type { RepositoryMemory, Session } from '../session.ts';

/** Rounds a contribution comes to before a failing check is left to people; those that people asked for are counted, too. */
const MOST_ROUNDS = 3;

/** As many heads are remembered as could be news at once. */
const MOST_HEADS = 200;

/** News of a check: looked at once its item is where it can be mended, since CI may be quicker than we are. */
export function noteCheck(
  { checked }: Pick<RepositoryMemory, 'checked'>,
  head: string,
  conclusion: string | null,
): void {
  const failed = isFailing({ conclusion }) || checked.get(head)?.failed === true;
  checked.delete(head);
  checked.set(head, { failed, news: true });
  for (const oldest of checked.keys()) {
    if (checked.size <= MOST_HEADS) return;
    checked.delete(oldest);
  }
}

/** A contribution of ours that people have not been able to merge yet, and its pull request. */
export function contributed(item: Item): LinkedPullRequest | null {
  const { kind, stage, pull_request: pull } = item;
  if (kind !== 'issue' || pull?.ours !== true || isPastItsGate(item)) return null;
  return stage === 'review' || stage === 'merge' ? pull : null;
}

/**
 * Sends a contribution back whose checks have all ended and some of which failed by it. Says whether it did. Where somebody
 * has approved it as it is, or the base fails the same way, it is not ours to mend.
 */
export async function mendFailingChecks(session: Session, item: Item): Promise<boolean> {
  const pull = contributed(item);
  const known = pull === null ? undefined : session.memory.checked.get(pull.head);
  if (pull === null || known?.failed !== true || !known.news) return false;
  if (!mayContribute(session) || isApproved(item, pull.head)) return false;
  session.memory.checked.set(pull.head, { failed: true, news: false });
  const checks = await othersChecks(session, pull.head);
  // The last one to end is news again.
  if (checks.some(({ conclusion }) => conclusion === null)) return false;
  const names = await failingBy(session, pull.number, checks);
  if (names.length === 0) return false;
  const which = names.join(', ');
  if (item.round >= MOST_ROUNDS) {
    tellOnce(
      session,
      item,
      `its checks fail (${which}), and after ${item.round} rounds the contributor leaves it to you: push to it, or say \`/assent retry\` for another round`,
    );
    return false;
  }
  const reason = `checks failed: ${which}`;
  return session.give({ kind: 'return_to', item: item.id, stage: 'contribution', reason }).ok;
}

const mayContribute = ({ rules, state }: Session): boolean =>
  rules.kind === 'sound' &&
  rules.config.agents.contributor.enabled &&
  !state.control.disabled_agents.includes('contributor');

const isApproved = ({ approvals }: Item, head: string): boolean =>
  approvals.some(({ gate, digest }) => gate === 'pull_request.merge' && digest === head);

async function othersChecks(session: Session, head: string): Promise<readonly CheckFacts[]> {
  const { app_id: ours } = await session.deps.codeHost.identity();
  const checks = await session.repository.host.checks(head);
  return checks.filter(({ app_id }) => app_id !== ours);
}

/** What fails on the base as well was not broken by the change. */
async function failingBy(
  session: Session,
  number: number,
  checks: readonly CheckFacts[],
): Promise<readonly string[]> {
  const failing = [...new Set(checks.filter(isFailing).map(({ name }) => name))];
  const look = failing.length === 0 ? null : await session.looks.pullRequest(number);
  if (look === null) return [];
  const before = await session.repository.host.checks(look.pull_request.base_sha);
  const broken = new Set(before.filter(isFailing).map(({ name }) => name));
  return failing.filter((name) => !broken.has(name)).map((name) => name.slice(0, 80));
}

function tellOnce(session: Session, { id, notices }: Item, text: string): void {
  if (notices.some((notice) => notice.text === text)) return;
  session.give({ kind: 'notify', item: id, to: 'maintainers', text });
}
