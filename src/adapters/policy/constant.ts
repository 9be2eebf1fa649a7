import { isCelError, parse, plan } from '@bufbuild/cel';
import { environment } from './cel-runtime.ts';
import { factVariables } from './facts.ts';
import { childrenOf, nodesIn, textOf, type Node } from './syntax.ts';

/** What a condition says of every request; null where that depends on the request. */
export function constantOf(node: Node): boolean | null {
  if (node.op === 'value') return typeof node.args === 'boolean' ? node.args : null;
  if (node.op === '!_') {
    const inner = constantOf(node.args);
    return inner === null ? null : !inner;
  }
  if (node.op === '&&' || node.op === '||') {
    const decides = node.op === '||';
    const parts = node.args.map(constantOf);
    if (parts.includes(decides)) return decides;
    return parts.includes(null) ? null : !decides;
  }
  if (node.op === 'in' && node.args[1].op === 'list' && node.args[1].args.length === 0)
    return false;
  return nodesIn(node).some(isFact) ? null : evaluated(node);
}

/** A name of a macro's own may be that of a fact; then nothing is said, which is only less. */
const isFact = (node: Node) => node.op === 'id' && Object.hasOwn(factVariables, node.args);

function evaluated(node: Node): boolean | null {
  try {
    const source = node.input.slice(node.start, node.end);
    const answer = plan(environment, parse(source).expr)({});
    return !isCelError(answer) && typeof answer === 'boolean' ? answer : null;
  } catch {
    return null;
  }
}

/** A part that stands twice in one chain of `&&` or `||`; null where there is none. */
export function repeatedIn(node: Node): string | null {
  for (const each of nodesIn(node)) {
    if (each.op !== '&&' && each.op !== '||') continue;
    const texts = chain(each, each.op).map(textOf);
    const twice = texts.find((text, index) => texts.indexOf(text) < index);
    if (twice !== undefined) return twice;
  }
  return null;
}

const chain = (node: Node, op: '&&' | '||'): readonly Node[] =>
  node.op === op ? childrenOf(node).flatMap((child) => chain(child, op)) : [node];
