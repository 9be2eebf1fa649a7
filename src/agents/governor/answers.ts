import { riskOfCounts } from '../../domain/review/risk.ts';
import { neutraliseLine } from '../../domain/text.ts';
import { bullets } from '../prompt.ts';
import type { CycleMerge, GovernorBrief } from './brief.ts';
import type { GovernorAnswer, RecheckQuestion } from './proposal.ts';

type Facts = Readonly<Record<RecheckQuestion, readonly string[]>>;

/** What was measured, by the question it answers; nothing where something of it could not be measured. */
export function recheckFacts(brief: GovernorBrief): Facts {
  return {
    what_changed: whatChanged(brief),
    risks_introduced: risksIntroduced(brief),
    how_it_can_fail: howItCanFail(brief),
    how_detected: howDetected(brief),
    how_recovered: howRecovered(brief),
  };
}

/** A recheck gate: an answer that rests on no measured number is none, whatever a model could write in its place. */
export function unanswered(brief: GovernorBrief): readonly string[] {
  const facts = recheckFacts(brief);
  return (Object.keys(facts) as RecheckQuestion[]).flatMap((question) =>
    facts[question].some((fact) => /\d/.test(fact))
      ? []
      : [`${question}: ${whyNot(brief, question)}`],
  );
}

function whyNot({ merges, facts }: GovernorBrief, question: RecheckQuestion): string {
  const of = (lacking: (merge: CycleMerge) => boolean): string =>
    merges
      .filter(lacking)
      .map(({ pull_request }) => `#${pull_request}`)
      .join(', ') || 'the cycle';
  switch (question) {
    case 'what_changed':
      return `git cannot tell what ${of(({ files }) => files === null)} changed`;
    case 'how_it_can_fail':
      return 'GitHub does not tell the checks of its merges';
    case 'how_detected':
      return `the history does not verify: ${facts.ledger.detail}`;
    case 'how_recovered':
      return `GitHub names no commit for ${of(({ merge_sha }) => merge_sha === '')}`;
    case 'risks_introduced':
      return 'nothing was measured';
  }
}

/** The five answers as Markdown: a sentence of the model's, if it gave one, then the facts. */
export function recheckAnswers(
  brief: GovernorBrief,
  sentences: GovernorAnswer['sentences'],
): Readonly<Record<RecheckQuestion, string>> {
  const facts = recheckFacts(brief);
  const answer = (question: RecheckQuestion): string =>
    [neutraliseLine(sentences[question], 400), bullets(facts[question])]
      .filter((part) => part !== '')
      .join('\n\n');
  return {
    what_changed: answer('what_changed'),
    risks_introduced: answer('risks_introduced'),
    how_it_can_fail: answer('how_it_can_fail'),
    how_detected: answer('how_detected'),
    how_recovered: answer('how_recovered'),
  };
}

function whatChanged({ merges }: GovernorBrief): readonly string[] {
  if (merges.some(({ files }) => files === null)) return [];
  const files = merges.flatMap((merge) => merge.files ?? []);
  const paths = new Set(files.map((file) => file.path)).size;
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const byAgents = merges.filter((merge) => merge.by === 'agent').length;
  return [
    `${merges.length} pull requests merged, ${byAgents} by agents, ${merges.length - byAgents} by people: ` +
      `${paths} files, +${additions} −${deletions}.`,
    ...merges.map(
      (merge) =>
        `${name(merge)}${merge.author === null ? '' : ` by ${neutraliseLine(merge.author)}`}, approved by ${merge.approvals.map((by) => neutraliseLine(by)).join(', ') || 'nobody'}${revertOf(merge)}`,
    ),
  ];
}

const revertOf = ({ reverts, reverted_by }: CycleMerge): string =>
  [
    ...reverts.map(({ pull_request, cycle }) => `; takes back #${pull_request} of cycle ${cycle}`),
    ...(reverted_by === null ? [] : [`; taken back by #${reverted_by}`]),
  ].join('');

function risksIntroduced({ merges, facts }: GovernorBrief): readonly string[] {
  const risks = [
    ...merges.flatMap((merge) =>
      riskOfCounts(merge.files ?? []).reasons.map(
        ({ text }) => `#${merge.pull_request}: ${neutraliseLine(text)}`,
      ),
    ),
    ...facts.overrides.map(
      ({ pull_request, by, justification }) =>
        `#${pull_request}: overridden by ${neutraliseLine(by)}: ${neutraliseLine(justification)}`,
    ),
  ];
  return risks.length > 0
    ? risks
    : [
        `In ${merges.length} merges no protected path, no dependency, no untested source, and 0 overrides.`,
      ];
}

function howItCanFail({ merges, facts }: GovernorBrief): readonly string[] {
  const { failing_checks: failing, checked_merges: checked } = facts;
  if (failing === null) return [];
  return [
    `Checks ran at ${checked} of ${merges.length} merges; ${failing.length} failed there${
      failing.length === 0
        ? ''
        : `: ${failing.map(({ pull_request, name: check }) => `${neutraliseLine(check)} (#${pull_request})`).join(', ')}`
    }.`,
    `Approvals ended by a push or an edit: ${facts.invalidated_approvals}. Contributions sent back: ${facts.reworks}. Model outages: ${facts.model_outages}.`,
  ];
}

function howDetected({ facts }: GovernorBrief): readonly string[] {
  const { sequence, hash, verified, detail } = facts.ledger;
  if (!verified) return [];
  return [
    `The history verifies up to event ${sequence} (\`${hash.slice(0, 16)}\`): ${neutraliseLine(detail)}`,
    "The repository's checks run on every pull request, and `assent history verify` on the ledger branch at any time.",
  ];
}

function howRecovered({ merges }: GovernorBrief): readonly string[] {
  if (merges.length === 0 || merges.some(({ merge_sha }) => merge_sha === '')) return [];
  return [
    'Each merge can be taken back by a pull request of its own; the history keeps both.',
    ...merges.map(({ pull_request, revert, reverted_by }) => {
      if (reverted_by !== null) return `#${pull_request}: taken back already, by #${reverted_by}`;
      return revert === null
        ? `#${pull_request}: no single command takes it back; GitHub's own Revert button does`
        : `#${pull_request}: \`${revert}\``;
    }),
  ];
}

const name = (merge: CycleMerge): string => `#${merge.pull_request} ${neutraliseLine(merge.title)}`;
