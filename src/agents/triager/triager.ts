import { similarTexts, type Similarity } from '../../domain/similarity.ts';
import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { AgentOutcome } from '../outcome.ts';
import { bullets, dataRule, jsonSchemaOf, quote } from '../prompt.ts';
import { AgentRun, runAgent } from '../run.ts';
import type { TriageBrief } from './brief.ts';
import { triageAnswer, type TriageAnswer, type TriageProposal } from './proposal.ts';

const instructions = `You are the triager of a software project on GitHub. You read one new issue and answer with one JSON document:
labels, type, priority, size, duplicates, missing information, a plan for whoever implements it, and a short comment.

- Ask for information only if no plan can be made without it. Then the plan is null.
- A duplicate asks for the same change or reports the same fault as one of the similar issues listed. Then the plan is null.
- A plan names real files, small steps, what can go wrong, and the tests that will show that it works.
- The comment is addressed to the author: courteous, two or three sentences, no headings, no links.`;

/** Reads an issue; proposes labels, duplicates, questions or a plan. */
export function triage(
  brief: TriageBrief,
  ports: { readonly model: LanguageModel; readonly signal?: AbortSignal | undefined },
): Promise<AgentOutcome<TriageProposal>> {
  const run = new AgentRun({ model: ports.model, agent: 'triager', brief, signal: ports.signal });
  return runAgent(run, async () => {
    const similar = similarTexts(brief.issue, brief.open_issues);
    run.say('system', `${instructions}\n\n${dataRule(brief.nonce)}`);
    run.say('user', describe(run, brief, similar));
    const answer = await run.askFor(triageAnswer, jsonSchemaOf('triage', triageAnswer), (given) =>
      faultsIn(given, brief, similar),
    );
    return proposalFrom(answer, similar);
  });
}

function describe(run: AgentRun, brief: TriageBrief, similar: readonly Similarity[]): string {
  const { issue, nonce } = brief;
  const comments = issue.comments.slice(-20);
  return [
    `Repository ${brief.repository}, issue ${issue.number}. Labels it has: ${issue.labels.join(', ') || 'none'}.`,
    quote(run, nonce, 'title', issue.title, 300),
    quote(run, nonce, 'body', issue.body),
    ...comments.map((comment) => quote(run, nonce, 'comment', comment.body, 3_000)),
    'Labels there are:',
    bullets(brief.labels_available),
    'Similar open issues, measured by their words (1 is the same text):',
    bullets(
      similar.map(({ number, similarity }) => {
        const other = brief.open_issues.find((candidate) => candidate.number === number);
        return `${number} (${similarity}) ${quote(run, nonce, `issue ${number}`, `${other?.title ?? ''}\n${other?.body ?? ''}`, 1_500)}`;
      }),
    ),
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

/** What the schema cannot say: everything named must be among what was shown. */
function faultsIn(
  answer: TriageAnswer,
  brief: TriageBrief,
  similar: readonly Similarity[],
): readonly string[] {
  const unknownLabels = answer.labels.filter((label) => !brief.labels_available.includes(label));
  const unknownDuplicates = answer.duplicates.filter(
    ({ number }) => !similar.some((candidate) => candidate.number === number),
  );
  const waits = answer.missing_information.length > 0 || answer.duplicates.length > 0;
  return [
    ...unknownLabels.map((label) => `labels: there is no label "${label}"`),
    ...unknownDuplicates.map(
      ({ number }) => `duplicates: ${number} is not among the similar issues`,
    ),
    ...(waits && answer.plan !== null
      ? ['plan: must be null where information is missing or the issue is a duplicate']
      : []),
    ...(!waits && answer.plan === null
      ? ['plan: must be given where nothing is missing and the issue is no duplicate']
      : []),
  ];
}

function proposalFrom(answer: TriageAnswer, similar: readonly Similarity[]): TriageProposal {
  const lines = (texts: readonly string[]) => texts.map((text) => neutraliseLine(text, 500));
  return {
    labels: [...new Set(answer.labels)],
    type: answer.type,
    priority: answer.priority,
    size: answer.size,
    duplicates: answer.duplicates.map(({ number, reason }) => ({
      number,
      similarity: similar.find((candidate) => candidate.number === number)?.similarity ?? 0,
      reason: neutraliseLine(reason, 500),
    })),
    missing_information: lines(answer.missing_information),
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
    comment: neutralise(answer.comment, 1_500),
  };
}
