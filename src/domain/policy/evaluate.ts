import { conditionHolds, weighRequirement, weighTree, type Quorum } from '../approval/quorum.ts';
import type { Candidate } from '../approval/candidate.ts';
import { hear, type Hearing } from '../approval/requirement.ts';
import { hindrances } from './constraints.ts';
import { floorRequirement, isFloored, standsOnFloor } from './floor.ts';
import { ignoredEvidence } from './ignored.ts';
import type { PolicyRequest } from './request.ts';
import type { PolicySet, Rule } from './rules.ts';
import { isSwitchAction, weighSwitch } from './switch.ts';
import type { Reason, Verdict } from './verdict.ts';

/** What one rule says of the request. */
type Finding =
  | { readonly says: 'nothing'; readonly rule: Rule; readonly reason: Reason }
  | { readonly says: 'allow' | 'deny'; readonly rule: Rule; readonly reason: Reason }
  | {
      readonly says: 'require_human';
      readonly rule: Rule;
      readonly reason: Reason;
      readonly quorum: Quorum;
    };

/** What the policies in force say of an action. Total and pure: reads the request alone, throws nothing. */
export const evaluate = (policies: PolicySet, request: PolicyRequest): Verdict =>
  judge(policies, request, { floored: isFloored(request.action.kind), candidates: null });

/** The same verdict, whose reasons also name those of `candidates` who could give what is missing; null: nobody could be listed. */
export const explain = (
  policies: PolicySet,
  request: PolicyRequest,
  candidates: readonly Candidate[] | null,
): Verdict => judge(policies, request, { floored: isFloored(request.action.kind), candidates });

/**
 * What the rules say as their author wrote them. For proofs alone, which look for what the floor would have to catch; nothing
 * is ever done on its word.
 */
export const evaluateWithoutFloor = (policies: PolicySet, request: PolicyRequest): Verdict =>
  judge(policies, request, { floored: false, candidates: null });

interface Judging {
  readonly floored: boolean;
  readonly candidates: readonly Candidate[] | null;
}

function judge(
  policies: PolicySet,
  request: PolicyRequest,
  { floored, candidates }: Judging,
): Verdict {
  const { kind } = request.action;
  if (isSwitchAction(kind)) return weighSwitch(policies, request, kind);
  const hearing = hear(request, policies.roles, candidates);
  const findings = policies.rules
    .filter((rule) => concerns(rule, request))
    .map((rule) => find(rule, request, hearing));
  const hindered = hindrances(policies, request).map((text): Reason => leaf(`✗ ${text}`));
  const denying = findings.filter((finding) => finding.says === 'deny');
  const requiring = findings.filter((finding) => finding.says === 'require_human');
  const allowing = findings.filter((finding) => finding.says === 'allow');
  const reasons = [...hindered, ...findings.map((finding) => finding.reason)];

  if (hindered.length > 0 || denying.length > 0) return denied(request, denying, reasons);
  const permitting = [...requiring, ...allowing].some(({ rule }) => rule.tightens !== true);
  if (!permitting) return denied(request, [], [...reasons, leaf(noRule(policies))]);
  if (requiring.length > 0 || (allowing.length > 0 && floored)) {
    return humanRequired({ request, hearing, floored }, requiring, allowing, reasons);
  }
  return allowed(request, allowing, reasons);
}

const leaf = (text: string): Reason => ({ text, children: [] });

function concerns(rule: Rule, { action }: PolicyRequest): boolean {
  const agent =
    rule.agents === null || (action.agent !== null && rule.agents.includes(action.agent));
  return agent && rule.actions.includes(action.kind);
}

/** An error anywhere in a rule makes it deny, whatever its effect: nobody knows what it would have said. */
function find(rule: Rule, request: PolicyRequest, hearing: Hearing): Finding {
  const failed = (why: string): Finding => ({
    says: 'deny',
    rule,
    reason: leaf(`✗ rule ${rule.id} could not be evaluated, and so denies: ${why}`),
  });
  const applies = conditionHolds(rule.when, request);
  if (!applies.ok) return failed(applies.refusal.message);
  if (!applies.value) {
    return {
      says: 'nothing',
      rule,
      reason: leaf(`– rule ${rule.id} does not apply: ${rule.when?.source ?? ''} is false`),
    };
  }
  const why = rule.explain?.(request) ?? rule.reason;
  const because = why === null ? '' : `: ${why}`;
  if (rule.effect !== 'require_human') {
    const says = rule.effect;
    const text =
      says === 'allow'
        ? `✓ rule ${rule.id} allows it${because}`
        : `✗ rule ${rule.id} denies it${because}`;
    return { says, rule, reason: leaf(text) };
  }
  const quorum = weighTree(rule.approval, request, hearing);
  if (!quorum.ok) return failed(quorum.refusal.message);
  const mark = quorum.value.holds ? '✓' : '…';
  const reason = {
    text: `${mark} rule ${rule.id} requires humans${because}`,
    children: [quorum.value.reason],
  };
  return { says: 'require_human', rule, reason, quorum: quorum.value };
}

const idsOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule.id);

function described({ action }: PolicyRequest): string {
  return action.agent === null ? action.kind : `${action.kind} by the ${action.agent}`;
}

function denied(
  request: PolicyRequest,
  denying: readonly Finding[],
  children: readonly Reason[],
): Verdict {
  return {
    effect: 'deny',
    satisfied: false,
    approvers: [],
    waiting_for: [],
    ignored: [],
    rules: idsOf(denying),
    reasons: { text: `✗ ${described(request)} is denied`, children },
  };
}

function allowed(
  request: PolicyRequest,
  allowing: readonly Finding[],
  children: readonly Reason[],
): Verdict {
  return {
    effect: 'allow',
    satisfied: true,
    approvers: [],
    waiting_for: [],
    ignored: [],
    rules: idsOf(allowing),
    reasons: { text: `✓ ${described(request)} is allowed`, children },
  };
}

interface Case {
  readonly request: PolicyRequest;
  readonly hearing: Hearing;
  readonly floored: boolean;
}

function humanRequired(
  { request, hearing, floored }: Case,
  requiring: readonly Extract<Finding, { says: 'require_human' }>[],
  allowing: readonly Finding[],
  reasons: readonly Reason[],
): Verdict {
  const asked = requiring.map(({ quorum }) => quorum);
  const floor = floored ? floorFor(hearing, asked) : null;
  const quorums = floor === null ? asked : [...asked, floor];
  const counts = quorums.flatMap((quorum) => quorum.counts);
  const satisfied = quorums.every((quorum) => quorum.holds);
  const text = satisfied
    ? `✓ ${described(request)}: the humans it requires have approved`
    : `… ${described(request)} waits for a human`;
  return {
    effect: 'require_human',
    satisfied,
    approvers: counts.flatMap(({ approvers }) =>
      approvers.map(({ login, by, digest, step }) => ({ login, by, digest, step })),
    ),
    waiting_for: quorums.flatMap((quorum) => quorum.waiting),
    ignored: ignoredEvidence(hearing.acts, counts),
    rules: idsOf(requiring.length > 0 ? requiring : allowing),
    reasons: { text, children: floor === null ? reasons : [...reasons, floor.reason] },
  };
}

/** What the floor adds: nothing while the policy's own requirements still wait, or hold on a human's word. */
function floorFor(hearing: Hearing, asked: readonly Quorum[]): Quorum | null {
  const counts = asked.flatMap((quorum) => quorum.counts);
  const policyHolds = asked.every((quorum) => quorum.holds);
  if (!policyHolds || standsOnFloor(counts)) return null;
  const floor = weighRequirement(floorRequirement, hearing);
  const text = `${floor.holds ? '✓' : '…'} no merge and no roadmap without a human, whatever the policies say`;
  return { ...floor, reason: { text, children: [floor.reason] } };
}

const noRule = ({ files }: PolicySet) =>
  files.length === 0
    ? '✗ there is no policy, and what no rule allows is denied'
    : '✗ no rule allows it, and what no rule allows is denied';
