import { describeFrom } from '../approval/people.ts';
import type { Reason, Verdict, Waiting } from './verdict.ts';

/**
 * A verdict in Markdown, for the comment on an item and the check run. Logins, labels and rule texts are others' words:
 * they stand in code spans, so that they mention nobody and close nothing.
 */
export function renderVerdict(verdict: Verdict): string {
  return [
    headline(verdict),
    section('Waiting for', verdict.waiting_for.map(describeWaiting).map(bullet)),
    section(
      'Approved by',
      verdict.approvers.map(({ login, by, digest, step }) =>
        bullet(`${code(login)} by ${by} on ${code(digest.slice(0, 12))}, for ${code(step)}`),
      ),
    ),
    section(
      'Seen, and does not count',
      verdict.ignored.map(({ evidence, reason }) => bullet(`${code(evidence)}: ${code(reason)}`)),
    ),
    details(verdict.reasons),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** One line: what the verdict is. */
function headline({ effect, satisfied, rules, reasons }: Verdict): string {
  const by = rules.length === 0 ? '' : ` (rule ${rules.map(code).join(', ')})`;
  if (effect === 'deny') return `**Denied**${by}: ${whyDenied(reasons)}`;
  if (effect === 'allow') return `**Allowed**${by}.`;
  return satisfied ? `**Approved**${by}.` : `**Waiting for a human**${by}.`;
}

const whyDenied = (reasons: Reason): string => denials(reasons).map(code).join('; ');

/** What stands against it, each in the words of the rule or the error that does. */
export function denials({ children, text }: Reason): readonly string[] {
  const against = children.filter((child) => child.text.startsWith('✗'));
  return (against.length === 0 ? [text] : against.map((child) => child.text)).map((denial) =>
    denial.replace(/^✗ /, ''),
  );
}

function describeWaiting({ step, count, have, from, blocked_by: blockedBy }: Waiting): string {
  const needed = `${code(step)}: ${have} of ${count} from ${code(describeFrom(from))}`;
  return blockedBy === undefined
    ? needed
    : `${needed}; ${blockedBy.map(code).join(', ')} asked for changes and has to approve, or be overridden`;
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? '' : `${title}:\n\n${lines.join('\n')}`;

const bullet = (text: string) => `- ${text}`;

const details = (reasons: Reason): string =>
  `<details><summary>Why</summary>\n\n${renderReasons(reasons)}\n\n</details>`;

/** The explanation alone, as a nested list. */
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
