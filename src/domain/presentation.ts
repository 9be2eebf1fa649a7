import type { Item, Stage, WaitingFor } from './work-item/state.ts';
import { stagesOf } from './work-item/state.ts';
import { neutralise, neutraliseLine } from './text.ts';
import {
  flagsText,
  isSortedOnly,
  reminder,
  sortedAsk,
  sortedHeadline,
  triageText,
} from './triage/present.ts';
import type { TriageNotes } from './triage/report.ts';

const noNotes: TriageNotes = { report: null, flags: [], asked_at: null, reminded_at: null };

/** What people read about an item, in Markdown. The same text for the comment, and in short for the check run. */
export interface Presented {
  readonly headline: string;
  readonly body: string;
  /** What stands below the headline, for the check run: GitHub shows its title above, and the pull request around it. */
  readonly detail: string;
}

const stageNames: Readonly<Record<Stage, string>> = {
  triage: 'Triage',
  plan: 'Plan',
  contribution: 'Contribution',
  review: 'Review',
  merge: 'Merge',
  roadmap: 'Roadmap',
};

/** One line that says where an item is and what it waits for: the same words wherever people read of it. */
export function headline(item: Item, notes: TriageNotes = noNotes): string {
  const stage = stageNames[item.stage];
  if (item.held !== null) return `On hold, by ${item.held.by}`;
  if (isSortedOnly(item, notes)) return sortedHeadline;
  switch (item.authority) {
    case 'created':
      return `${stage} is about to begin`;
    case 'running':
      return `${stage} is in progress`;
    case 'waiting_for_human':
      return item.stage === 'plan'
        ? 'The plan waits for a human'
        : item.kind === 'cycle'
          ? 'The roadmap update waits for a human'
          : 'The merge waits for a human';
    case 'waiting_for_information':
      return item.asked_by === undefined
        ? 'Waiting for an answer'
        : `The ${item.asked_by} asks a human`;
    case 'model_unavailable':
      return `${stage} waits for the model`;
    case 'failed':
      return `${stage} did not work out and is tried again`;
    case 'dead':
      return `${stage} did not work out; a human is needed`;
    case 'approved':
    case 'overridden':
    case 'resumed':
      return `${stage} is approved`;
    case 'rejected':
      return `${stage} was rejected`;
    case 'expired':
      return `${stage} expired`;
    case 'completed':
      return `${stage} is done`;
    case 'terminated':
      return 'Ended';
  }
}

/**
 * The comment on an open item. `why` is the verdict as a Markdown tree, where there is one; `lapses` the time until which the
 * question stands, where it does not stand for ever; `policies` what it would do to the policies, as Markdown.
 */
export function presentItem(
  item: Item,
  why: string | null,
  lapses: string | null = null,
  policies: string | null = null,
  notes: TriageNotes = noNotes,
): Presented {
  const sorted = isSortedOnly(item, notes);
  const asks = [questions(item), reminder(item, notes)];
  const triaged = triageText(item, notes);
  // A model says hello before it asks; what rules found comes behind what they want to know.
  const found = notes.report?.by === 'rules' ? [...asks, triaged] : [triaged, ...asks];
  const shown = headline(item, notes);
  const before = [sorted ? null : note(item), progress(item)];
  const after = [
    ...found,
    planText(item),
    flagsText(notes),
    policies,
    sorted && item.held === null ? sortedAsk : asked(item),
    lapses === null
      ? null
      : `Unanswered, it lapses on ${lapses.slice(0, 16).replace('T', ' at ')} UTC.`,
    notices(item),
    why === null ? null : `<details><summary>Why</summary>\n\n${why}\n\n</details>`,
    footer,
  ];
  return {
    headline: shown,
    body: joined([`**${shown}**`, ...before, whereItsPullRequestIs(item), ...after]),
    detail: joined([...before, ...after]),
  };
}

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join('\n\n');

/** On the issue alone: on the pull request itself it would lead nowhere. Relative, as `#8` would be a mention there. */
const whereItsPullRequestIs = ({ kind, pull_request: pull }: Item): string | null =>
  kind === 'issue' && pull !== null
    ? `Pull request [${pull.number}](../pull/${pull.number})`
    : null;

export const footer =
  '<sub>Assent: agents propose, humans assent, the repository remembers. `/assent help` lists the commands.</sub>';

export const quoted = (text: string): string => neutraliseLine(text);

/** That it asked something is said by its questions. */
const note = (item: Item): string | null =>
  item.note === null || (item.authority === 'waiting_for_information' && item.missing.length > 0)
    ? null
    : quoted(item.note);

function progress(item: Item): string {
  const done = new Set(item.completed.map(({ stage }) => stage));
  const order = stagesOf[item.kind];
  const at = order.indexOf(item.stage);
  return order
    .map((stage, index) => {
      if (index === at) return `**${stageNames[stage]}**`;
      return index < at && done.has(stage) ? `${stageNames[stage]} ✓` : stageNames[stage];
    })
    .join(' → ');
}

function questions(item: Item): string | null {
  if (item.authority !== 'waiting_for_information') return null;
  return item.missing.map((question) => `- ${quoted(question)}`).join('\n');
}

function planText(item: Item): string | null {
  const { plan } = item;
  if (plan === null || (item.stage !== 'plan' && item.stage !== 'contribution')) return null;
  const list = (title: string, lines: readonly string[], ordered = false) =>
    lines.length === 0
      ? []
      : [
          `*${title}*`,
          '',
          ...lines.map((line, i) => `${ordered ? `${i + 1}.` : '-'} ${quoted(line)}`),
          '',
        ];
  return [
    `#### Plan \`${plan.digest.slice(0, 12)}\``,
    '',
    neutralise(plan.summary),
    '',
    ...list('Files', plan.files),
    ...list('Steps', plan.steps, true),
    ...list('Risks', plan.risks),
    ...list('Tests', plan.tests),
  ]
    .join('\n')
    .trimEnd();
}

/** Whom it waits for, and how they say yes or no; for what needs nobody, that it does. */
function asked(item: Item): string | null {
  if (item.held !== null) return 'Nothing is done until somebody says `/assent unhold`.';
  switch (item.authority) {
    case 'waiting_for_human':
      return item.gate === null ? null : askedAtGate(item, item.gate);
    case 'waiting_for_information':
      if (item.asked_by !== undefined) {
        return 'It goes on with the next comment of somebody with write permission, who is taken to answer.';
      }
      return 'Answer in a comment, or edit the issue; close it if it is settled.';
    case 'model_unavailable':
      return 'Nobody has to do anything: it goes on by itself once the model answers.';
    case 'failed':
      return 'Nobody has to do anything: it is tried again by itself.';
    case 'dead':
      return 'It goes on when somebody with write permission says `/assent retry`; close it to end it.';
    default:
      return null;
  }
}

function askedAtGate({ kind, stage }: Item, gate: NonNullable<Item['gate']>): string {
  const ignored = gate.ignored.map(
    ({ evidence, reason }) => `- ${quoted(evidence)} counts for nothing: ${quoted(reason)}`,
  );
  return [
    // A line before the list, or Markdown reads it as the end of the list above it.
    ...(gate.waiting_for.length > 0 ? ['It waits for', ''] : []),
    ...gate.waiting_for.map((waiting) => `- ${missing(waiting)}`),
    ...(gate.waiting_for.length > 0 ? [''] : []),
    waysAtGate(kind, stage),
    ...(ignored.length > 0 ? ['', ...ignored] : []),
  ].join('\n');
}

/** A step with all its approvals that still waits is held up by an objection: to count on alone would say nothing. */
function missing({ step, count, have, from, blocked_by = [] }: WaitingFor): string {
  const counted = `${quoted(step)}: ${have} of ${count}, from ${whom(from)}`;
  if (have < count && blocked_by.length === 0) return counted;
  const whose =
    blocked_by.length === 0
      ? 'an objection'
      : `the objection of ${blocked_by.map(quoted).join(', ')}`;
  return `${counted}, but ${whose} stands: its author approves, it is dismissed, or somebody else says \`/assent override BECAUSE\``;
}

function waysAtGate(kind: Item['kind'], stage: Stage): string {
  if (stage === 'plan') {
    return 'Yes: label `assent:approve`, or comment `/assent approve`. No: label `assent:reject`, or comment `/assent reject BECAUSE`.';
  }
  const yes = 'Yes: approve the pull request in a review, or label it `assent:approve`.';
  const change = kind === 'issue' ? ' Not yet: request changes in a review.' : '';
  return `${yes}${change} No: \`/assent reject BECAUSE\`, or close the pull request.`;
}

/** Who is meant by the `from` of a requirement, in words. */
export function whom(from: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(from).map(([key, value]) => {
    const names = Array.isArray(value) ? value.join(', ') : String(value);
    if (key === 'permission') return `anyone with ${names} permission or more`;
    if (key === 'roles') return `the role ${names}`;
    if (key === 'teams') return `the team ${names}`;
    return names;
  });
  return words.length === 0 ? 'nobody' : quoted(words.join(' or '));
}

function notices(item: Item): string | null {
  if (item.notices.length === 0) return null;
  return item.notices.map(({ to, text }) => `> ${quoted(to)}: ${quoted(text)}`).join('\n');
}
