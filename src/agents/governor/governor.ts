import { neutralise } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { AgentOutcome } from '../outcome.ts';
import { bullets, dataRule, jsonSchemaOf, quote } from '../prompt.ts';
import type { ProgramAgent } from '../process/program.ts';
import { AgentRun, runAgent } from '../run.ts';
import { recheckAnswers, recheckFacts } from './answers.ts';
import type { GovernorBrief } from './brief.ts';
import { settleFlips } from './flips.ts';
import { governorAnswer, type GovernorAnswer, type GovernorProposal } from './proposal.ts';
import { proposeVersion } from './version.ts';
import { governWithoutModel } from './without-model.ts';

const instructions = `You are the governor of a software project on GitHub. Some pull requests were merged since you last looked. You compare them with
the roadmap and answer with one JSON document.

- flips: roadmap items that these merges finished ("done") or clearly began ("in_progress"), each with the pull requests that show it.
  Leave out what is already so, and whatever you are not sure of.
- summary: a short account of the cycle for the people who decide.
- sentences: one sentence to each recheck question; the measured facts are added to it by code. Claim nothing that is not among them.`;

/** Reads a cycle's merges; proposes what the roadmap should say now. */
export function govern(
  brief: GovernorBrief,
  ports: {
    readonly model: LanguageModel;
    readonly program?: ProgramAgent | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<AgentOutcome<GovernorProposal>> {
  const run = new AgentRun({
    model: ports.model,
    agent: 'governor',
    brief,
    program: ports.program,
    signal: ports.signal,
  });
  // A model that is down is waited for; one that nobody named will never answer (law 8).
  if (ports.program === undefined && ports.model.absent !== undefined)
    return governWithoutModel(run, brief, proposalFrom);
  return runAgent(run, async () => {
    run.say('system', `${instructions}\n\n${dataRule(brief.nonce)}`);
    run.say('user', describe(run, brief));
    const answer = await run.askFor(
      governorAnswer,
      jsonSchemaOf('governance', governorAnswer),
      () => [],
    );
    return proposalFrom(answer, brief);
  });
}

function describe(run: AgentRun, brief: GovernorBrief): string {
  const { nonce, roadmap } = brief;
  const facts = recheckFacts(brief);
  return [
    `Repository ${brief.repository}, governance cycle ${brief.cycle}. Merged since the last one:`,
    ...brief.merges.map((merge) =>
      quote(
        run,
        nonce,
        `pull request ${merge.pull_request}`,
        [
          merge.title,
          `issue: ${merge.issue ?? 'none'}; labels: ${merge.labels.join(', ') || 'none'}; by ${merge.by}`,
          ...(merge.reverted_by === null
            ? []
            : [`taken back by pull request ${merge.reverted_by}: it finished nothing`]),
          ...(merge.files ?? []).map(
            (file) => `${file.path} +${file.additions} −${file.deletions}`,
          ),
        ].join('\n'),
        3_000,
      ),
    ),
    ...earlierMerges(run, brief),
    `Items of ${roadmap.path}, by line:`,
    quote(
      run,
      nonce,
      'roadmap',
      roadmap.items.map((item) => `${item.line} [${item.status}] ${item.text}`).join('\n'),
      20_000,
    ),
    ...refusedFlips(run, brief),
    'Measured facts:',
    quote(run, nonce, 'facts', bullets(Object.values(facts).flat()), 8_000),
  ].join('\n\n');
}

const MOST_EARLIER = 40;

const earlierMerges = (run: AgentRun, { nonce, earlier }: GovernorBrief): readonly string[] =>
  earlier.length === 0
    ? []
    : [
        'Merged in earlier cycles; evidence too, where it still stands:',
        quote(
          run,
          nonce,
          'earlier merges',
          bullets(
            earlier
              .slice(-MOST_EARLIER)
              .map(({ pull_request, title }) => `${pull_request} ${title.slice(0, 200)}`),
          ),
          6_000,
        ),
      ];

const MOST_REFUSED = 40;

const refusedFlips = (run: AgentRun, { nonce, refused }: GovernorBrief): readonly string[] =>
  refused.length === 0
    ? []
    : [
        'People said no to these changes. Leave them out, unless a merge since then shows more:',
        quote(
          run,
          nonce,
          'refused changes',
          bullets(
            refused
              .slice(-MOST_REFUSED)
              .map(
                ({ item, to, cycle, reason }) =>
                  `${item} to ${to} (cycle ${cycle})${reason === '' ? '' : `: ${reason.slice(0, 200)}`}`,
              ),
          ),
          6_000,
        ),
      ];

function proposalFrom(answer: GovernorAnswer, brief: GovernorBrief): GovernorProposal {
  const { flips, held_back, dropped } = settleFlips(brief, answer.flips);
  return {
    flips,
    held_back,
    dropped_flips: dropped,
    version: proposeVersion(brief),
    summary: neutralise(answer.summary, 1_500),
    answers: recheckAnswers(brief, answer.sentences),
  };
}
