import { neutralise, neutraliseLine } from '../text.ts';
import type { Item } from '../work-item/state.ts';
import type { LabelKind } from './label-kinds.ts';
import type { SimilarIssue, TriageNotes, TriageReport } from './report.ts';

/** Sorted by rules, and waiting for a model that nobody has named. */
export const isSortedOnly = (item: Item, { report }: Pick<TriageNotes, 'report'>): boolean =>
  report?.by === 'rules' && item.stage === 'triage' && item.authority === 'model_unavailable';

export const sortedHeadline = 'Sorted; a plan waits for a model';
export const sortedAsk =
  'Nobody has to do anything. Who maintains this may correct the labels: what stands on issues is what is learnt from.';

/** What triage found, while it is what people look at: until somebody works on it. */
export function triageText(item: Item, { report }: Pick<TriageNotes, 'report'>): string | null {
  if (report === null || (item.stage !== 'triage' && item.stage !== 'plan')) return null;
  if (item.authority === 'running' && item.stage === 'triage') return null;
  const parts = [
    report.comment === null ? null : neutralise(report.comment, 1_500),
    report.by === 'rules'
      ? 'Sorted by rules and by likeness to earlier issues alone: no model is configured.'
      : null,
    facts(report),
    unknown(report),
    similar(report),
    report.without_meaning === null
      ? null
      : `Earlier issues were compared by their words alone, not by their meaning: ${neutraliseLine(report.without_meaning, 250)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n');
}

function facts({ by, type, priority, size, labels }: TriageReport): string | null {
  const words = [
    type,
    priority === null ? null : `priority ${priority}`,
    size === null ? null : `size ${size}`,
  ].filter((word) => word !== null);
  const proposed = labels.map(({ label, confidence, like }) =>
    [
      `\`${plain(label)}\``,
      confidence === null
        ? ''
        : ` (${confidence}${like.length > 0 ? `, as on ${links(like)}` : ''})`,
    ].join(''),
  );
  const lines = [
    ...(words.length === 0 ? [] : [words.join(' · ')]),
    ...(proposed.length === 0 || by === 'model'
      ? []
      : [`Labels, and how sure: ${proposed.join(', ')}`]),
  ];
  return lines.length === 0 ? null : lines.join('\n\n');
}

const kindNames: Readonly<Record<LabelKind, string>> = {
  type: 'type',
  priority: 'priority',
  size: 'size',
  area: 'area',
};

const unknown = ({ unknown: kinds }: TriageReport): string | null =>
  kinds.length === 0
    ? null
    : `Not known: ${kinds.map((kind) => kindNames[kind]).join(', ')}. Nothing in the past of this repository tells it well enough.`;

function similar({ similar: issues, by }: TriageReport): string | null {
  if (issues.length === 0) return null;
  return [by === 'model' ? 'Perhaps the same as' : 'Reads like', '', ...issues.map(line)].join(
    '\n',
  );
}

const line = ({ number, title, similarity, reason }: SimilarIssue): string =>
  `- ${link(number)} ${neutraliseLine(title, 120)} (${reason === null ? similarity : neutraliseLine(reason, 300)})`;

/**
 * Relative, and without `#`: GitHub would write "mentioned this" into each issue that is named so, and there the list is noise.
 */
const link = (number: number): string => `[${number}](../issues/${number})`;
const links = (numbers: readonly number[]): string => numbers.map(link).join(', ');

/** Inside a code span nothing acts but its end. */
const plain = (label: string): string => label.replace(/[`\s]+/g, ' ').slice(0, 100);

/** The author is named so that they hear of it: GitHub sends nothing for an edit alone. Only what is a login is written as one. */
export function reminder(
  item: Item,
  { reminded_at }: Pick<TriageNotes, 'reminded_at'>,
): string | null {
  if (item.authority !== 'waiting_for_information' || reminded_at === null) return null;
  const login = item.author?.login ?? '';
  const isLogin = item.author?.type === 'User' && /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(login);
  return `${isLogin ? `@${login}, this` : 'This'} still waits for an answer.`;
}

/** Text that is not what it looks like, told to whoever reads what was made of it. */
export const flagsText = ({ flags }: Pick<TriageNotes, 'flags'>): string | null =>
  flags.length === 0
    ? null
    : `⚠️ About the text that was read: ${flags.map((flag) => neutraliseLine(flag, 200)).join('; ')}.`;
