import { toolTiers } from '../../domain/agents/tools.ts';
import { knownActions, knownAgents } from '../../domain/policy/actions.ts';
import { nearest } from '../../domain/nearest.ts';
import { permissions } from '../../domain/policy/rules.ts';
import { textIn, typeOf, type Node } from './syntax.ts';
import { misspelt } from './vocabulary.ts';

/** A fault in a condition, with the node it is about. */
export interface NodeFault {
  readonly node: Node;
  readonly message: string;
}

/** The values that facts have, by type and field. A comparison with any other is never true, or always. */
const closed: Readonly<Record<string, readonly string[]>> = {
  'Person.permission': permissions,
  'File.status': ['added', 'modified', 'removed', 'renamed', 'copied', 'changed', 'type_changed'],
  'Actor.type': ['User', 'Bot', 'Organization', 'Mannequin'],
  'Review.state': ['approved', 'changes_requested', 'commented', 'dismissed', 'pending'],
  'Label.action': ['labeled', 'unlabeled'],
  'MadeWith.tier': ['none', ...toolTiers, 'unknown'],
  'Issue.state': ['open', 'closed', 'unknown'],
};

/** Values that may be anybody's own, where only a slip of a known one is a fault. */
const open: Readonly<Record<string, readonly string[]>> = {
  'Action.kind': knownActions,
  'Action.agent': knownAgents,
  'Count.action': knownActions,
  'Count.agent': knownAgents,
  'PriorApproval.gate': knownActions,
  'MadeWith.agent': knownAgents,
  'Check.conclusion': [
    'success',
    'failure',
    'neutral',
    'cancelled',
    'skipped',
    'timed_out',
    'action_required',
    'stale',
    'startup_failure',
    'error',
    'pending',
  ],
};

/** What is wrong with the values that a node compares a fact with. */
export function valueFaults(node: Node): readonly NodeFault[] {
  if (node.op === '==' || node.op === '!=') {
    const [left, right] = node.args;
    return [...faultsOf(left, [right]), ...faultsOf(right, [left])];
  }
  if (node.op !== 'in') return [];
  const [value, range] = node.args;
  return range.op === 'list' ? faultsOf(value, range.args) : [];
}

function faultsOf(fact: Node, values: readonly Node[]): readonly NodeFault[] {
  const field = fieldOf(fact);
  return values.flatMap((node) => {
    const text = textIn(node);
    const message = field === null || text === null ? null : wrong(field, text);
    return message === null ? [] : [{ node, message }];
  });
}

/** `File.status` of `f.status`. */
function fieldOf(node: Node): string | null {
  if (node.op === '.') return `${typeOf(node.args[0])}.${node.args[1]}`;
  const index = node.op === '[]' ? textIn(node.args[1]) : null;
  return node.op === '[]' && index !== null ? `${typeOf(node.args[0])}.${index}` : null;
}

function wrong(field: string, text: string): string | null {
  const name = field.replace(/^.*\./, '');
  const values = closed[field];
  if (values !== undefined && !values.includes(text)) {
    const near = nearest(text, values);
    const meant = near === null ? '' : `; did you mean "${near}"?`;
    return `${name} is never "${text}", it is one of ${values.join(', ')}${meant}`;
  }
  const meant = misspelt(text, open[field] ?? []);
  return meant === null || open[field] === undefined
    ? null
    : `unknown ${name} "${text}"; did you mean "${meant}"?`;
}
