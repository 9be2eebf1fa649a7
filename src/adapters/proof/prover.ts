import { reaches } from '../../domain/approval/people.ts';
import { evaluate, evaluateWithoutFloor } from '../../domain/policy/evaluate.ts';
import { floorRequirement, flooredActions } from '../../domain/policy/floor.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { PolicySet, Requirement, Rule } from '../../domain/policy/rules.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { PolicyProver, Proof, ProofQuestion, Witness } from '../../ports/policy-prover.ts';
import type { Hearing } from './approval.ts';
import { compare } from './comparison.ts';
import { hunt, type Hunt } from './hunt.ts';
import { worst, type Parts } from './parts.ts';
import { outcomeOf } from './outcome.ts';
import { modelled } from './situation.ts';
import { createSolver, type Model, type Solver } from './solver.ts';
import { and, implies, no, not, yes, type Term } from './term.ts';
import { draftOf, shrunk, unusual } from './witness.ts';

/** For each question; the whole set of a common policy takes a tenth of it. */
const milliseconds = 2000;

export function createPolicyProver(parts: Parts, solver: Solver = createSolver()): PolicyProver {
  return {
    prove: (policies) => prove({ parts, solver, policies }),
    compare: (before, after) => compare({ parts, solver, before, after }),
    close: () => solver.close(),
  };
}

interface Asked {
  readonly parts: Parts;
  readonly solver: Solver;
  readonly policies: PolicySet;
}

async function prove(asked: Asked): Promise<Proof> {
  const questions: ProofQuestion[] = [];
  for (const action of flooredActions) {
    questions.push(await timed(asWritten(asked, action)));
    questions.push(await timed(enforced(asked, action)));
  }
  return { answer: worst(questions), questions, dead: await deadRules(asked) };
}

type Untimed = Omit<ProofQuestion, 'milliseconds'>;

async function timed(question: Promise<Untimed>): Promise<ProofQuestion> {
  const start = performance.now();
  const answered = await question;
  return { ...answered, milliseconds: Math.round(performance.now() - start) };
}

/** The set as its author wrote it: what asks for nobody, holds without anybody. */
function asWritten(asked: Asked, action: string): Promise<Untimed> {
  const nobody = ({ count }: Requirement): Hearing => ({
    holds: count === 0 ? yes : no,
    blocked: no,
    writer: no,
  });
  return question(asked, {
    id: `${action}/as_written`,
    action,
    claim: `${action} never passes without a human's approval, by the rules as they are written`,
    goal: (bench) => outcomeOf(asked.policies, bench.situation(nobody, null)).written,
    counterexample: (request) => {
      const verdict = evaluateWithoutFloor(asked.policies, request);
      return verdict.satisfied && verdict.approvers.length === 0 ? verdict : null;
    },
  });
}

/** The system: whoever the rules count or do not count, one of them may write to the repository. */
function enforced(asked: Asked, action: string): Promise<Untimed> {
  return question(asked, {
    id: `${action}/enforced`,
    action,
    claim: `${action} never passes, with the floor, without somebody who may write to the repository`,
    goal: (bench) => {
      let heard = 0;
      const anybody = (requirement: Requirement): Hearing => {
        const name = `heard[${(heard += 1)}]`;
        const holds = bench.request.variable(`${name}.holds`, 'Bool');
        const writer = bench.request.variable(`${name}.writer`, 'Bool');
        if (requirement === floorRequirement) bench.request.law(implies(holds, writer));
        return { holds, writer, blocked: no };
      };
      const outcome = outcomeOf(asked.policies, bench.situation(anybody, floorRequirement));
      return and([outcome.floored, not(outcome.writer)]);
    },
    counterexample: (request) => {
      const verdict = evaluate(asked.policies, request);
      return verdict.satisfied && !verdict.approvers.some(({ login }) => mayWrite(request, login))
        ? verdict
        : null;
    },
  });
}

const mayWrite = ({ people }: PolicyRequest, login: string) =>
  reaches(people[login]?.permission ?? null, 'write');

interface Posed {
  readonly id: string;
  readonly action: string;
  readonly claim: string;
  readonly goal: (bench: Parameters<Parameters<typeof modelled<Term>>[3]>[0]) => Term;
  /** The verdict on a request that breaks the claim; null on one that does not. */
  readonly counterexample: (request: PolicyRequest) => Verdict | null;
}

async function question({ parts, solver, policies }: Asked, posed: Posed): Promise<Untimed> {
  const { id, action, claim } = posed;
  const bench = modelled(parts, action, [policies], posed.goal);
  const replay = (model: Model): Witness | null => {
    const request = parts.read(draftOf(model, action, parts.facts));
    const verdict = request === null ? null : posed.counterexample(request);
    return request === null || verdict === null
      ? null
      : { request, verdict, unusual: unusual(request) };
  };
  const found: Hunt<Witness> = await hunt({
    solver,
    request: bench.request,
    goal: bench.built,
    free: [...bench.encoder.free.values()],
    milliseconds,
    replay: (model) =>
      replay(model) === null ? null : replay(shrunk(model, (less) => replay(less) !== null)),
  });
  const witness = found.answer === 'refuted' ? found.witness : null;
  return {
    id,
    action,
    claim,
    answer: found.answer,
    rules: witness?.verdict.rules ?? [],
    why: found.answer === 'not_provable' ? found.why : null,
    witness,
  };
}

/** Rules whose condition is true of no request. Where it fails they deny all the same. */
async function deadRules({ parts, solver, policies }: Asked): Promise<readonly string[]> {
  const dead: string[] = [];
  for (const rule of policies.rules) {
    if (rule.when !== null && (await neverSpeaks(rule, parts, solver))) dead.push(rule.id);
  }
  return dead;
}

async function neverSpeaks(rule: Rule, parts: Parts, solver: Solver): Promise<boolean> {
  for (const action of rule.actions) {
    const bench = modelled(parts, action, [], ({ truth, situation }) => {
      const concerned = situation(() => silent, null).by(rule.agents);
      return and([concerned, truth(rule.when).holds]);
    });
    const found = await hunt({
      solver,
      request: bench.request,
      goal: bench.built,
      free: [...bench.encoder.free.values()],
      milliseconds,
      // Any model will do: it says that nothing is proved.
      replay: () => true,
    });
    if (found.answer !== 'proved') return false;
  }
  return true;
}

const silent: Hearing = { holds: no, blocked: no, writer: no };
