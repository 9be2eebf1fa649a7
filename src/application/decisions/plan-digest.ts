import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import type { Item, Plan } from '../../domain/work-item/state.ts';
import type { Deps } from '../repository.ts';
import type { Session } from '../session.ts';

interface IssueText {
  readonly title: string;
  readonly body: string;
}

type Hashing = Pick<Deps, 'sha256'>;

/** What a run was told the issue says. */
export const textDigest = ({ sha256 }: Hashing, { title, body }: IssueText): string =>
  sha256(canonicalJson({ title, body }));

type PlanContent = Omit<Plan, 'digest' | 'published_at'>;

/** Of the plan together with the text it was made for: approving the one is approving it for the other. */
export function planDigest(
  { sha256 }: Hashing,
  item: Item,
  { summary, files, steps, risks, tests }: PlanContent,
  text: string | null,
): string {
  const content = { issue: item.number, summary, files, steps, risks, tests };
  // null: by a run that began under a version which bound the title alone.
  return sha256(
    canonicalJson(text === null ? { ...content, title: item.title } : { ...content, text }),
  );
}

/** Whether the plan in force was made for what the issue says. `text` as `textDigest` gives it. */
export function isPlanOf(hashing: Hashing, item: Item, text: string): boolean {
  if (item.plan === null) return true;
  return [text, null].some(
    (one) => item.plan !== null && planDigest(hashing, item, item.plan, one) === item.plan.digest,
  );
}

/** The issue reads otherwise than the plan was made for, and no delivery told of it: back to where it is read. */
export async function returnIfEdited(session: Session, item: Item): Promise<boolean> {
  if (item.stage !== 'plan') return false;
  const look = await session.looks.issue(item.number);
  if (look === null) return false;
  return returnUnlessOf(session, item, textDigest(session.deps, look.issue));
}

/** Law 3, at the moment of acting: the issue may have been edited since the work on its plan was taken. */
export async function isEditedBeforeProposed(session: Session, item: Item): Promise<boolean> {
  if (item.kind !== 'issue' || item.pull_request !== null) return false;
  session.looks.forgetItems();
  const look = await session.looks.issue(item.number);
  return look !== null && !isPlanOf(session.deps, item, textDigest(session.deps, look.issue));
}

export async function returnBeforeProposed(session: Session, item: Item): Promise<boolean> {
  const look = await session.looks.issue(item.number);
  return look !== null && returnUnlessOf(session, item, textDigest(session.deps, look.issue));
}

/** Its pull request is about to be opened, or was, and nobody knows: what then becomes of an edit is decided there. */
export const isBeingProposed = ({ state }: Session, { id }: Item): boolean =>
  Object.values(state.intents).some(
    ({ item, kind, uncertain }) => item === id && kind === 'pull_request.open' && !uncertain,
  );

export function returnUnlessOf(session: Session, item: Item, text: string): boolean {
  if (isPlanOf(session.deps, item, text)) return false;
  const reason = 'the issue was edited since its plan was made';
  return session.give({ kind: 'return_to', item: item.id, stage: 'triage', reason }).ok;
}
