import type { ASTNode } from '@marcbachmann/cel-js';

/** A node of an expression as its author wrote it, macros included; `range` says where. */
export type Node = ASTNode;

export function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** The node and all below it, outer ones first. */
export const nodesIn = (node: Node): readonly Node[] => [
  node,
  ...childrenOf(node).flatMap(nodesIn),
];

/** The type that the checker gave a node, such as `list<File>`; null before it has been there. */
export function typeOf(node: Node): string | null {
  const checked: unknown = 'checkedType' in node ? node.checkedType : undefined;
  return typeof checked === 'object' &&
    checked !== null &&
    'name' in checked &&
    typeof checked.name === 'string'
    ? checked.name
    : null;
}

/** The text of a node, short enough for a message. */
export function textOf(node: Node): string {
  const text = node.input.slice(node.start, node.end).replaceAll(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What a call is named; null for what is no call. */
export const calledIn = (node: Node): string | null =>
  node.op === 'call' || node.op === 'rcall' ? node.args[0] : null;

/** The text a node stands for, where it is one written out. */
export const textIn = (node: Node): string | null =>
  node.op === 'value' && typeof node.args === 'string' ? node.args : null;
