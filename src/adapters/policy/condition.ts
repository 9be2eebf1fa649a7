import { isCelError, parse, plan } from '@bufbuild/cel';
import type { Condition } from '../../domain/policy/rules.ts';
import { ok, refuse, refused, type Result } from '../../domain/result.ts';
import { environment } from './cel-runtime.ts';
import { checkCondition, type ConditionFault } from './check-condition.ts';
import { constantOf, repeatedIn } from './constant.ts';
import { comprehensionDepth, withoutVacuousAll, type Expr } from './expression.ts';
import { factsOf } from './facts.ts';

/** Steps of nested macros that one evaluation may take: lists of a million, or of a thousand inside one another. */
const maxSteps = 1_000_000;

/**
 * Compiles a CEL expression over a request. Types are checked by one library and the result is run by another, which keeps
 * to the standard more closely but checks nothing; so what the first accepts and the second lacks is looked for here.
 */
export function compileCondition(source: string): Result<Condition, ConditionFault> {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const fresh = compileAnew(source);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(source, fresh);
  return fresh;
}

/** The schema compiles each condition to check it, and policies are read at each wake-up; neither has to be slow. */
const compiled = new Map<string, Result<Condition, ConditionFault>>();
const maxCompiled = 2000;

function compileAnew(source: string): Result<Condition, ConditionFault> {
  const checked = checkCondition(source);
  if (!checked.ok) return checked;
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  const constant = constantOf(checked.value);
  const repeats = repeatedIn(checked.value);
  return ok({
    ...condition(source, parsed.value),
    ...(constant === null ? {} : { constant }),
    ...(repeats === null ? {} : { repeats }),
  });
}

/** A condition as it is evaluated, for what reasons about it instead. The source is one that compiled. */
export function conditionExpression(source: string): Expr {
  return withoutVacuousAll(parse(source).expr);
}

function parseExpression(source: string): Result<Expr, ConditionFault> {
  try {
    return ok(conditionExpression(source));
  } catch (error) {
    // A syntax error, or a stack that long chains of operators used up: either way there is no expression.
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return refused({ message: `not a CEL expression: ${message}`, offset: null });
  }
}

function condition(source: string, expression: Expr): Condition {
  const run = plan(environment, expression);
  const depth = comprehensionDepth(expression);
  const failed = (why: string) => refuse('policy.condition', `${source}: ${why}`);
  return {
    source,
    test(request) {
      try {
        const facts = factsOf(request);
        if (facts.longest ** depth > maxSteps) {
          return failed(
            `${depth} macros inside one another over a list of ${facts.longest} would take too long`,
          );
        }
        const answer = run(facts.bindings);
        if (isCelError(answer)) return failed(answer.message);
        return typeof answer === 'boolean' ? ok(answer) : failed('gave neither true nor false');
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      }
    },
  };
}
