import type { PolicySet, Requirement, Rule } from '../../domain/policy/rules.ts';
import { weigh, type Ear, type Hearing, type Tree } from './approval.ts';
import { and, implies, not, or, type Term } from './term.ts';
import type { Truth } from './value.ts';

/** What a policy set says of an action, as `domain/policy/evaluate.ts` puts it together. */
export interface Outcome {
  /** Satisfied by the rules as they are written. */
  readonly written: Term;
  /** Satisfied by the rules and the floor together. */
  readonly floored: Term;
  /** Whether a person who may write is among those counted. */
  readonly writer: Term;
  /** When each rule speaks. */
  readonly speaks: ReadonlyMap<Rule, Truth>;
}

export interface Situation {
  readonly kind: string;
  readonly ear: Ear;
  /** Whether the action's agent is one of these; null: any, and Assent itself. */
  readonly by: (agents: readonly string[] | null) => Term;
  /** Whether the switch, a limit, a budget or a window forbids it. */
  readonly hindered: (policies: PolicySet) => Term;
  /** What the floor asks for; null where it asks for nothing. */
  readonly floor: Requirement | null;
}

export function outcomeOf(policies: PolicySet, situation: Situation): Outcome {
  const { kind, ear, by } = situation;
  const concerned = policies.rules.filter(({ actions }) => actions.includes(kind));
  const said = concerned.map((rule) => speech(rule, ear, by(rule.agents)));
  const denied = or([situation.hindered(policies), ...said.map(({ denies }) => denies)]);
  const requiring = said.flatMap(({ requires, tree }) =>
    tree === null ? [] : [{ requires, tree }],
  );
  // A rule that only tightens lets nothing pass by itself.
  const permitting = said.filter(({ rule }) => rule.tightens !== true);
  const permitted = or(permitting.flatMap(({ requires, allows }) => [requires, allows]));
  const hold = and(requiring.map(({ requires, tree }) => implies(requires, tree.holds)));
  const written = and([not(denied), hold, permitted]);
  const writer = or(requiring.map(({ requires, tree }) => and([requires, tree.writer])));
  const floor = situation.floor === null ? null : ear.hear(situation.floor);
  return {
    written,
    floored: and([written, floored(floor, writer)]),
    writer: floor === null ? writer : or([writer, floor.writer]),
    speaks: new Map(said.map(({ rule, speaks }) => [rule, speaks])),
  };
}

/** The floor asks for somebody of its own only where the policy's people include none who may write. */
const floored = (floor: Hearing | null, writer: Term): Term =>
  floor === null ? 'true' : or([writer, floor.holds]);

interface Speech {
  readonly rule: Rule;
  readonly speaks: Truth;
  readonly denies: Term;
  readonly allows: Term;
  readonly requires: Term;
  readonly tree: Tree | null;
}

/** A rule that cannot be evaluated denies, whatever its effect. */
function speech(rule: Rule, ear: Ear, concerns: Term): Speech {
  const when = ear.truth(rule.when);
  const speaks = { holds: and([concerns, when.holds]), error: and([concerns, when.error]) };
  const tree = rule.effect === 'require_human' ? weigh(rule.approval, ear) : null;
  const fails = or([speaks.error, and([speaks.holds, tree?.error ?? 'false'])]);
  return {
    rule,
    speaks,
    denies: or([fails, rule.effect === 'deny' ? speaks.holds : 'false']),
    allows: rule.effect === 'allow' ? speaks.holds : 'false',
    requires: tree === null ? 'false' : and([speaks.holds, not(tree.error)]),
    tree,
  };
}
