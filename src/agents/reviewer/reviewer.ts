import { addedLines } from '../../domain/patch.ts';
import { reviewFacts, type ReviewFacts } from '../../domain/review-facts.ts';
import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { AgentOutcome } from '../outcome.ts';
import { bullets, dataRule, jsonSchemaOf, quote } from '../prompt.ts';
import { AgentRun, runAgent } from '../run.ts';
import type { ReviewBrief } from './brief.ts';
import {
  reviewAnswer,
  type ReviewAnswer,
  type ReviewFinding,
  type ReviewProposal,
} from './proposal.ts';

const instructions = `You are the reviewer of a software project on GitHub. You read one pull request and answer with one JSON document:
a summary for the human who decides, the risk, and findings.

- A finding is a fault or a clear improvement, at a changed line of the new file. No praise, no restating of the change.
- Severity: critical (data loss, security), major (wrong behaviour), minor (worth changing), info (worth knowing).
- event is REQUEST_CHANGES if there is a major or critical finding, else COMMENT. You cannot approve; a human decides.`;

/** In characters. What a model did not read, a human is told. */
const patchRead = 60_000;

const riskOrder = ['high', 'medium', 'low'] as const;
type Risk = (typeof riskOrder)[number];

const worst = (risks: readonly Risk[]): Risk =>
  riskOrder.find((risk) => risks.includes(risk)) ?? 'high';

/** Reads a pull request; proposes a review that never approves. */
export function review(
  brief: ReviewBrief,
  ports: { readonly model: LanguageModel; readonly signal?: AbortSignal | undefined },
): Promise<AgentOutcome<ReviewProposal>> {
  const run = new AgentRun({ model: ports.model, agent: 'reviewer', brief, signal: ports.signal });
  return runAgent(run, async () => {
    const facts = reviewFacts(brief.files, brief.patch);
    run.say('system', `${instructions}\n\n${dataRule(brief.nonce)}`);
    run.say('user', describe(run, brief, facts));
    const answer = await run.askFor(reviewAnswer, jsonSchemaOf('review', reviewAnswer), () => []);
    return proposalFrom(answer, brief, facts);
  });
}

function describe(run: AgentRun, brief: ReviewBrief, facts: ReviewFacts): string {
  const { nonce, pull_request } = brief;
  return [
    `Repository ${brief.repository}, pull request ${pull_request.number}.`,
    quote(run, nonce, 'title', pull_request.title, 300),
    quote(run, nonce, 'description', pull_request.body, 6_000),
    'Measured facts:',
    bullets([
      `${facts.files} files, +${facts.additions} −${facts.deletions} (${facts.size})`,
      ...facts.reasons,
    ]),
    'Checks:',
    bullets(brief.checks.map(({ name, conclusion }) => `${name}: ${conclusion ?? 'not finished'}`)),
    ...(brief.plan === null
      ? []
      : ['The approved plan:', quote(run, nonce, 'plan', planText(brief.plan))]),
    ...(brief.instructions === ''
      ? []
      : [
          'What this project asks of reviews:',
          quote(run, nonce, 'instructions', brief.instructions, 6_000),
        ]),
    ...(brief.previous_findings.length === 0
      ? []
      : [
          'Findings of the review before; say in the summary which are settled:',
          quote(
            run,
            nonce,
            'previous findings',
            bullets(brief.previous_findings.map((f) => `${f.path}:${f.line} ${f.message}`)),
          ),
        ]),
    'The change:',
    quote(run, nonce, 'patch', brief.patch, patchRead),
  ].join('\n\n');
}

const planText = (plan: NonNullable<ReviewBrief['plan']>): string =>
  [plan.summary, ...plan.steps, ...plan.tests].join('\n');

function proposalFrom(
  answer: ReviewAnswer,
  brief: ReviewBrief,
  facts: ReviewFacts,
): ReviewProposal {
  const changed = addedLines(brief.patch);
  const findings = answer.findings
    .filter(({ path, line }) => changed.get(path)?.has(line) === true)
    .map((finding) => ({
      ...finding,
      message: neutralise(finding.message, 1_000),
      suggestion: finding.suggestion === null ? null : neutralise(finding.suggestion, 1_000),
    }));
  const unread =
    brief.patch.length > patchRead
      ? [`only ${patchRead} of ${brief.patch.length} characters of the change were read`]
      : [];
  const level = worst([answer.risk.level, facts.risk, unread.length > 0 ? 'medium' : 'low']);
  const reasons = [...unread, ...facts.reasons, ...answer.risk.reasons].map((reason) =>
    neutraliseLine(reason),
  );
  const serious = findings.some(({ severity }) => severity === 'major' || severity === 'critical');
  const proposal = {
    summary: neutralise(answer.summary, 2_000),
    risk: { level, reasons },
    findings,
    dropped_findings: answer.findings.length - findings.length,
    // The model's word alone does not block: a request for changes stands on a finding or on a measured fact.
    event: serious || facts.risk === 'high' ? ('REQUEST_CHANGES' as const) : ('COMMENT' as const),
  };
  return { ...proposal, body: render(proposal, facts) };
}

function render(proposal: Omit<ReviewProposal, 'body'>, facts: ReviewFacts): string {
  const { summary, risk, findings, dropped_findings } = proposal;
  const measured = `${facts.files} files, +${facts.additions} −${facts.deletions} (${facts.size})`;
  return [
    summary,
    `**Risk: ${risk.level}.** ${measured}.`,
    ...(risk.reasons.length === 0 ? [] : [bullets(risk.reasons)]),
    ...(findings.length === 0 ? ['No findings.'] : [bullets(findings.map(findingLine))]),
    ...(dropped_findings === 0
      ? []
      : [`${dropped_findings} remarks named no changed line and are left out.`]),
    'A review by an agent: it counts for no approval.',
  ].join('\n\n');
}

const findingLine = ({ path, line, severity, message }: ReviewFinding): string =>
  `**${severity}** \`${neutraliseLine(path).replaceAll('`', '')}:${line}\` ${message.replaceAll('\n', ' ')}`;
