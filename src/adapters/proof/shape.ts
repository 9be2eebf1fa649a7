import type { parse } from '@bufbuild/cel';

/** A node of a parsed CEL expression. */
export type Expr = ReturnType<typeof parse>['expr'];
export type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];
type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** A macro as it was written, read back from what the parser made of it. Null: none that is modelled. */
export interface Macro {
  readonly name: 'exists' | 'all' | 'filter' | 'map';
  readonly variable: string;
  readonly range: Expr;
  /** What is asked of each member. */
  readonly test: Expr | null;
  /** What each member becomes. */
  readonly result: Expr | null;
}

export function macroOf({
  iterVar,
  iterVar2,
  iterRange,
  accuInit,
  loopStep,
}: Comprehension): Macro | null {
  const start = accuInit?.exprKind;
  const step = loopStep?.exprKind;
  if (iterRange === undefined || iterVar2 !== '' || step?.case !== 'callExpr') return null;
  const base = { variable: iterVar, range: iterRange, test: null, result: null };
  const { args, function: name } = step.value;
  if (start?.case === 'constExpr' && start.value.constantKind.case === 'boolValue') {
    const [, test] = args;
    const all = start.value.constantKind.value;
    return test !== undefined && name === (all ? '_&&_' : '_||_')
      ? { ...base, name: all ? 'all' : 'exists', test }
      : null;
  }
  if (start?.case !== 'listExpr' || start.value.elements.length > 0) return null;
  if (name === '_+_') return appending(base, null, loopStep);
  const [test, append] = args;
  return name === '_?_:_' && test !== undefined ? appending(base, test, append) : null;
}

/** `filter` appends the member itself, `map` what it makes of it. */
function appending(
  base: Omit<Macro, 'name'>,
  test: Expr | null,
  append: Expr | undefined,
): Macro | null {
  const kind = append?.exprKind;
  const list =
    kind?.case === 'callExpr' && kind.value.function === '_+_' ? kind.value.args[1] : undefined;
  const [element] = list?.exprKind.case === 'listExpr' ? list.exprKind.value.elements : [];
  if (element === undefined) return null;
  const itself =
    element.exprKind.case === 'identExpr' && element.exprKind.value.name === base.variable;
  if (test !== null && itself) return { ...base, name: 'filter', test };
  return test === null ? { ...base, name: 'map', result: element } : null;
}

/** One text for expressions that are the same, wherever they stand. */
export const canonical = (expression: Expr): string =>
  JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'id' || key.startsWith('$')) return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });

/** The names an expression uses, those it binds itself included. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/"identExpr","value":\{"name":("(?:[^"\\]|\\.)*")/g)].map(([, name]) =>
      String(JSON.parse(name ?? '""')),
    ),
  );

/** How many macros stand inside one another. */
export function macroDepth(expression: Expr): number {
  let deepest = 0;
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    const inside = 'case' in value && value.case === 'comprehensionExpr' ? depth + 1 : depth;
    deepest = Math.max(deepest, inside);
    for (const part of Object.values(value)) walk(part, inside);
  };
  walk(expression, 0);
  return deepest;
}
