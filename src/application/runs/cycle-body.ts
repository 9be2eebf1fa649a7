import type { GovernorBrief } from '../../agents/governor/brief.ts';
import type {
  GovernorProposal,
  HeldBackFlip,
  RecheckQuestion,
  RoadmapFlip,
} from '../../agents/governor/proposal.ts';
import { bySection, entryText, type ChangelogEntry } from '../../domain/changelog/entries.ts';
import type { DriftFinding } from '../../domain/drift/finding.ts';
import {
  acceptance,
  medianWait,
  type AgentRecord,
  type Period,
} from '../../domain/effectiveness/effectiveness.ts';
import type { RoadmapEdit } from '../../domain/roadmap/edit.ts';
import type { Milestone } from '../../domain/roadmap/roadmap.ts';
import { neutralise, neutraliseLine } from '../../domain/text.ts';
import { agentNames } from '../../domain/work-item/state.ts';
import type { ChangelogChange } from './cycle-changelog.ts';
import type { CycleDrift } from './cycle-drift.ts';

/** What a cycle's pull request is about. */
export interface CycleAccount {
  readonly brief: GovernorBrief;
  readonly proposal: GovernorProposal;
  readonly edits: readonly RoadmapEdit[];
  /** Gates that the change would open, and those that it cannot, as where a heading says no status. */
  readonly opens: readonly Milestone[];
  readonly to_open_by_hand: readonly Milestone[];
  /** Flips that only people can write, with the reason. */
  readonly by_hand: readonly { readonly flip: RoadmapFlip; readonly why: string }[];
  readonly changelog: ChangelogChange | null;
  /** Null: it could not be told. */
  readonly drift: CycleDrift | null;
  /** What the agents did in the cycle; null: the history does not tell. */
  readonly agents: Period['agents'] | null;
}

/** What whoever decides on it reads, most important first. Empty parts are left out. */
export const pullRequestBody = (account: CycleAccount): string =>
  [
    [neutralise(account.proposal.summary)],
    roadmapPart(account),
    versionPart(account),
    changelogPart(account),
    driftPart(account),
    recheckPart(account),
    agentsPart(account),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');

const numbers = (all: readonly number[]): string => all.map((one) => `#${one}`).join(', ');

function roadmapPart(account: CycleAccount): readonly string[] {
  const { proposal, edits, opens, to_open_by_hand, by_hand } = account;
  const told = [
    ...proposal.flips.map(flipLine),
    ...opens.map(
      ({ title, line }) =>
        `- Opens ${neutraliseLine(title)} (line ${line}): the milestone before it is done. Approving this lets work on it begin.`,
    ),
    ...to_open_by_hand.map(
      ({ title, line }) =>
        `- ${neutraliseLine(title)} (line ${line}) could be opened, but not by code: write "(In Progress)" behind its heading to open it.`,
    ),
  ];
  const left = [
    ...proposal.held_back.map(heldBackLine),
    ...by_hand.map(
      ({ flip: { item, to, evidence }, why }) =>
        `- ${neutraliseLine(item)} → ${shown(to)} (${numbers(evidence)}), by hand: ${neutraliseLine(why, 400)}`,
    ),
    ...(proposal.dropped_flips === 0
      ? []
      : [`- ${proposal.dropped_flips} that no recorded merge shows, or of no open row.`]),
  ];
  return [
    '## Roadmap, line by line',
    '',
    ...(edits.length === 0 ? ['No line changes.'] : fencedDiff(edits)),
    ...(told.length === 0 ? [] : ['', ...told]),
    ...(left.length === 0 ? [] : ['', 'Not proposed:', '', ...left]),
  ];
}

const shown = (status: string): string => status.replace('_', ' ');

function flipLine({ item, to, evidence, again }: RoadmapFlip): string {
  const since =
    again === undefined
      ? ''
      : `. Refused in cycle ${again.cycle}; merged since: ${numbers(again.since)}`;
  return `- ${neutraliseLine(item)} → **${shown(to)}**, shown by ${numbers(evidence)}${since}`;
}

function heldBackLine({ item, to, refused }: HeldBackFlip): string {
  const { cycle, how, by, reason } = refused;
  const no =
    how === 'taken_back'
      ? `it was taken back after cycle ${cycle} proposed it`
      : `no in cycle ${cycle}: ${reason === '' ? `${how} by ${neutraliseLine(by ?? 'somebody')}` : neutraliseLine(reason)}`;
  return `- ${neutraliseLine(item)} → ${shown(to)}: ${no}. Nothing merged since shows it.`;
}

function versionPart({
  brief: { carried },
  proposal: { version },
}: CycleAccount): readonly string[] {
  if (version === null) return [];
  const before = carried.map(({ pull_request }) => pull_request);
  return [
    '## Version',
    '',
    `${version.from} → **${version.to}**, ${version.reason}`,
    ...(before.length === 0
      ? []
      : ['', `With ${numbers(before)}, which no published cycle told of yet.`]),
  ];
}

function changelogPart({ changelog }: CycleAccount): readonly string[] {
  if (changelog === null) return [];
  const { added, internal, file, reason } = changelog;
  const notes = [
    ...(file === null
      ? []
      : [`In \`${file.path}\`, ${file.lines_added} lines added and none changed.`]),
    ...(reason === null ? [] : [`In no file. ${neutraliseLine(reason, 400)}`]),
    ...(internal.length === 0
      ? []
      : [`Left out, since users would not notice: ${numbers(internal)}.`]),
  ];
  if (added.length === 0 && file === null && reason === null) return [];
  const parts = [...(notes.length === 0 ? [] : [notes]), ...bySection(added).map(groupPart)];
  return ['## Changelog', ...parts.flatMap((part) => ['', ...part])];
}

const groupPart = ([section, entries]: readonly [string, readonly ChangelogEntry[]]) => [
  `**${section}**`,
  '',
  ...entries.map((entry) => `- ${entryText(entry, neutraliseLine)}`),
];

const MOST_SHOWN = 15;

/** What was told before is not listed again as if it were new; it is still there to be read. */
function driftPart({ drift }: CycleAccount): readonly string[] {
  if (drift === null || drift.fresh.length + drift.known.length === 0) return [];
  const { fresh, known } = drift;
  return [
    '## Drift',
    '',
    'Where what is written and what is there differ on the default branch; nothing of it is changed here.',
    ...(fresh.length === 0 ? [] : ['', ...findingLines(fresh)]),
    ...(known.length === 0
      ? []
      : [
          '',
          `<details><summary>${known.length} that an earlier cycle told of ${known.length === 1 ? 'stands' : 'stand'} still</summary>`,
          '',
          ...findingLines(known),
          '',
          '</details>',
        ]),
  ];
}

const findingLines = (findings: readonly DriftFinding[]): readonly string[] => [
  ...findings
    .slice(0, MOST_SHOWN)
    .map(
      ({ path, line, text }) =>
        `- ${neutraliseLine(path)}${line === null ? '' : `, line ${line}`}: ${neutraliseLine(text, 300)}`,
    ),
  ...(findings.length > MOST_SHOWN
    ? [`- and ${findings.length - MOST_SHOWN} more, in the history`]
    : []),
];

const questions: Readonly<Record<RecheckQuestion, string>> = {
  what_changed: 'What changed?',
  risks_introduced: 'What risks were introduced?',
  how_it_can_fail: 'How can this fail?',
  how_detected: 'How do we detect failure?',
  how_recovered: 'How do we recover?',
};

function recheckPart({ proposal }: CycleAccount): readonly string[] {
  const answers = Object.entries(proposal.answers) as [RecheckQuestion, string][];
  return [
    '## Recheck',
    ...answers.flatMap(([question, answer]) => ['', `### ${questions[question]}`, '', answer]),
  ];
}

/** Agents that did nothing have no row. */
function agentsPart({ agents, brief }: CycleAccount): readonly string[] {
  if (agents === null) return [];
  const active = agentNames.filter((name) => agents[name].runs > 0);
  if (active.length === 0) return [];
  return [
    '## The agents in this cycle',
    '',
    '| Agent | Runs | Failed | Proposed | Accepted | After rework | Rejected | Tokens | USD | Median wait |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...active.map((name) => agentRow(name, agents[name])),
    '',
    `Counted from the history, up to the last merge of the cycle; this update counts in cycle ${brief.cycle + 1}. Wait: from a question to people to their decision.`,
  ];
}

const agentRow = (name: string, record: AgentRecord): string => {
  const cells = [
    name,
    record.runs,
    record.failed,
    record.proposals,
    ...(acceptance(record) === null
      ? ['–', '–', '–']
      : [record.accepted_at_first, record.accepted_after_rework, record.rejected]),
    record.tokens.toLocaleString('en'),
    moneyOf(record),
    waitOf(medianWait(record)),
  ];
  return `| ${cells.join(' | ')} |`;
};

/** A price that nobody knows is not 0. */
const moneyOf = ({ usd, unpriced }: AgentRecord): string =>
  unpriced === 0 ? usd.toFixed(2) : usd === 0 ? 'unknown' : `${usd.toFixed(2)} and more`;

function waitOf(seconds: number | null): string {
  if (seconds === null) return '–';
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3_600, 'h'],
      [60, 'min'],
    ] as const
  ).find(([one]) => seconds >= one) ?? [1, 's'];
  return `${Math.round(seconds / size)} ${unit}`;
}

/** The fence is longer than any run of backticks in it: a roadmap's line must not end it. */
function fencedDiff(edits: readonly RoadmapEdit[]): string[] {
  const lines = edits.flatMap(diffLines);
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, ...lines, fence];
}

const diffLines = ({ before, after }: RoadmapEdit): string[] => [
  ...(before === null ? [] : [`-${before}`]),
  ...(after === null ? [] : [`+${after}`]),
];
