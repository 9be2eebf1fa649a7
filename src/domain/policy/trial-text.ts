import { neutraliseLine } from '../text.ts';
import type { Change } from './difference.ts';
import type { NewlyAllowed, PastChange, PastUnderThem, PolicyTrial } from './trial.ts';

const SHOWN = 5;

/** What a reviewer of changed policies has to know, in Markdown; the most dangerous part stands first. */
export function trialSection(trial: PolicyTrial): string {
  const heading = '#### The policies of this pull request';
  const wrong = bullets(trial.faults.map((fault) => neutraliseLine(fault, 300)));
  if (!trial.readable) {
    const unreadable =
      '**⚠ They cannot be read.** Merged like this, nothing would go on until they are mended.';
    return paragraphs([heading, unreadable, wrong]);
  }
  return paragraphs([heading, ...allowed(trial), wrong, ...past(trial), ...unknown(trial)]);
}

const paragraphs = (all: readonly string[]): string =>
  all.filter((part) => part !== '').join('\n\n');

/** The same in one line, for whoever reads only the comment. */
export function trialLine(trial: PolicyTrial): string {
  if (!trial.readable) {
    return '⚠ It changes the policies to some that cannot be read: merged like this, nothing would go on.';
  }
  const passing = trial.newly_allows ?? [];
  const otherwise = (trial.past?.changes ?? []).reduce((sum, { times }) => sum + times, 0);
  const parts = [
    ...(passing.length > 0 ? [`they newly allow ${actionsOf(passing).join(', ')}`] : []),
    ...(trial.newly_allows === null ? ['what they newly allow is not known'] : []),
    ...(trial.faults.length > 0 ? [`${count(trial.faults.length, 'fault')} to look at`] : []),
    pastInShort(trial.past, otherwise),
  ].filter((part) => part !== '');
  const mark = isDangerous(trial) ? '⚠ ' : '';
  return `${mark}It changes the policies: ${parts.join('; ')}. More in the check.`;
}

const isDangerous = ({ newly_allows, past: under }: PolicyTrial): boolean =>
  (newly_allows ?? []).length > 0 ||
  (under?.changes ?? []).some(({ change }) => change === 'newly_allowed');

const pastInShort = (under: PastUnderThem | null, otherwise: number): string => {
  if (under === null || under.decisions === 0) return 'no past decision says what they change';
  return otherwise === 0
    ? `none of ${count(under.decisions, 'past decision')} is known to come out otherwise`
    : `${otherwise} of ${count(under.decisions, 'past decision')} would have come out otherwise`;
};

function allowed({ newly_allows: all }: PolicyTrial): readonly string[] {
  if (all === null) return [];
  if (all.length === 0) return ['They let nothing pass that does not pass today.'];
  return ['**⚠ They let pass what does not pass today:**', bullets(all.map(allowedLine))];
}

const allowedLine = ({ action, rules, such_as }: NewlyAllowed): string => {
  const by = rules.length === 0 ? '' : `, by ${named(rules)}`;
  const example = such_as.map((one) => neutraliseLine(one)).join('; ');
  return `\`${plain(action)}\`${by}${example === '' ? '' : `: ${example}`}`;
};

function past({ past: under }: PolicyTrial): readonly string[] {
  if (under === null) return [];
  const all = count(under.decisions, 'past decision');
  return under.changes.length === 0
    ? [`None of ${all} is known to come out otherwise.`]
    : [`Of ${all}, some would have come out otherwise:`, bullets(under.changes.map(changeLine))];
}

/** What was not found out is no good news, and is not left to be taken for some. */
const unknown = ({ past: under, not_compared, not_simulated }: PolicyTrial): readonly string[] => [
  ...told('Whether they let pass what does not pass today', not_compared),
  ...told('What they would have changed in the past', not_simulated),
  ...(under === null || under.could_not_tell === 0
    ? []
    : [
        `${count(under.could_not_tell, 'past decision')} cannot be told: what they ask for was not looked up then.`,
      ]),
];

const told = (what: string, why: string | null): readonly string[] =>
  why === null ? [] : [`${what} is not known: ${neutraliseLine(why)}.`];

const words: Readonly<Record<Change, string>> = {
  newly_allowed: '⚠ would have passed',
  newly_denied: 'would have been denied',
  newly_waiting: 'would have waited',
};

const changeLine = ({ change, action, times, items, because }: PastChange): string => {
  const where = items.length === 0 ? '' : ` (${inShort(items.map(plain)).join(', ')})`;
  const why =
    because.length === 0 ? '' : `: ${because.map((one) => neutraliseLine(one)).join('; ')}`;
  return `${times} × \`${plain(action)}\` ${words[change]}${where}${why}`;
};

const inShort = (all: readonly string[]): readonly string[] =>
  all.length > SHOWN ? [...all.slice(0, SHOWN), '…'] : all;

const bullets = (lines: readonly string[]): string =>
  [...lines.slice(0, SHOWN), ...(lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [])]
    .map((line) => `- ${line}`)
    .join('\n');

/** Names of ours and of rules stand in code spans, which nothing of them may leave. */
const plain = (name: string): string => name.replaceAll(/[^\w.:/-]/g, '?').slice(0, 80);

const named = (rules: readonly string[]): string =>
  `rule ${rules.map((rule) => `\`${plain(rule)}\``).join(', ')}`;

const actionsOf = (all: readonly NewlyAllowed[]): readonly string[] =>
  [...new Set(all.map(({ action }) => `\`${plain(action)}\``))].slice(0, SHOWN);

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
