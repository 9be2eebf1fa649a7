import { APPROVE_LABEL, evidenceName } from '../../domain/approval/acts.ts';
import { fold } from '../../domain/approval/people.ts';
import { commandsIn } from '../../domain/approval/command.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { EndedApproval } from '../../domain/work-item/command.ts';
import { sameApproval } from '../../domain/work-item/evolve-item.ts';
import type { Approval, Item } from '../../domain/work-item/state.ts';
import type { Assessment } from './gate.ts';

/** The approvals on record that count no longer, each with what became of it: nobody should have to guess (law 3). */
export function endings(item: Item, assessed: Assessment): readonly EndedApproval[] {
  return item.approvals
    .filter(({ gate }) => gate === assessed.action)
    .filter((old) => !assessed.approvals.some((now) => sameApproval(old, now)))
    .map((approval) => ({ approval, reason: whyEnded(approval, assessed) }));
}

/** Why a gate that was open asks again, where no approval has ended: somebody objects, or policy asks for more. */
export function whyReopened({ verdict }: Assessment): string {
  const objecting = [...new Set(verdict.waiting_for.flatMap(({ blocked_by }) => blocked_by ?? []))];
  if (objecting.length > 0) return `${objecting.join(' and ')} objected`;
  if (verdict.effect === 'deny') return 'policy denies it now';
  const missing = verdict.waiting_for.map(
    ({ step, have, count }) => `${step} (${have} of ${count})`,
  );
  return missing.length === 0
    ? 'what was approved does not hold any more'
    : `policy asks for ${missing.join(' and ')}`;
}

function whyEnded(old: Approval, { request, verdict }: Assessment): string {
  const became = becameOf[old.by](old, request, verdict);
  if (became !== null) return became;
  const counted = verdict.approvers.some(({ login }) => fold(login) === fold(old.login));
  return counted
    ? `policy counts ${old.login} for another step than ${old.step} now`
    : `policy does not count ${old.login}'s ${old.by} any more`;
}

type Became = (old: Approval, request: PolicyRequest, verdict: Verdict) => string | null;

const becameOf: Readonly<Record<Approval['by'], Became>> = {
  review: (old, { evidence }, verdict) => {
    const reviews = evidence.reviews.filter(({ user }) => user?.id === old.id);
    const given = reviews.find(({ at }) => at === old.at);
    if (given === undefined) return `the review of ${old.login} is gone`;
    if (given.state === 'dismissed') return `the review of ${old.login} was dismissed`;
    const later = reviews.find(({ id, state }) => id > given.id && state === 'changes_requested');
    if (later !== undefined) return `${old.login} requested changes since`;
    return ignoredFor(verdict, [evidenceName.review(given.id)]);
  },
  label: (old, { evidence }, verdict) => {
    const ours = evidence.labels.filter(({ name }) => fold(name) === APPROVE_LABEL);
    const removed = ours.find(
      ({ action, at }) => action !== 'labeled' && Date.parse(at) >= Date.parse(old.at),
    );
    if (removed !== undefined) {
      return `${removed.user?.login ?? 'somebody'} removed the label ${APPROVE_LABEL}`;
    }
    if (!(evidence.labels_now ?? []).some((name) => fold(name) === APPROVE_LABEL)) {
      return `the label ${APPROVE_LABEL} is no longer on the item, and nobody took it off: it was deleted from the repository`;
    }
    const by = ours.findLast(({ user }) => user?.id === old.id)?.user?.login ?? old.login;
    return ignoredFor(verdict, [evidenceName.label(APPROVE_LABEL, by)]);
  },
  command: (old, { evidence }, verdict) => {
    const said = evidence.comments.find(({ user, at }) => user?.id === old.id && at === old.at);
    if (said === undefined) return `the comment of ${old.login} was deleted`;
    if (said.hidden === true) return `the comment of ${old.login} was hidden`;
    if (said.edited_at !== null) return `the comment of ${old.login} was edited`;
    const since = evidence.comments.some(
      ({ user, at, body }) =>
        user?.id === old.id &&
        Date.parse(at) > Date.parse(old.at) &&
        commandsIn(body).some(({ verb }) => verb === 'reject'),
    );
    if (since) return `${old.login} rejected it since`;
    return ignoredFor(verdict, [evidenceName.comment(said.id)]);
  },
  override: () => 'what was overridden is asked again',
};

const ignoredFor = ({ ignored }: Verdict, evidence: readonly string[]): string | null =>
  ignored.find((one) => evidence.includes(one.evidence))?.reason ?? null;
