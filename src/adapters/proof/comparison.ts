import { evaluate } from '../../domain/policy/evaluate.ts';
import { floorRequirement, isFloored } from '../../domain/policy/floor.ts';
import type { Approval, PolicySet } from '../../domain/policy/rules.ts';
import { isSwitchAction } from '../../domain/policy/switch.ts';
import type { Comparison, Weakening } from '../../ports/policy-prover.ts';
import { Cast, nothingLifted, type Casting } from './cast.ts';
import { withCast } from './cast-witness.ts';
import { hunt, type Hunt } from './hunt.ts';
import { outcomeOf } from './outcome.ts';
import { worst, type Parts } from './parts.ts';
import { asksOwners } from './requirements.ts';
import { modelled } from './situation.ts';
import type { Model, Solver } from './solver.ts';
import { and, not } from './term.ts';
import { draftOf, shrunk, unusual } from './witness.ts';

interface Asked {
  readonly parts: Parts;
  readonly solver: Solver;
  readonly before: PolicySet;
  readonly after: PolicySet;
}

const milliseconds = 2000;
/** More people than these are not modelled one by one. */
const maxPeople = 16;

/** What passes under one set and not under the other, on the same request: for each action of which they say different things. */
export async function compare(asked: Asked): Promise<Comparison> {
  const named = ({ rules }: PolicySet) => rules.flatMap(({ actions }) => actions);
  // What no rule names is denied, but for the switch: there a rule that is gone leaves what takes less.
  const kinds = [
    ...new Set([...named(asked.after), ...named(asked.before).filter(isSwitchAction)]),
  ].sort();
  const questions: Weakening[] = [];
  for (const kind of kinds.filter(
    (each) => written(asked.before, each) !== written(asked.after, each),
  )) {
    const allowed = await question(asked, kind, 'approvals');
    questions.push(allowed);
    // Where the one is so, the other would tell the same again.
    if (allowed.answer === 'proved') questions.push(await question(asked, kind, 'objections'));
  }
  return { answer: worst(questions), questions };
}

/** What a set says of an action, as text: the same text decides the same. */
function written(set: PolicySet, kind: string): string {
  const rules = set.rules
    .filter(({ actions }) => actions.includes(kind))
    .map(({ file: _file, reason: _reason, id: _id, ...said }) => ({ ...said, actions: [] }));
  const about = <T extends { readonly actions: readonly string[] | null }>(entries: readonly T[]) =>
    entries.filter(({ actions }) => actions === null || actions.includes(kind));
  const besides = [
    about(set.limits),
    set.budgets,
    about(set.windows),
    [...set.roles],
    set.milestones,
  ];
  return JSON.stringify([rules, ...besides]);
}

type Means = 'approvals' | 'objections';

async function question(asked: Asked, kind: string, means: Means): Promise<Weakening> {
  const start = performance.now();
  const found = await look(asked, kind, means);
  const witness = found.answer === 'refuted' ? found.witness : null;
  return {
    id: `${kind}/${means}`,
    action: kind,
    claim:
      means === 'approvals'
        ? `${kind} passes only where it passed before`
        : `${kind} is stopped by whoever's objection stopped it before`,
    answer: found.answer,
    rules: witness?.after.rules ?? [],
    why: found.answer === 'not_provable' ? found.why : null,
    witness,
    milliseconds: Math.round(performance.now() - start),
  };
}

type Seen = NonNullable<Weakening['witness']>;

async function look(asked: Asked, kind: string, means: Means): Promise<Hunt<Seen>> {
  const { before, after } = asked;
  if (isSwitchAction(kind))
    return { answer: 'not_provable', why: `who may ${kind} is not modelled; read the change` };
  const people = peopleFor(after, kind);
  if (people > maxPeople)
    return {
      answer: 'not_provable',
      why: `the approvals take ${people} people, and at most ${maxPeople} are modelled`,
    };
  const objects = means === 'objections';
  if ([before, after].some((set) => namesOwners(set, kind))) {
    const found = await search(asked, kind, { size: people, objects, sameOwners: true });
    if (found.answer === 'refuted') return found;
  }
  return search(asked, kind, { size: people, objects, sameOwners: false });
}

async function search(asked: Asked, kind: string, casting: Casting): Promise<Hunt<Seen>> {
  const { parts, solver, before, after } = asked;
  const { built, ...bench } = modelled(parts, kind, [before, after], (at) => {
    const cast = new Cast(at, casting);
    const floor = isFloored(kind) ? floorRequirement : null;
    const under = (set: PolicySet) =>
      outcomeOf(
        set,
        at.situation((requirement) => cast.hear(requirement, set), floor),
      ).floored;
    const goal = and([under(after), not(under(before))]);
    return { cast, goal: and([goal, cast.laws()]) };
  });
  const replay = (model: Model): Seen | null => {
    const request = parts.read(withCast(draftOf(model, kind, parts.facts), model));
    if (request === null) return null;
    const [then, now] = [evaluate(before, request), evaluate(after, request)];
    return now.satisfied && !then.satisfied
      ? { request, before: then, after: now, unusual: unusual(request) }
      : null;
  };
  const game = {
    solver,
    request: bench.request,
    goal: and([built.goal, nothingLifted(bench, built.cast)]),
    free: [
      ...bench.encoder.free.values(),
      ...built.cast.free.map((name) => ({ name, why: whyFree(name) })),
    ],
    milliseconds,
    replay: (model: Model) =>
      replay(model) === null ? null : replay(shrunk(model, (less) => replay(less) !== null)),
  };
  const plain = await hunt(game);
  return plain.answer === 'proved' ? hunt({ ...game, goal: built.goal }) : plain;
}

const whyFree = (name: string) =>
  name.startsWith('lifted') ? 'how an objection is lifted' : 'who owns the changed files';

/** Whether it asks for owners of the changed files anywhere. */
function namesOwners({ rules, roles }: PolicySet, kind: string): boolean {
  const asks = (approval: Approval): boolean =>
    approval.type === 'requirement' ? asksOwners(approval.from, roles) : approval.parts.some(asks);
  return rules.some(
    (rule) => rule.effect === 'require_human' && rule.actions.includes(kind) && asks(rule.approval),
  );
}

/** As many as it takes to satisfy every requirement with other people, and the floor: more would change nothing. */
function peopleFor({ rules }: PolicySet, kind: string): number {
  const counts = (approval: Approval): number => {
    if (approval.type === 'requirement') return approval.count;
    const parts = approval.parts.map(counts);
    return approval.type === 'any'
      ? Math.max(0, ...parts)
      : parts.reduce((total, each) => total + each, 0);
  };
  return rules.reduce(
    (total, rule) =>
      rule.effect === 'require_human' && rule.actions.includes(kind)
        ? total + counts(rule.approval)
        : total,
    isFloored(kind) ? 1 : 0,
  );
}
