import { Environment, ParseError, TypeError as CheckError } from '@marcbachmann/cel-js';
import { didYouMean } from '../../domain/nearest.ts';
import { ok, refused, type Result } from '../../domain/result.ts';
import { environment, re2 } from './cel-runtime.ts';
import { maxCost, tooCostly } from './cost.ts';
import { factTypes, factVariables, nullableTypes } from './facts.ts';
import { patternTooLarge } from './pattern.ts';
import { calledIn, nodesIn, textIn, textOf, typeOf, type Node } from './syntax.ts';
import { valueFaults, type NodeFault } from './values.ts';

/** Why a condition is none. `offset` counts characters into it; null where the place is not known. */
export interface ConditionFault {
  readonly message: string;
  readonly offset: number | null;
}

const maxLength = 4096;
const maxNesting = 64;

/** Reads a condition and finds what is wrong with it before it is ever asked: names, types, values, patterns, cost. */
export function checkCondition(source: string): Result<Node, ConditionFault> {
  const size = tooLarge(source);
  if (size !== null) return fault(size, null);
  const parsed = parsedBy(source);
  if (!parsed.ok) return parsed;
  const { ast, types } = parsed.value;
  const nodes = nodesIn(ast);
  const misnamed = nodes.flatMap(functionFaults)[0];
  if (misnamed !== undefined) return at(misnamed);
  const typed = types();
  if (!typed.ok) return typed;
  const wrong = [...nodes.flatMap(fieldFaults), ...nodes.flatMap(valueFaults)];
  const first = [...wrong, ...nodes.flatMap(numberFaults), ...patternFaults(nodes)][0];
  return first === undefined ? affordable(ast) : at(first);
}

const fault = (message: string, offset: number | null): Result<never, ConditionFault> =>
  refused({ message, offset });

const at = ({ node, message }: NodeFault) => fault(message, node.start);

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
  const made = new Environment({
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
    made.registerType(name, { fields: { ...fields } });
  for (const [name, type] of Object.entries(factVariables)) made.registerVariable(name, type);
  for (const type of nullableTypes) made.registerOperator(`${type} == null`, () => false);
  return made;
}

interface Parsed {
  readonly ast: Node;
  /** Asked once the names are known: the checker's own words for an unknown macro are about its variable. */
  readonly types: () => Result<true, ConditionFault>;
}

function parsedBy(source: string): Result<Parsed, ConditionFault> {
  try {
    const parsed = checker.parse(source);
    return ok({ ast: parsed.ast, types: () => typesOf(parsed.check()) });
  } catch (error) {
    return faultIn(error);
  }
}

function typesOf({ valid, type, error }: ReturnType<Environment['check']>) {
  if (!valid) return faultIn(error);
  return type === 'bool'
    ? ok<true>(true)
    : fault(`gives ${type ?? 'an unknown type'}, and a condition must give true or false`, null);
}

/** An error of the parser or the checker, which know the place. */
function faultIn(error: unknown): Result<never, ConditionFault> {
  if (error instanceof CheckError)
    return fault(explain(error.summary, error.node), error.range?.start ?? null);
  if (error instanceof ParseError)
    return fault(firstLine(error.summary), error.range?.start ?? null);
  return fault(firstLine(error instanceof Error ? error.message : 'not a CEL expression'), null);
}

const firstLine = (text: string) => text.split('\n')[0] ?? text;

/** The checker's words, with what is known of the place, and what to write instead. */
function explain(summary: string, node: Node | undefined): string {
  const field = /^No such key: (.*)$/.exec(summary)?.[1];
  if (field !== undefined) return noField(field, node?.op === '.' ? typeOf(node.args[0]) : null);
  const variable = /^Unknown variable: (.*)$/.exec(summary)?.[1];
  if (variable !== undefined)
    return `unknown name "${variable}"${didYouMean(variable, Object.keys(factVariables))}`;
  const operands = /^no such overload: (\S.*) (==|!=|in) (.*)$/.exec(summary);
  if (operands !== null) return neverEqual(operands);
  return firstLine(summary);
}

/** With the type known, its fields are the ones to choose from; without, those of any. */
function noField(field: string, type: string | null): string {
  const fields = type === null ? undefined : factTypes[type];
  const all = Object.values(factTypes).flatMap((each) => Object.keys(each));
  const known = fields === undefined ? all.filter((name) => name !== field) : Object.keys(fields);
  const near = didYouMean(field, known);
  const listed = near === '' && fields !== undefined ? `; there are ${known.join(', ')}` : near;
  return `there is no field "${field}" here${listed}`;
}

function neverEqual([, left = '', operator = '', right = '']: RegExpExecArray): string {
  const compared = `no such overload: ${left} ${operator} ${right}`;
  if (right === 'null') return `${compared}; it is never null here`;
  if (operator !== 'in' && left === `list<${right}>`)
    return `${compared}; a list is no single value: ask with "in"`;
  return `${compared}; these can never be ${operator === 'in' ? 'in one another' : 'equal'}`;
}

const macros: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map'];
const operators = /^[^a-zA-Z]/;

/** Functions that both libraries have, the one that checks and the one that runs. */
const functions: readonly string[] = [
  ...new Set([...macros, 'has', ...checker.getDefinitions().functions.map(({ name }) => name)]),
].filter(
  (name) =>
    name !== 'dyn' &&
    !operators.test(name) &&
    (macros.includes(name) || name === 'has' || environment.funcs.find(name) !== undefined),
);

function functionFaults(node: Node): readonly NodeFault[] {
  const name = calledIn(node);
  if (name === null || functions.includes(name)) return [];
  // It would take any comparison, and none would be checked.
  if (name === 'dyn') return [{ node, message: 'dyn hides types from this check; leave it out' }];
  return [{ node, message: `unknown function "${name}"${didYouMean(name, functions)}` }];
}

/** `has(x.y)` asks whether y is there, and the checker takes any name for it. */
function fieldFaults(node: Node): readonly NodeFault[] {
  const asked = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
  if (asked?.op !== '.') return [];
  const type = typeOf(asked.args[0]);
  const field = asked.args[1];
  const fields = type === null ? undefined : factTypes[type];
  return fields === undefined || Object.hasOwn(fields, field)
    ? []
    : [{ node: asked, message: noField(field, type) }];
}

const largestInt = 2n ** 63n;

function numberFaults(node: Node): readonly NodeFault[] {
  return node.op === 'value' && typeof node.args === 'bigint' && node.args >= largestInt
    ? [{ node, message: `${node.args} is more than a whole number can be (64 bits)` }]
    : [];
}

/**
 * Patterns stand in the policy: one that a pull request brought would be a program by whoever wrote it. Each is compiled
 * here, so that a wrong one is found now.
 */
function patternFaults(nodes: readonly Node[]): readonly NodeFault[] {
  const listed = listedTexts(nodes);
  return nodes.flatMap((node) => {
    const pattern = calledIn(node) === 'matches' ? lastArgument(node) : undefined;
    if (pattern === undefined) return [];
    const written = textIn(pattern);
    const texts = written === null && pattern.op === 'id' ? listed.get(pattern.args) : [written];
    return (texts ?? [null]).flatMap((text) => {
      const message =
        text === null ? 'matches takes a pattern that is written out here' : patternFault(text);
      return message === null ? [] : [{ node: pattern, message }];
    });
  });
}

function patternFault(pattern: string): string | null {
  const large = patternTooLarge(pattern);
  if (large !== null) return large;
  try {
    re2.compile(pattern);
    return null;
  } catch (error) {
    return `the pattern "${pattern}" is no RE2 expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const lastArgument = (node: Node): Node | undefined =>
  node.op === 'call' ? node.args[1].at(-1) : node.op === 'rcall' ? node.args[2].at(-1) : undefined;

/** Variables of macros over a list that is written out, such as `["^a", "^b"].exists(p, f.path.matches(p))`. */
function listedTexts(nodes: readonly Node[]): ReadonlyMap<string, readonly (string | null)[]> {
  const listed = new Map<string, readonly (string | null)[]>();
  for (const node of nodes) {
    if (node.op !== 'rcall' || !macros.includes(node.args[0])) continue;
    const [, range, [variable]] = node.args;
    if (variable?.op !== 'id') continue;
    // A name that stands for something else elsewhere in the condition counts as unknown in all of it.
    const texts = range.op === 'list' ? range.args.map(textIn) : [null];
    listed.set(variable.args, [...(listed.get(variable.args) ?? []), ...texts]);
  }
  return listed;
}

function affordable(ast: Node): Result<Node, ConditionFault> {
  const costly = tooCostly(ast);
  if (costly === null) return ok(ast);
  const steps = Math.round(costly.cost).toLocaleString('en-US');
  const most = maxCost.toLocaleString('en-US');
  const message = `too costly: \`${textOf(costly.node)}\` takes some ${steps} steps on a large pull request, and ${most} are allowed; go over each list once, or look in a shorter text`;
  return fault(message, costly.node.start);
}
