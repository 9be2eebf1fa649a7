import type { GovernorBrief } from '../../agents/governor/brief.ts';
import type { GovernorProposal, RecheckQuestion } from '../../agents/governor/proposal.ts';
import { bySection, entryText, type ChangelogEntry } from '../../domain/changelog/entries.ts';
import type { RoadmapEdit } from '../../domain/roadmap/edit.ts';
import type { Milestone } from '../../domain/roadmap/roadmap.ts';
import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { ChangelogChange } from './cycle-changelog.ts';

/** What a cycle's pull request is about. */
export interface CycleAccount {
  readonly brief: GovernorBrief;
  readonly proposal: GovernorProposal;
  readonly edits: readonly RoadmapEdit[];
  /** Gates that the change would open, and those that it cannot, as where a heading says no status. */
  readonly opens: readonly Milestone[];
  readonly to_open_by_hand: readonly Milestone[];
  readonly changelog: ChangelogChange | null;
}

/** What whoever decides on it reads, most important first. Empty parts are left out. */
export const pullRequestBody = (account: CycleAccount): string =>
  [
    [neutralise(account.proposal.summary)],
    roadmapPart(account),
    versionPart(account),
    changelogPart(account),
    recheckPart(account),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');

const numbers = (all: readonly number[]): string => all.map((one) => `#${one}`).join(', ');

function roadmapPart({ brief, proposal, edits, opens, to_open_by_hand }: CycleAccount) {
  const told = [
    ...proposal.flips.map(
      ({ item, to, evidence }) =>
        `- ${neutraliseLine(item)} → **${to.replace('_', ' ')}**: ${numbers(evidence)}`,
    ),
    ...opens.map(
      ({ title, line }) =>
        `- Opens ${neutraliseLine(title)} (line ${line}): the milestone before it is done. Approving this lets work on it begin.`,
    ),
    ...to_open_by_hand.map(
      ({ title, line }) =>
        `- ${neutraliseLine(title)} (line ${line}) could be opened, but not by code: write "(In Progress)" behind its heading to open it.`,
    ),
  ];
  return [
    '## Roadmap, line by line',
    '',
    ...(edits.length === 0
      ? [`No line changes in ${neutraliseLine(brief.roadmap.path)}.`]
      : fencedDiff(edits)),
    ...(told.length === 0 ? [] : ['', ...told]),
  ];
}

const versionPart = ({ proposal: { version } }: CycleAccount): readonly string[] =>
  version === null
    ? []
    : ['## Version', '', `${version.from} → **${version.to}**, ${version.reason}`];

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
  return ['## Changelog', '', ...notes, ...bySection(added).flatMap(groupPart)];
}

const groupPart = ([section, entries]: readonly [string, readonly ChangelogEntry[]]) => [
  '',
  `**${section}**`,
  '',
  ...entries.map((entry) => `- ${entryText(entry, neutraliseLine)}`),
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
