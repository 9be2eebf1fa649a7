import type { TriageReport } from '../../domain/triage/report.ts';
import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { AgentOutcome } from '../outcome.ts';
import { bullets, dataRule, jsonSchemaOf, quote, reminders } from '../prompt.ts';
import type { ProgramAgent } from '../process/program.ts';
import { AgentRun, runAgent } from '../run.ts';
import type { SimilarText, TriageBrief } from './brief.ts';
import { triageAnswer, type TriageAnswer, type TriageProposal } from './proposal.ts';
import { triageWithoutModel } from './rules-only.ts';

const instructions = `You are the triager of a software project on GitHub. You read one new issue and answer with one JSON document:
labels, type, priority, size, duplicates, missing information, a plan for whoever implements it, and a short comment.

- Ask for information only if no plan can be made without it. Then the plan is null.
- A duplicate asks for the same change or reports the same fault as one of the similar issues listed. Then the plan is null.
- A plan names real files, small steps, what can go wrong, and the tests that will show that it works.
- The comment is addressed to the author: courteous, two or three sentences, no headings, no links.`;

/** Reads an issue; proposes labels, duplicates, questions or a plan. Where no model is configured: labels and likeness alone. */
export function triage(
  brief: TriageBrief,
  ports: {
    readonly model: LanguageModel;
    readonly program?: ProgramAgent | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<AgentOutcome<TriageProposal>> {
  const run = new AgentRun({
    model: ports.model,
    agent: 'triager',
    brief,
    program: ports.program,
    signal: ports.signal,
  });
  // A model that is down is waited for; one that nobody named will never answer (law 8).
  if (ports.program === undefined && ports.model.absent !== undefined)
    return triageWithoutModel(run, brief);
  return runAgent(run, async () => {
    run.say('system', `${instructions}\n\n${dataRule(brief.nonce)}`);
    run.say('user', describe(run, brief));
    const answer = await run.askFor(triageAnswer, jsonSchemaOf('triage', triageAnswer), (given) =>
      faultsIn(given, brief),
    );
    return proposalFrom(answer, brief);
  });
}

function describe(run: AgentRun, brief: TriageBrief): string {
  const { issue, nonce } = brief;
  const comments = issue.comments.slice(-20);
  return [
    `Repository ${brief.repository}, issue ${issue.number}.`,
    'Labels it has:',
    quote(run, nonce, 'its labels', bullets(issue.labels), 2_000),
    quote(run, nonce, 'title', issue.title, 300),
    quote(run, nonce, 'body', issue.body),
    ...comments.map((comment) => quote(run, nonce, 'comment', comment.body, 3_000)),
    ...reminders(run, nonce, brief.remembered),
    'Labels there are:',
    quote(run, nonce, 'labels', bullets(brief.labels_available), 12_000),
    ...(brief.guesses.length === 0
      ? []
      : [
          'Labels that issues like it carry, and how many of ten:',
          quote(
            run,
            nonce,
            'labels by likeness',
            bullets(
              brief.guesses
                .slice(0, 6)
                .map(({ label, confidence }) => `${label}: ${Math.round(confidence * 10)}`),
            ),
            2_000,
          ),
        ]),
    brief.similar.some(({ meaning }) => meaning !== null)
      ? 'Similar issues, measured by their words and by what an embedding makes of their meaning (1 is the same text):'
      : 'Similar issues, measured by their words (1 is the same text):',
    bullets(brief.similar.map((other) => similarLine(run, nonce, other))),
    ...(brief.asked.length === 0
      ? []
      : [
          'Its author was asked this before, and answered what there is to answer:',
          quote(run, nonce, 'questions', bullets(brief.asked), 6_000),
        ]),
    'Roadmap items:',
    quote(
      run,
      nonce,
      'roadmap',
      bullets(brief.roadmap_items.map((item) => `[${item.status}] ${item.text}`)),
      6_000,
    ),
    'Files on the default branch:',
    quote(run, nonce, 'files', brief.files.join('\n'), 8_000),
  ].join('\n\n');
}

const similarLine = (
  run: AgentRun,
  nonce: string,
  { number, title, body, state, similarity, meaning }: SimilarText,
): string =>
  `${number} (${meaning === null ? similarity : `words ${similarity}, meaning ${meaning}`}, ${state}) ${quote(run, nonce, `issue ${number}`, `${title}\n${body}`, 1_500)}`;

/** What the schema cannot say: everything named must be among what was shown, and nothing is asked twice. */
function faultsIn(answer: TriageAnswer, brief: TriageBrief): readonly string[] {
  const unknownLabels = answer.labels.filter((label) => !brief.labels_available.includes(label));
  const unknownDuplicates = answer.duplicates.filter(
    ({ number }) => !brief.similar.some((candidate) => candidate.number === number),
  );
  const waits = answer.missing_information.length > 0 || answer.duplicates.length > 0;
  return [
    ...unknownLabels.map((label) => `labels: there is no label "${label}"`),
    ...unknownDuplicates.map(
      ({ number }) => `duplicates: ${number} is not among the similar issues`,
    ),
    ...answer.missing_information
      .filter((question) => brief.asked.some((asked) => asks(asked) === asks(question)))
      .map((question) => `missing_information: "${question}" was asked before`),
    ...(answer.missing_information.length > 0 && brief.asked.length >= MOST_QUESTIONS
      ? ['missing_information: enough was asked; plan with what there is, or say what is assumed']
      : []),
    ...(waits && answer.plan !== null
      ? ['plan: must be null where information is missing or the issue is a duplicate']
      : []),
    ...(!waits && answer.plan === null
      ? ['plan: must be given where nothing is missing and the issue is no duplicate']
      : []),
  ];
}

/** Of one author about one issue, over all rounds. */
const MOST_QUESTIONS = 8;

const asks = (question: string): string =>
  neutraliseLine(question, 500)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function proposalFrom(answer: TriageAnswer, brief: TriageBrief): TriageProposal {
  const lines = (texts: readonly string[]) => texts.map((text) => neutraliseLine(text, 500));
  const duplicates = answer.duplicates.map(({ number, reason }) => ({
    number,
    similarity: brief.similar.find((other) => other.number === number)?.similarity ?? 0,
    reason: neutraliseLine(reason, 500),
  }));
  const { type, priority, size } = answer;
  const labels = [...new Set(answer.labels)];
  const missing_information = lines(answer.missing_information);
  const comment = neutralise(answer.comment, 1_500);
  const report: TriageReport = {
    by: 'model',
    type,
    priority,
    size,
    labels: labels.map((label) => ({ label, confidence: null, like: [] })),
    similar: duplicates.map(({ number, similarity, reason }) => ({
      number,
      title: neutraliseLine(brief.similar.find((one) => one.number === number)?.title ?? '', 120),
      similarity,
      reason,
    })),
    unknown: [],
    comment,
    asked: [...brief.asked, ...missing_information],
    without_meaning:
      brief.likeness_trouble === null ? null : neutraliseLine(brief.likeness_trouble, 200),
  };
  return {
    labels,
    type,
    priority,
    size,
    duplicates,
    missing_information,
    plan:
      answer.plan === null
        ? null
        : {
            summary: neutralise(answer.plan.summary, 1_000),
            files: lines(answer.plan.files),
            steps: lines(answer.plan.steps),
            risks: lines(answer.plan.risks),
            tests: lines(answer.plan.tests),
          },
    comment,
    report,
  };
}
