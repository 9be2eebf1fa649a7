import { reviewFacts } from '../../domain/review-facts.ts';
import { neutraliseLine } from '../../domain/text.ts';
import { bullets } from '../prompt.ts';
import type { CycleMerge, GovernorBrief } from './brief.ts';
import type { GovernorAnswer, RecheckQuestion } from './proposal.ts';

type Facts = Readonly<Record<RecheckQuestion, readonly string[]>>;

/** What was measured, by the question it answers. Each has at least one line: a cycle without an answer does not progress. */
export function recheckFacts(brief: GovernorBrief): Facts {
  return {
    what_changed: whatChanged(brief),
    risks_introduced: risksIntroduced(brief),
    how_it_can_fail: howItCanFail(brief),
    how_detected: howDetected(brief),
    how_recovered: howRecovered(brief),
  };
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
  const files = merges.flatMap((merge) => merge.files);
  const paths = new Set(files.map((file) => file.path)).size;
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const byAgents = merges.filter((merge) => merge.by === 'agent').length;
  return [
    `${merges.length} pull requests merged, ${byAgents} by agents, ${merges.length - byAgents} by people: ` +
      `${paths} files, +${additions} −${deletions}.`,
    ...merges.map(
      (merge) =>
        `${name(merge)}, approved by ${merge.approvals.map((by) => neutraliseLine(by)).join(', ') || 'nobody'}`,
    ),
  ];
}

function risksIntroduced({ merges, facts }: GovernorBrief): readonly string[] {
  const risks = [
    ...merges.flatMap((merge) =>
      reviewFacts(merge.files, '').reasons.map(
        (reason) => `#${merge.pull_request}: ${neutraliseLine(reason)}`,
      ),
    ),
    ...facts.overrides.map(
      ({ pull_request, by, justification }) =>
        `#${pull_request}: overridden by ${neutraliseLine(by)}: ${neutraliseLine(justification)}`,
    ),
  ];
  return risks.length > 0
    ? risks
    : ['No protected path, no dependency, no untested source, no override.'];
}

function howItCanFail({ facts }: GovernorBrief): readonly string[] {
  return [
    facts.failing_checks.length === 0
      ? 'No check was failing at a merge.'
      : `Checks failing at a merge: ${facts.failing_checks.map(({ pull_request, name }) => `${neutraliseLine(name)} (#${pull_request})`).join(', ')}.`,
    `Approvals ended by a push or an edit: ${facts.invalidated_approvals}. Contributions sent back: ${facts.reworks}. Model outages: ${facts.model_outages}.`,
  ];
}

function howDetected({ facts }: GovernorBrief): readonly string[] {
  const { sequence, hash, verified, detail } = facts.ledger;
  return [
    `The history ${verified ? 'verifies' : 'does NOT verify'} up to event ${sequence} (\`${hash.slice(0, 16)}\`): ${neutraliseLine(detail)}`,
    "The repository's checks run on every pull request, and `assent history verify` on the ledger branch at any time.",
  ];
}

function howRecovered({ merges }: GovernorBrief): readonly string[] {
  return [
    'Each merge can be taken back by a pull request of its own; the history keeps both.',
    ...merges.map((merge) => `#${merge.pull_request}: \`git revert -m 1 ${merge.merge_sha}\``),
  ];
}

const name = (merge: CycleMerge): string => `#${merge.pull_request} ${neutraliseLine(merge.title)}`;
