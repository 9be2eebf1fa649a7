import { describeFrom } from '../approval/people.ts';
import type { Reason, Verdict, Waiting } from './verdict.ts';

/** What stands against it, each in the words of the rule or the error that does. */
export function denials({ children, text }: Reason): readonly string[] {
  const against = children.filter((child) => child.text.startsWith('✗'));
  return (against.length === 0 ? [text] : against.map((child) => child.text)).map((denial) =>
    denial.replace(/^✗ /, ''),
  );
}

/**
 * The explanation in Markdown, as a nested list, for the comment on an item and the check run. Logins, labels and rule texts are
 * others' words: they stand in code spans, so that they mention nobody and close nothing.
 */
export const renderReasons = (reasons: Reason): string => tree(reasons, 0).join('\n');

const tree = ({ text, children }: Reason, depth: number): readonly string[] => [
  `${'  '.repeat(depth)}- ${code(text)}`,
  ...children.flatMap((child) => tree(child, depth + 1)),
];

/** A code span that its content cannot leave. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** In one line, for an answer to somebody who asks: what it is, who is missing and could help, what did not count. */
export function verdictInALine(verdict: Verdict): string {
  const { effect, satisfied, rules, waiting_for: waiting, approvers, ignored, reasons } = verdict;
  if (effect === 'deny') return `denied: ${denials(reasons).join('; ')}`;
  const parts = [
    effect === 'allow' ? 'allowed' : satisfied ? 'approved' : 'waits for a human',
    rules.length === 0 ? '' : `asked by rule ${rules.join(', ')}`,
    ...waiting.map(waitingLine),
    ...leaves(reasons).filter((text) => text.startsWith('could be given by')),
    approvers.length === 0
      ? ''
      : `given: ${approvers.map(({ login, by, step }) => `${login} by ${by} for ${step}`).join(', ')}`,
    ...ignored.map(({ evidence, reason }) => `${evidence} does not count: ${reason}`),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const leaves = ({ text, children }: Reason): readonly string[] =>
  children.length === 0 ? [text.replace(/^\S /, '')] : children.flatMap(leaves);

/** A verdict for a terminal: the tree, then who is missing and what did not count. */
export function verdictLines(verdict: Verdict): readonly string[] {
  return [
    ...plainTree(verdict.reasons, 0),
    ...plainSection('Waiting for', verdict.waiting_for.map(waitingLine)),
    ...plainSection(
      'Does not count',
      verdict.ignored.map(({ evidence, reason }) => `${evidence}: ${reason}`),
    ),
  ];
}

const plainTree = ({ text, children }: Reason, depth: number): readonly string[] => [
  `${'  '.repeat(depth)}${text}`,
  ...children.flatMap((child) => plainTree(child, depth + 1)),
];

const plainSection = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

/** Who is missing, in plain words. */
export const waitingLine = ({ step, count, have, from, blocked_by: blockedBy }: Waiting) =>
  `${step}: ${have} of ${count} from ${describeFrom(from)}${blockedBy === undefined ? '' : `, and ${blockedBy.join(', ')} to take back an objection`}`;
