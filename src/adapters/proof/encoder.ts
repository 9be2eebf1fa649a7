import { and, choose, integer, no, not, or, real, yes, type Term } from './term.ts';
import { equality, isTrue, order, placed, plus } from './arithmetic.ts';
import { includes } from './automaton.ts';
import { matching, type Fold, type Placement } from './language.ts';
import { canonical, macroOf, namesIn, type Call, type Expr, type Macro } from './shape.ts';
import { after, among, both, constant, either, negated } from './truth.ts';
import { Unmodelled } from './unmodelled.ts';
import type { Member, Text, Truth, Value } from './value.ts';
import { presenceOf, type FactTypes, type Presence, type SymbolicRequest } from './variables.ts';

/** What macros bind: the member that a name stands for. */
type Scope = ReadonlyMap<string, Member>;

/** What was put in an expression's place that the model cannot follow. */
export interface FreeTruth {
  /** Of the variable in the model. */
  readonly name: string;
  readonly why: string;
}

/**
 * Conditions as terms over a symbolic request. What cannot be modelled becomes a boolean that may be anything, the same one
 * wherever the same is asked: so what is proved with it is proved, and what is refuted has to be tried.
 */
export class Encoder {
  readonly free = new Map<string, FreeTruth>();
  private readonly request: SymbolicRequest;
  private readonly facts: FactTypes;
  private readonly known = new Map<string, Truth>();
  private filters = 0;

  constructor(request: SymbolicRequest, facts: FactTypes) {
    this.request = request;
    this.facts = facts;
  }

  truth(expression: Expr, scope: Scope = new Map()): Truth {
    const key = keyOf(expression, scope);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = this.attempt(expression, scope, key);
    this.known.set(key, made);
    return made;
  }

  private attempt(expression: Expr, scope: Scope, key: string): Truth {
    try {
      return this.logic(expression, scope);
    } catch (error) {
      if (!(error instanceof Unmodelled)) throw error;
      const name = `free[${this.free.size}]`;
      this.free.set(key, { name, why: error.message });
      const failed = this.request.variable(`${name}?error`, 'Bool');
      return { holds: and([not(failed), this.request.variable(name, 'Bool')]), error: failed };
    }
  }

  private logic(expression: Expr, scope: Scope): Truth {
    const kind = expression.exprKind;
    if (kind.case === 'comprehensionExpr') {
      const macro = macroOf(kind.value);
      if (macro?.test != null && (macro.name === 'exists' || macro.name === 'all'))
        return this.quantified(macro, macro.test, scope);
    }
    if (kind.case !== 'callExpr') return isTrue(this.value(expression, scope));
    const parts = () => kind.value.args.map((each) => this.truth(each, scope));
    switch (kind.value.function) {
      case '_&&_':
        return both(parts());
      case '_||_':
        return either(parts());
      case '!_':
        return negated(parts()[0] ?? constant(false));
      case '_?_:_': {
        const [asked, then, otherwise] = parts();
        if (asked === undefined || then === undefined || otherwise === undefined) break;
        const fails = negated(asked).holds;
        return after(asked.error, {
          holds: or([and([asked.holds, then.holds]), and([fails, otherwise.holds])]),
          error: or([and([asked.holds, then.error]), and([fails, otherwise.error])]),
        });
      }
    }
    return isTrue(this.value(expression, scope));
  }

  private quantified(macro: Macro, test: Expr, scope: Scope): Truth {
    const list = this.listOf(macro.range, scope);
    this.request.use(list.path);
    const truths = list.members.map((member) => ({
      present: member.present,
      truth: this.truth(test, new Map([...scope, [macro.variable, member]])),
    }));
    const said =
      macro.name === 'exists'
        ? either(truths.map(({ present, truth }) => among(present, truth)))
        : negated(either(truths.map(({ present, truth }) => among(present, negated(truth)))));
    return after(or([list.error, list.null]), said);
  }

  /** A list whose members can be gone through. */
  private listOf(expression: Expr, scope: Scope) {
    const value = this.value(expression, scope);
    if (value.kind === 'list') return value;
    if (value.kind !== 'literals') throw new Unmodelled(`a macro over a ${value.kind}`);
    const members = value.members.map((each, index): Member => ({
      id: `${canonical(expression)}[${index}]`,
      present: yes,
      value: each,
    }));
    const base = { kind: 'list', path: 'literals', length: integer(members.length) } as const;
    return { ...base, error: value.error, null: no, members };
  }

  private value(expression: Expr, scope: Scope): Value {
    const kind = expression.exprKind;
    switch (kind.case) {
      case 'constExpr':
        return constantOf(kind.value.constantKind);
      case 'identExpr':
        return this.named(kind.value.name, scope);
      case 'selectExpr': {
        if (kind.value.operand === undefined) throw new Unmodelled('a selection');
        const operand = this.value(kind.value.operand, scope);
        return this.selected(operand, kind.value.field, kind.value.testOnly);
      }
      case 'listExpr':
        return {
          kind: 'literals',
          ...sure,
          members: kind.value.elements.map((each) => this.value(each, scope)),
        };
      case 'comprehensionExpr':
        return this.derived(macroOf(kind.value), scope);
      case 'callExpr':
        return this.called(kind.value, scope);
      default:
        throw new Unmodelled(`an expression (${kind.case})`);
    }
  }

  private named(name: string, scope: Scope): Value {
    const bound = scope.get(name);
    if (bound !== undefined) return bound.value;
    const type = this.facts.names[name];
    if (type === undefined) throw new Unmodelled(`the name ${name}`);
    return this.at(name, type, presenceOf(null, name), no);
  }

  private selected(operand: Value, field: string, presenceOnly: boolean): Value {
    if (operand.kind !== 'object' && operand.kind !== 'map')
      throw new Unmodelled(`.${field} of a ${operand.kind}`);
    const isMap = operand.kind === 'map';
    const type = isMap ? operand.type : this.facts.types[operand.type]?.[field];
    if (type === undefined) throw new Unmodelled(`the field ${field}`);
    const path = isMap ? `${operand.path}[${JSON.stringify(field)}]` : `${operand.path}.${field}`;
    const presence = isMap ? 'uncertain' : presenceOf(operand.type, field);
    if (isMap) this.request.law(not(this.request.isNull(path, presence)));
    if (!presenceOnly) return this.at(path, type, presence, or([operand.error, operand.null]));
    // `has` of what is null, or of nothing, is not worth following.
    if (operand.null !== no) this.doubt(path);
    const term = not(this.request.isAbsent(path, presence));
    const doubtful = operand.null === no ? term : choose(operand.null, this.doubt(path), term);
    const error =
      operand.null === no
        ? no
        : and([operand.null, this.request.variable(`${path}?fails`, 'Bool')]);
    return { kind: 'bool', term: doubtful, error: or([operand.error, error]), null: no };
  }

  private doubt(path: string): Term {
    return this.request.variable(`${path}?there`, 'Bool');
  }

  /** What stands at a path of the request. `failed`: when there is no such path. */
  private at(path: string, type: string, presence: Presence, failed: Term): Value {
    const known = {
      error: or([failed, this.request.isAbsent(path, presence)]),
      null: this.request.isNull(path, presence),
    };
    const member = /^list<(.*)>$/.exec(type)?.[1];
    if (member !== undefined) {
      const { length, members } = this.request.list(path);
      return {
        kind: 'list',
        ...known,
        path,
        length,
        members: members.map((each) => ({
          id: each.path,
          present: each.present,
          value: this.at(each.path, member, 'certain', no),
        })),
      };
    }
    const entry = /^map<string, (.*)>$/.exec(type)?.[1];
    if (entry !== undefined) return { kind: 'map', ...known, path, type: entry };
    switch (type) {
      case 'string':
        return { kind: 'string', ...known, fold: 'none', at: { path } };
      case 'int':
        return { kind: 'int', ...known, term: this.request.variable(path, 'Int') };
      case 'double':
        return { kind: 'real', ...known, term: this.request.variable(path, 'Real') };
      case 'bool':
        return { kind: 'bool', ...known, term: this.request.variable(path, 'Bool') };
      default:
        return { kind: 'object', ...known, type, path };
    }
  }

  /** A list filtered or mapped; other macros give truths, or are not modelled. */
  private derived(macro: Macro | null, scope: Scope): Value {
    if (macro === null) throw new Unmodelled('a macro other than exists, all, filter and map');
    const list = this.listOf(macro.range, scope);
    this.request.use(list.path);
    const inside = (member: Member) => new Map([...scope, [macro.variable, member]]);
    const failed = or([list.error, list.null]);
    if (macro.name === 'map' && macro.result !== null) {
      const { result } = macro;
      const members = list.members.map((member) => ({
        ...member,
        id: `${member.id} as ${canonical(result)}`,
        value: this.value(result, inside(member)),
      }));
      const errors = members.map(({ present, value }) => and([present, value.error]));
      return { ...list, members, error: or([failed, ...errors]), null: no };
    }
    const { test } = macro;
    if (macro.name !== 'filter' || test === null) throw new Unmodelled(`the macro ${macro.name}`);
    const truths = list.members.map((member) => this.truth(test, inside(member)));
    const kept = list.members.map((member, index) => ({
      ...member,
      present: and([member.present, truths[index]?.holds ?? no]),
    }));
    const errors = list.members.map(({ present }, index) =>
      and([present, truths[index]?.error ?? no]),
    );
    const length = this.lengthOf(kept, list.length);
    return { ...list, members: kept, length, error: or([failed, ...errors]), null: no };
  }

  /** How many a filter keeps is known at zero alone. */
  private lengthOf(kept: readonly Member[], whole: Term): Term {
    const length = this.request.variable(`filtered[${(this.filters += 1)}]#`, 'Int');
    const any = or(kept.map(({ present }) => present));
    this.request.law(and([`(<= ${length} ${whole})`, `(= (> ${length} 0) ${any})`]));
    return length;
  }

  private called(call: Call, scope: Scope): Value {
    const { function: name, target, args } = call;
    const operands = [...(target === undefined ? [] : [target]), ...args];
    const logical = ['_&&_', '_||_', '!_', '_?_:_'].includes(name);
    if (logical) throw new Unmodelled('a choice of values');
    const values = operands.map((each) => this.value(each, scope));
    const [one, other] = values;
    if (one === undefined) throw new Unmodelled(`the function ${name}`);
    if (other === undefined) return this.unary(name, one);
    switch (name) {
      case '_==_':
        return truthValue(equality(one, other, this.request), [one, other]);
      case '_!=_':
        return truthValue(not(equality(one, other, this.request)), [one, other]);
      case '_<_':
      case '_<=_':
      case '_>_':
      case '_>=_':
        return truthValue(order(name, one, other), [one, other], orNull([one, other]));
      case '_+_':
      case '_-_':
        return plus(name, one, other);
      case '_[_]':
        if (other.kind !== 'string' || !('literal' in other.at)) break;
        return this.selected(one, other.at.literal, false);
      case '@in':
        return this.member(one, other);
      case 'startsWith':
      case 'endsWith':
      case 'contains':
      case 'matches':
        return truthValue(this.textual(name, one, other), [one, other], orNull([one, other]));
    }
    throw new Unmodelled(`the function ${name.replaceAll('_', '').replace('@', '')}`);
  }

  private unary(name: string, value: Value): Value {
    const error = or([value.error, value.null]);
    if (name === 'size' && value.kind === 'string')
      return { kind: 'int', term: this.sizeOf(value), error, null: no };
    if (name === 'size' && value.kind === 'list')
      return { kind: 'int', term: value.length, error, null: no };
    if ((name === 'lowerAscii' || name === 'upperAscii') && value.kind === 'string') {
      const fold: Fold = name === 'lowerAscii' ? 'lower' : 'upper';
      if ('literal' in value.at) return literal(folded(value.at.literal, fold));
      return { ...value, fold, error, null: no };
    }
    if (name === '-_' && (value.kind === 'int' || value.kind === 'real'))
      return { ...value, term: `(- ${value.term})`, error, null: no };
    throw new Unmodelled(`the function ${name}`);
  }

  private member(one: Value, list: Value): Value {
    if (list.kind === 'literals')
      return truthValue(or(list.members.map((each) => equality(one, each, this.request))), [
        one,
        list,
      ]);
    if (list.kind === 'list') {
      this.request.use(list.path);
      const found = list.members.map(({ present, value }) =>
        and([present, equality(one, value, this.request)]),
      );
      return truthValue(or(found), [one, list], list.null);
    }
    if (list.kind === 'map' && one.kind === 'string' && 'literal' in one.at)
      return this.selected(list, one.at.literal, true);
    throw new Unmodelled(`membership in a ${list.kind}`);
  }

  /** A change of case leaves a text as long as it was. */
  private sizeOf({ at }: Text): Term {
    return 'literal' in at
      ? integer(Array.from(at.literal).length)
      : this.request.textLength(at.path);
  }

  private textual(name: Placement | 'matches', one: Value, other: Value): Term {
    if (one.kind !== 'string' || other.kind !== 'string')
      throw new Unmodelled(`${name} of no text`);
    if (!('literal' in other.at)) throw new Unmodelled(`${name} with a text that is computed`);
    if (name !== 'matches') return placed(name, one, other.at.literal, this.request);
    const language = matching(other.at.literal, one.fold);
    if ('literal' in one.at) return includes(language, one.at.literal) ? yes : no;
    return this.request.text(one.at.path, language);
  }
}

const sure = { error: no, null: no } as const;

const literal = (value: string): Value => ({
  kind: 'string',
  ...sure,
  fold: 'none',
  at: { literal: value },
});

const folded = (value: string, fold: Fold) =>
  fold === 'lower'
    ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : value.replace(/[a-z]/g, (letter) => letter.toUpperCase());

const orNull = (values: readonly Value[]): Term => or(values.map((value) => value.null));

const truthValue = (term: Term, operands: readonly Value[], fails: Term = no): Value => ({
  kind: 'bool',
  term,
  error: or([fails, ...operands.map(({ error }) => error)]),
  null: no,
});

type Constant = Extract<Expr['exprKind'], { case: 'constExpr' }>['value']['constantKind'];

function constantOf(constantKind: Constant): Value {
  switch (constantKind.case) {
    case 'boolValue':
      return { kind: 'bool', ...sure, term: constantKind.value ? yes : no };
    case 'int64Value':
      return { kind: 'int', ...sure, term: integer(constantKind.value) };
    case 'doubleValue':
      if (!(Math.abs(constantKind.value) < 1e15)) throw new Unmodelled('so large a number');
      return { kind: 'real', ...sure, term: real(constantKind.value) };
    case 'stringValue':
      return literal(constantKind.value);
    case 'nullValue':
      return { kind: 'null', error: no, null: yes };
    default:
      throw new Unmodelled(`a constant (${constantKind.case})`);
  }
}

/** The expression, and what the names in it stand for. */
function keyOf(expression: Expr, scope: Scope): string {
  const written = canonical(expression);
  const names = scope.size === 0 ? new Set<string>() : namesIn(written);
  const bound = [...scope]
    .filter(([name]) => names.has(name))
    .map(([name, { id }]) => `${name}=${id}`);
  return bound.length === 0 ? written : `${written} where ${bound.join(', ')}`;
}
