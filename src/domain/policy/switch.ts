import { evidenceName, type ApprovalAct } from '../approval/acts.ts';
import { commandsIn } from '../approval/command.ts';
import { time } from '../approval/digest.ts';
import { conditionHolds, weighRequirement, weighTree, type Quorum } from '../approval/quorum.ts';
import { hear, type Hearing } from '../approval/requirement.ts';
import { hindrances } from './constraints.ts';
import { standsOnFloor } from './floor.ts';
import { ignoredEvidence } from './ignored.ts';
import type { PolicyRequest } from './request.ts';
import type { Approval, Permission, PolicySet, Requirement, Rule } from './rules.ts';
import type { Reason, Verdict } from './verdict.ts';

/** Acts on the switch. They are people's; policies may say whose. */
export const switchActions = [
  'control.halt',
  'control.resume',
  'agent.enable',
  'agent.disable',
] as const;
export type SwitchAction = (typeof switchActions)[number];

export const isSwitchAction = (kind: string): kind is SwitchAction =>
  switchActions.some((known) => known === kind);

/** What each takes where no rule names it, in permission on the repository. */
export const leastFor: Readonly<Record<SwitchAction, Permission>> = {
  'control.halt': 'write',
  'control.resume': 'maintain',
  'agent.enable': 'maintain',
  'agent.disable': 'write',
};

/** Stopping is never made harder by a policy: whoever finds a fault in one must be able to stop what it lets through. */
export const isStopping = (kind: string): boolean =>
  kind === 'control.halt' || kind === 'agent.disable';

const verbs: Readonly<Record<SwitchAction, string>> = {
  'control.halt': 'halt',
  'control.resume': 'resume',
  'agent.enable': 'enable',
  'agent.disable': 'disable',
};

/**
 * Whether the switch may be moved. The evidence is the commands that ask for it (`/assent resume`); whatever way they came by
 * (comment, label, page, command line) they are read as comments. An action names the agent that is switched.
 */
export function weighSwitch(
  policies: PolicySet,
  request: PolicyRequest,
  action: SwitchAction,
): Verdict {
  const hearing = hearingOf(policies, request, action);
  const usual = usualRequirement(action);
  const named = rulesFor(policies, request, action).map((rule) => find(rule, request, hearing));
  const told = isStopping(action) ? besides(usual, hearing, named) : null;
  if (told !== null) return verdictOf(action, hearing, [told.quorum], told.reasons, []);

  const denying = [
    ...closed(policies, request, action).map((text) => leaf(`✗ ${text}`)),
    ...named.filter(({ says }) => says === 'deny').map(({ reason }) => reason),
  ];
  if (denying.length > 0) return denied(action, denying, named);
  const asked = named.flatMap(({ quorum }) => (quorum === null ? [] : [quorum]));
  const quorums = asked.length > 0 ? asked : [weighRequirement(usual, hearing)];
  const floor = onFloor(action, hearing, quorums);
  return verdictOf(
    action,
    hearing,
    floor === null ? quorums : [...quorums, floor],
    [...named.map(({ reason }) => reason), ...(asked.length > 0 ? [] : quorums.map(reasonOf))],
    named.flatMap(({ rule, quorum }) => (quorum === null ? [] : [rule.id])),
  );
}

interface Finding {
  readonly rule: Rule;
  readonly says: 'nothing' | 'allow' | 'deny' | 'require_human';
  readonly reason: Reason;
  readonly quorum: Quorum | null;
}

const leaf = (text: string): Reason => ({ text, children: [] });
const reasonOf = ({ reason }: Quorum): Reason => reason;

/** By its word alone: the default of `by` is a review, and nobody reviews a switch. */
const byWord = (approval: Approval): Approval =>
  approval.type === 'requirement'
    ? { ...approval, by: ['command'] }
    : { ...approval, parts: approval.parts.map(byWord) };

function hearingOf(policies: PolicySet, request: PolicyRequest, action: SwitchAction): Hearing {
  const heard = hear(request, policies.roles);
  const approvals = request.evidence.comments.flatMap((comment): readonly ApprovalAct[] => {
    const at = time(comment.at);
    const asks = commandsIn(comment.body).some(
      ({ verb, rest }) =>
        verb === verbs[action] &&
        (!action.startsWith('agent.') || rest.split(/\s/, 1)[0] === request.action.agent),
    );
    if (!asks || at === null || comment.hidden === true) return [];
    const edited = comment.edited_at !== null;
    const { id, user } = comment;
    return [
      {
        evidence: evidenceName.comment(id),
        user,
        by: 'command',
        at,
        review: null,
        commit: null,
        edited,
      },
    ];
  });
  return {
    ...heard,
    acts: { approvals, objections: [], overrides: [], ignored: [] },
    subject: { type: 'plan', digest: verbs[action], since: 0 },
  };
}

const usualRequirement = (action: SwitchAction): Requirement => ({
  type: 'requirement',
  step: verbs[action],
  when: null,
  from: { permission: leastFor[action] },
  count: 1,
  by: ['command'],
  author: true,
  contributors: true,
  edited: false,
  validFor: null,
  notBy: [],
  survives: { rebase: false, updateMerge: false, paths: [] },
});

const rulesFor = (
  { rules }: PolicySet,
  { action: { agent } }: PolicyRequest,
  action: SwitchAction,
): readonly Rule[] =>
  rules.filter(
    (rule) =>
      rule.actions.includes(action) &&
      (rule.agents === null || (agent !== null && rule.agents.includes(agent))),
  );

/** An error anywhere in a rule makes it deny, as everywhere. */
function find(rule: Rule, request: PolicyRequest, hearing: Hearing): Finding {
  const failed = (why: string): Finding => ({
    rule,
    says: 'deny',
    quorum: null,
    reason: leaf(`✗ rule ${rule.id} could not be evaluated, and so denies: ${why}`),
  });
  const because = rule.reason === null ? '' : `: ${rule.reason}`;
  const applies = conditionHolds(rule.when, request);
  if (!applies.ok) return failed(applies.refusal.message);
  if (!applies.value) {
    const reason = leaf(`– rule ${rule.id} does not apply: ${rule.when?.source ?? ''} is false`);
    return { rule, says: 'nothing', quorum: null, reason };
  }
  if (rule.effect !== 'require_human') {
    const text =
      rule.effect === 'deny'
        ? `✗ rule ${rule.id} denies it${because}`
        : `– rule ${rule.id} allows it, which leaves it to whom it is left anyway`;
    return { rule, says: rule.effect, quorum: null, reason: leaf(text) };
  }
  const weighed = weighTree(byWord(rule.approval), request, hearing);
  if (!weighed.ok) return failed(weighed.refusal.message);
  const { holds, reason } = weighed.value;
  const text = `${holds ? '✓' : '…'} rule ${rule.id} requires humans${because}`;
  return {
    rule,
    says: 'require_human',
    quorum: weighed.value,
    reason: { text, children: [reason] },
  };
}

/** Whom permission lets stop may; besides, whoever satisfies a rule about it. */
function besides(
  usual: Requirement,
  hearing: Hearing,
  named: readonly Finding[],
): { readonly quorum: Quorum; readonly reasons: readonly Reason[] } {
  const own = weighRequirement(usual, hearing);
  const other = named.find(({ quorum }) => quorum?.holds === true && quorum.counts.length > 0);
  if (!own.holds && other?.quorum != null) {
    return { quorum: other.quorum, reasons: [own.reason, other.reason] };
  }
  return { quorum: own, reasons: [own.reason] };
}

/** Windows that name the act; limits and budgets are about agents. While halted, everything else would be hindered. */
function closed(
  policies: PolicySet,
  request: PolicyRequest,
  action: SwitchAction,
): readonly string[] {
  const windows = policies.windows.filter(({ actions }) => actions?.includes(action) === true);
  return hindrances(
    { ...policies, limits: [], budgets: [], windows },
    { ...request, control: { halted: false, disabled_agents: [] } },
  );
}

/** A policy may name whom it likes; those who only read or triage do not, alone, set anything going. */
function onFloor(
  action: SwitchAction,
  hearing: Hearing,
  quorums: readonly Quorum[],
): Quorum | null {
  if (!quorums.every(({ holds }) => holds)) return null;
  if (standsOnFloor(quorums.flatMap(({ counts }) => counts))) return null;
  return weighRequirement({ ...usualRequirement(action), step: 'floor' }, hearing);
}

function denied(
  action: SwitchAction,
  children: readonly Reason[],
  named: readonly Finding[],
): Verdict {
  return {
    effect: 'deny',
    satisfied: false,
    approvers: [],
    waiting_for: [],
    ignored: [],
    rules: named.filter(({ says }) => says === 'deny').map(({ rule }) => rule.id),
    reasons: { text: `✗ ${action} is denied`, children },
  };
}

function verdictOf(
  action: SwitchAction,
  hearing: Hearing,
  quorums: readonly Quorum[],
  children: readonly Reason[],
  rules: readonly string[],
): Verdict {
  const counts = quorums.flatMap((quorum) => quorum.counts);
  const satisfied = quorums.every(({ holds }) => holds);
  return {
    effect: 'require_human',
    satisfied,
    approvers: counts.flatMap(({ approvers }) =>
      approvers.map(({ login, by, digest, step }) => ({ login, by, digest, step })),
    ),
    waiting_for: quorums.flatMap(({ waiting }) => waiting),
    ignored: ignoredEvidence(hearing.acts, counts),
    rules,
    reasons: {
      text: satisfied ? `✓ ${action}: the humans it takes ask for it` : `… ${action} takes a human`,
      children,
    },
  };
}

/** What a rule about the switch cannot do, for whoever wrote it; null where it does what it says. */
export function aboutTheSwitch({ actions, effect }: Rule): string | null {
  const stopping = actions.filter(isStopping);
  if (stopping.length > 0 && effect !== 'allow') {
    return `does not make ${stopping.join(' and ')} harder: whoever has write permission may always stop${effect === 'deny' ? '' : ', and whoever satisfies this rule may besides'}`;
  }
  const going = actions.filter(isSwitchAction);
  return going.length > 0 && effect === 'allow'
    ? `gives nobody the right to ${going.join(', ')}: name people by require_human`
    : null;
}
