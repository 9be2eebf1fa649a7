import { childrenOf, textIn, typeOf, type Node } from './syntax.ts';

/** Steps that one condition may take at the assumed sizes: some tenths of a second of the service's time. */
export const maxCost = 1_000_000;

/**
 * How long things are taken to be: a large pull request, though not the largest. What turns out longer is stopped while it
 * runs; this finds, when a policy is read, what could not work on an ordinary day.
 */
const lists: Readonly<Record<string, number>> = {
  'PullRequest.files': 300,
  'PullRequest.commits': 100,
  'PullRequest.checks': 50,
  'PullRequest.pushes': 50,
  'Evidence.comments': 100,
  'Evidence.reviews': 50,
  'Evidence.labels': 100,
  'Push.paths': 300,
};
const otherList = 20;

/** Characters. GitHub takes bodies of 65,536. */
const texts: Readonly<Record<string, number>> = {
  'PullRequest.body': 65_536,
  'Issue.body': 65_536,
  'Review.body': 65_536,
  'Comment.body': 65_536,
  'PullRequest.title': 256,
  'Issue.title': 256,
  'File.path': 100,
};
const otherText = 40;

/** Characters that one step copies or compares. */
const charactersAStep = 64;

/** A value as the estimate sees it: how many characters or elements, and what the elements are. */
interface Size {
  readonly length: number;
  readonly item: Size | null;
}

/** What evaluating a node takes, and what it gives. */
interface Estimate {
  readonly cost: number;
  readonly size: Size;
}

export interface TooCostly {
  readonly node: Node;
  readonly cost: number;
}

/** The innermost part of a checked expression that alone takes more than is allowed; null where the whole does not. */
export function tooCostly(expression: Node): TooCostly | null {
  let found: TooCostly | null = null;
  const estimate = estimator((node, cost) => {
    // Inner nodes are done before outer ones, so the first is the innermost.
    if (cost > maxCost && found === null) found = { node, cost };
  });
  estimate(expression, new Map());
  return found;
}

type Scope = ReadonlyMap<string, Size>;

const scalar: Size = { length: 1, item: null };
const text = (length: number): Size => ({ length, item: null });
const copying = (length: number) => Math.ceil(length / charactersAStep);

function estimator(seen: (node: Node, cost: number) => void) {
  const estimate = (node: Node, scope: Scope): Estimate => {
    const result = estimateOf(node, scope);
    seen(node, result.cost);
    return result;
  };

  function estimateOf(node: Node, scope: Scope): Estimate {
    switch (node.op) {
      case 'value':
        return { cost: 0, size: text(textIn(node)?.length ?? 1) };
      case 'id':
        return { cost: 1, size: scope.get(node.args) ?? sizeOfType(typeOf(node), null) };
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return member(node, scope);
      case 'rcall':
        return node.args[2].length > 0 && isMacro(node.args[0])
          ? macro(node, scope)
          : call(node.args[0], [node.args[1], ...node.args[2]], scope);
      case 'call':
        return call(node.args[0], node.args[1], scope);
      case 'list': {
        const items = node.args.map((item) => estimate(item, scope));
        return { cost: 1 + total(items), size: { length: items.length, item: largest(items) } };
      }
      case '+': {
        const [left, right] = node.args.map((each) => estimate(each, scope));
        const length = (left?.size.length ?? 0) + (right?.size.length ?? 0);
        const cost = 1 + (left?.cost ?? 0) + (right?.cost ?? 0) + copying(length);
        return { cost, size: { length, item: left?.size.item ?? right?.size.item ?? null } };
      }
      case '?:': {
        const parts = node.args.map((each) => estimate(each, scope));
        return { cost: 1 + total(parts), size: largest(parts.slice(1)) };
      }
      default: {
        // Operators: both sides, and as much of them as has to be compared.
        const parts = childrenOf(node).map((each) => estimate(each, scope));
        const compared = parts.length === 2 ? Math.min(...parts.map(({ size }) => size.length)) : 0;
        const looked = node.op === 'in' ? (parts[1]?.size.length ?? 0) : copying(compared);
        return { cost: 1 + total(parts) + looked, size: scalar };
      }
    }
  }

  function member(node: Node, scope: Scope): Estimate {
    const [object, ...others] = childrenOf(node);
    const of = object === undefined ? null : estimate(object, scope);
    const cost = 1 + (of?.cost ?? 0) + total(others.map((each) => estimate(each, scope)));
    const item = of?.size.item;
    const indexed = (node.op === '[]' || node.op === '[?]') && item !== null && item !== undefined;
    const field =
      node.op === '.' && object !== undefined ? `${typeOf(object)}.${node.args[1]}` : null;
    return { cost, size: indexed ? item : sizeOfType(typeOf(node), field) };
  }

  function macro(node: Extract<Node, { op: 'rcall' }>, scope: Scope): Estimate {
    const [name, receiver, [variable, ...bodies]] = node.args;
    const range = estimate(receiver, scope);
    const item = range.size.item ?? text(otherText);
    const inner = new Map(scope);
    if (variable?.op === 'id') inner.set(variable.args, item);
    const each = bodies.map((body) => estimate(body, inner));
    const cost = range.cost + range.size.length * (1 + total(each));
    if (name === 'filter') return { cost, size: range.size };
    const mapped = each.at(-1)?.size ?? scalar;
    return { cost, size: name === 'map' ? { length: range.size.length, item: mapped } : scalar };
  }

  function call(name: string, args: readonly Node[], scope: Scope): Estimate {
    const parts = args.map((each) => estimate(each, scope));
    const first = parts[0]?.size ?? scalar;
    const before = 1 + total(parts);
    switch (name) {
      case 'matches':
        return { cost: before + 10 + first.length, size: scalar };
      case 'join': {
        const length = first.length * ((first.item?.length ?? otherText) + 1);
        return { cost: before + first.length + copying(length), size: text(length) };
      }
      case 'split':
        return { cost: before + first.length, size: { length: first.length, item: text(1) } };
      case 'size':
      case 'has':
        return { cost: before, size: scalar };
      default:
        return { cost: before + copying(first.length), size: first };
    }
  }

  return estimate;
}

const isMacro = (name: string) => ['all', 'exists', 'exists_one', 'filter', 'map'].includes(name);

const total = (parts: readonly Estimate[]) => parts.reduce((sum, { cost }) => sum + cost, 0);

const largest = (parts: readonly Estimate[]): Size =>
  parts.reduce<Size>((most, { size }) => (size.length > most.length ? size : most), scalar);

/** How long a value of a type is taken to be, `field` being where it stands. */
function sizeOfType(type: string | null, field: string | null): Size {
  const element = /^list<(.*)>$/.exec(type ?? '')?.[1];
  if (element !== undefined)
    return { length: lists[field ?? ''] ?? otherList, item: sizeOfType(element, field) };
  if (type?.startsWith('map<') === true) return { length: otherList, item: text(otherText) };
  return type === 'string' ? text(texts[field ?? ''] ?? otherText) : scalar;
}
