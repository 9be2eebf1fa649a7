import type { Approval, Condition, Requirement } from '../../domain/policy/rules.ts';
import { and, implies, no, not, or, yes, type Term } from './term.ts';
import type { Truth } from './value.ts';

/** Who has spoken, as far as one requirement hears it. */
export interface Hearing {
  /** Whether its people are there and nobody objects. */
  readonly holds: Term;
  /** Whether somebody's objection stands. */
  readonly blocked: Term;
  /** Whether one of those it counts may write to the repository. */
  readonly writer: Term;
}

/** How far an approval tree has come, as `domain/approval/quorum.ts` weighs it. */
export interface Tree extends Hearing {
  readonly asked: Term;
  readonly error: Term;
}

export interface Ear {
  readonly truth: (condition: Condition | null) => Truth;
  readonly hear: (requirement: Requirement) => Hearing;
}

export function weigh(approval: Approval, ear: Ear): Tree {
  const { holds: applies, error: failed } = ear.truth(approval.when);
  const inner =
    approval.type === 'requirement' ? weighOne(approval, ear) : weighParts(approval, ear);
  return {
    asked: and([applies, inner.asked]),
    // A part whose condition is false asks for nothing, and so holds.
    holds: implies(applies, inner.holds),
    blocked: and([applies, inner.blocked]),
    writer: and([applies, inner.writer]),
    error: or([failed, and([applies, inner.error])]),
  };
}

const weighOne = (requirement: Requirement, ear: Ear): Tree => ({
  asked: yes,
  error: no,
  ...ear.hear(requirement),
});

function weighParts(approval: Exclude<Approval, Requirement>, ear: Ear): Tree {
  const parts = approval.parts.map((part) => weigh(part, ear));
  const blocked = or(parts.map((part) => part.blocked));
  // A part that is not asked for is no alternative.
  const joined =
    approval.type === 'any'
      ? or(parts.map((part) => and([part.asked, part.holds])))
      : and(parts.map((part) => part.holds));
  return {
    asked: or(parts.map((part) => part.asked)),
    holds: and([joined, not(blocked)]),
    blocked,
    writer: or(parts.map((part) => part.writer)),
    error: or(parts.map((part) => part.error)),
  };
}
