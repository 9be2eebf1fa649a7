import { parse } from '@bufbuild/cel';

/** A node of a parsed CEL expression. */
export type Expr = ReturnType<typeof parse>['expr'];
type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/**
 * Makes `all` over the files of a pull request false where there are none. In CEL it is true of an empty list, and then
 * "all files are documentation" lets an empty pull request pass as documentation.
 */
export function withoutVacuousAll(expression: Expr): Expr {
  const rewritten = mapChildren(expression, withoutVacuousAll);
  const kind = rewritten.exprKind;
  if (kind.case !== 'comprehensionExpr' || !isAll(kind.value) || !isFiles(kind.value.iterRange))
    return rewritten;
  return substitute(parse('size(range) > 0 && body').expr, {
    range: kind.value.iterRange,
    body: rewritten,
  });
}

/** `all` is the macro that starts from true and joins by `&&`. */
function isAll({ accuInit, loopStep }: Comprehension): boolean {
  const start = accuInit?.exprKind;
  const step = loopStep?.exprKind;
  return (
    start?.case === 'constExpr' &&
    start.value.constantKind.case === 'boolValue' &&
    start.value.constantKind.value &&
    step?.case === 'callExpr' &&
    step.value.function === '_&&_'
  );
}

/** `….files`, also filtered or mapped: filtering can empty the list as well. */
function isFiles(range: Expr | undefined): boolean {
  const kind = range?.exprKind;
  if (kind?.case === 'selectExpr') return kind.value.field === 'files' && !kind.value.testOnly;
  if (kind?.case === 'callExpr' && kind.value.function === '_[_]')
    return isFilesIndex(kind.value.args[1]);
  return kind?.case === 'comprehensionExpr' && isFiles(kind.value.iterRange);
}

function isFilesIndex(index: Expr | undefined): boolean {
  const kind = index?.exprKind;
  const constant = kind?.case === 'constExpr' ? kind.value.constantKind : undefined;
  return constant?.case === 'stringValue' && constant.value === 'files';
}

function substitute(template: Expr, by: Readonly<Record<string, Expr | undefined>>): Expr {
  const kind = template.exprKind;
  const replacement = kind.case === 'identExpr' ? by[kind.value.name] : undefined;
  return replacement ?? mapChildren(template, (child) => substitute(child, by));
}

/** How many macros stand inside one another. */
export function comprehensionDepth(expression: Expr): number {
  const below = Math.max(0, ...childrenOf(expression).map(comprehensionDepth));
  return expression.exprKind.case === 'comprehensionExpr' ? below + 1 : below;
}

function childrenOf(expression: Expr): readonly Expr[] {
  const children: Expr[] = [];
  mapChildren(expression, (child) => {
    children.push(child);
    return child;
  });
  return children;
}

/** The expression with each direct child replaced. */
function mapChildren(expression: Expr, map: (child: Expr) => Expr): Expr {
  const kind = expression.exprKind;
  const wrap = (exprKind: Expr['exprKind']): Expr => ({ ...expression, exprKind });
  switch (kind.case) {
    case 'selectExpr': {
      const { operand, ...rest } = kind.value;
      return operand === undefined
        ? expression
        : wrap({ ...kind, value: { ...rest, operand: map(operand) } });
    }
    case 'callExpr': {
      const { target, args, ...rest } = kind.value;
      const value = { ...rest, args: args.map(map) };
      return wrap({
        ...kind,
        value: target === undefined ? value : { ...value, target: map(target) },
      });
    }
    case 'listExpr':
      return wrap({ ...kind, value: { ...kind.value, elements: kind.value.elements.map(map) } });
    case 'structExpr': {
      const entries = kind.value.entries.map((entry) => ({
        ...entry,
        ...(entry.keyKind.case === 'mapKey'
          ? { keyKind: { ...entry.keyKind, value: map(entry.keyKind.value) } }
          : {}),
        ...(entry.value === undefined ? {} : { value: map(entry.value) }),
      }));
      return wrap({ ...kind, value: { ...kind.value, entries } });
    }
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result, ...rest } = kind.value;
      const parts = Object.entries({
        iterRange,
        accuInit,
        loopCondition,
        loopStep,
        result,
      }).flatMap(([name, part]) => (part === undefined ? [] : [[name, map(part)] as const]));
      return wrap({ ...kind, value: { ...rest, ...Object.fromEntries(parts) } });
    }
    default:
      return expression;
  }
}
