import { canonicalJson } from '../ledger/canonical-json.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { EventActor } from '../ledger/envelope.ts';
import type { Command } from './command.ts';
import type { DomainEvent } from './event.ts';
import { event, system } from './event-draft.ts';
import { sameApproval } from './evolve-item.ts';
import type { Approval, Item } from './state.ts';

/** Compares the evidence as it stands with what was recorded: says what came, what went, and whether it is enough now. */
export function assessGate(
  item: Item,
  command: Extract<Command, { kind: 'assess_gate' }>,
  at: string,
): Result<readonly DomainEvent[]> {
  const { gate } = command;
  const recorded = item.approvals.filter((approval) => approval.gate === gate.action);
  const ended = recorded.filter((old) => !command.approvals.some((now) => sameApproval(old, now)));
  const given = command.approvals.filter((now) => !recorded.some((old) => sameApproval(old, now)));
  const waits = item.authority === 'waiting_for_human';
  const reopened = !waits && (ended.length > 0 || !command.sufficient);
  const events = [
    ...ended.map((approval) =>
      event('approval.ended', item.id, system, { approval, reason: whyEnded(command, approval) }),
    ),
    ...(reopened
      ? [event('gate.reopened', item.id, system, { reason: command.ended_because })]
      : []),
    ...(!(waits || reopened) || sameGate(item.gate, gate)
      ? []
      : [event('gate.updated', item.id, system, { gate })]),
    ...(waits || reopened ? given : []).map(({ given_on = null, ...approval }) =>
      event('approval.given', item.id, humanActor(approval), {
        approval,
        given_on: given_on ?? approval.digest,
      }),
    ),
    ...((waits || reopened) && command.sufficient
      ? [
          event('gate.approved', item.id, system, {
            action: gate.action,
            digest: gate.digest,
          }),
        ]
      : []),
  ];
  if (events.length === 0) return refuse('unchanged', `${item.id}: nothing new at ${at}`);
  return ok(events);
}

const whyEnded = (
  { ended = [], ended_because }: Extract<Command, { kind: 'assess_gate' }>,
  approval: Approval,
): string => ended.find((one) => sameApproval(one.approval, approval))?.reason ?? ended_because;

const humanActor = (approval: Approval): EventActor => ({
  kind: 'human',
  id: approval.id,
  login: approval.login,
});

/**
 * `since` is when it was first asked and says nothing new. Compared as the history writes it: what was read from there has
 * its keys in another order, and every waiting item would be written down anew at each start.
 */
const sameGate = (a: Item['gate'], b: NonNullable<Item['gate']>): boolean =>
  a !== null && canonicalJson({ ...a, since: '' }) === canonicalJson({ ...b, since: '' });

export function override(
  item: Item,
  { approval, justification }: Extract<Command, { kind: 'override' }>,
  actor: EventActor,
): Result<readonly DomainEvent[]> {
  if (justification.trim() === '') {
    return refuse(
      'override.unjustified',
      'an override needs its reason: /assent override BECAUSE …',
    );
  }
  return ok([
    event('approval.given', item.id, actor, { approval, given_on: approval.digest }),
    event('gate.overridden', item.id, actor, {
      action: approval.gate,
      digest: approval.digest,
      justification,
    }),
  ]);
}

/** What was said about the contribution as it was; each ends in the history by itself, so that people see which. */
export const endMergeApprovals = (item: Item, reason: string): readonly DomainEvent[] =>
  endApprovals(
    item,
    item.approvals.filter((approval) => approval.gate !== 'plan.adopt'),
    reason,
  );

export const endApprovals = (
  item: Item,
  approvals: readonly Approval[],
  reason: string,
): readonly DomainEvent[] =>
  approvals.map((approval) => event('approval.ended', item.id, system, { approval, reason }));
