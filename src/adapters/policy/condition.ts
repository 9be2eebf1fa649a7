import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { RE2JS } from '@bufbuild/re2';
import { Environment } from '@marcbachmann/cel-js';
import type { Condition } from '../../domain/policy/rules.ts';
import { ok, refuse, refused, type Result } from '../../domain/result.ts';
import {
  callsIn,
  comprehensionDepth,
  literalPatterns,
  withoutVacuousAll,
  type Expr,
} from './expression.ts';
import { factsOf, factTypes, factVariables, nullableTypes } from './facts.ts';
import { didYouMean } from '../../domain/nearest.ts';

/** Why a condition is none. `offset` counts characters into it; null where the place is not known. */
export interface ConditionFault {
  readonly message: string;
  readonly offset: number | null;
}

const maxLength = 4096;
const maxNesting = 64;
/** Steps of nested macros that one evaluation may take: lists of a million, or of a thousand inside one another. */
const maxSteps = 1_000_000;

/**
 * Compiles a CEL expression over a request. Types are checked by one library and the result is run by another, which keeps
 * to the standard more closely but checks nothing; so what the first accepts and the second lacks is looked for here.
 */
export function compileCondition(source: string): Result<Condition, ConditionFault> {
  const size = tooLarge(source);
  if (size !== null) return fault(size, null);
  const typed = checkTypes(source);
  if (!typed.ok) return typed;
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  const unsupported = unsupportedIn(parsed.value);
  if (unsupported !== null) return fault(unsupported, null);
  return ok(condition(source, parsed.value));
}

const fault = (message: string, offset: number | null): Result<never, ConditionFault> =>
  refused({ message, offset });

/** Measured on the raw text, before a recursive parser sees it. */
function tooLarge(source: string): string | null {
  if (source.length > maxLength) return `longer than ${maxLength} characters; split the rule`;
  let depth = 0;
  for (const character of source) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth > maxNesting) return `nested deeper than ${maxNesting}; split the rule`;
  }
  return null;
}

const checker = typeChecker();

function typeChecker(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: true,
    limits: {
      maxAstNodes: 2000,
      maxDepth: maxNesting,
      maxListElements: 500,
      maxMapEntries: 100,
      maxCallArguments: 16,
    },
  });
  for (const [name, fields] of Object.entries(factTypes))
    environment.registerType(name, { fields: { ...fields } });
  for (const [name, type] of Object.entries(factVariables))
    environment.registerVariable(name, type);
  for (const type of nullableTypes) environment.registerOperator(`${type} == null`, () => false);
  return environment;
}

function checkTypes(source: string): Result<true, ConditionFault> {
  const checked = checker.check(source);
  if (checked.valid) {
    return checked.type === 'bool'
      ? ok(true)
      : fault(
          `gives ${checked.type ?? 'an unknown type'}, and a condition must give true or false`,
          null,
        );
  }
  const summary = checked.error?.summary ?? 'not a CEL expression';
  return fault(explain(summary), checked.error?.range?.start ?? null);
}

/** The checker's words, with the nearest name we know. */
function explain(summary: string): string {
  const field = /^No such key: (.*)$/.exec(summary)?.[1];
  if (field !== undefined) {
    const known = Object.values(factTypes).flatMap((fields) => Object.keys(fields));
    const others = known.filter((name) => name !== field);
    return `there is no field "${field}" here${didYouMean(field, others)}`;
  }
  const variable = /^Unknown variable: (.*)$/.exec(summary)?.[1];
  if (variable !== undefined) {
    return `unknown name "${variable}"${didYouMean(variable, Object.keys(factVariables))}`;
  }
  return summary.split('\n')[0] ?? summary;
}

function parseExpression(source: string): Result<Expr, ConditionFault> {
  try {
    return ok(withoutVacuousAll(parse(source).expr));
  } catch (error) {
    // A syntax error, or a stack that long chains of operators used up: either way there is no expression.
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return fault(`not a CEL expression: ${message}`, null);
  }
}

const patterns = new Map<string, RE2JS>();

/** The evaluator compiles a pattern at each evaluation unless it is given a memo. Patterns come from policies, so they are few. */
const re2 = {
  compile(pattern: string): RE2JS {
    const known = patterns.get(pattern);
    if (known !== undefined) return known;
    const compiled = RE2JS.compile(pattern);
    if (patterns.size >= 1000) patterns.clear();
    patterns.set(pattern, compiled);
    return compiled;
  },
};

const environment = celEnv({ funcs: strings, re2 });

function unsupportedIn(expression: Expr): string | null {
  for (const name of callsIn(expression)) {
    const operator = !/^[a-zA-Z]/.test(name);
    if (!operator && environment.funcs.find(name) === undefined)
      return `unknown function "${name}"`;
  }
  for (const pattern of literalPatterns(expression)) {
    try {
      re2.compile(pattern);
    } catch (error) {
      return `the pattern "${pattern}" is no RE2 expression: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
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
