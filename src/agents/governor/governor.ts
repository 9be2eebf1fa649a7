import { neutralise, neutraliseLine } from '../../domain/text.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { AgentOutcome } from '../outcome.ts';
import { bullets, dataRule, jsonSchemaOf, quote } from '../prompt.ts';
import type { ProgramAgent } from '../process/program.ts';
import { AgentRun, runAgent } from '../run.ts';
import { recheckAnswers, recheckFacts } from './answers.ts';
import type { GovernorBrief } from './brief.ts';
import {
  governorAnswer,
  type GovernorAnswer,
  type GovernorProposal,
  type RoadmapFlip,
} from './proposal.ts';
import { proposeVersion } from './version.ts';

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
    `Items of ${roadmap.path}, by line:`,
    quote(
      run,
      nonce,
      'roadmap',
      roadmap.items.map((item) => `${item.line} [${item.status}] ${item.text}`).join('\n'),
      20_000,
    ),
    'Measured facts:',
    quote(run, nonce, 'facts', bullets(Object.values(facts).flat()), 8_000),
  ].join('\n\n');
}

function proposalFrom(answer: GovernorAnswer, brief: GovernorBrief): GovernorProposal {
  const flips = answer.flips.flatMap((flip) => soundFlip(flip, brief));
  return {
    flips,
    dropped_flips: answer.flips.length - flips.length,
    version: proposeVersion(brief),
    summary: neutralise(answer.summary, 1_500),
    answers: recheckAnswers(brief, answer.sentences),
  };
}

/**
 * A flip stands on a merge of this very cycle that still stands, on a line that holds an item, and changes something; none
 * otherwise. What takes something back finishes nothing either.
 */
function soundFlip(
  flip: GovernorAnswer['flips'][number],
  brief: GovernorBrief,
): readonly RoadmapFlip[] {
  const item = brief.roadmap.items.find(({ line }) => line === flip.line);
  const merged = new Set(
    brief.merges
      .filter(({ reverts, reverted_by }) => reverts.length === 0 && reverted_by === null)
      .map(({ pull_request }) => pull_request),
  );
  const evidence = [...new Set(flip.evidence)].filter((number) => merged.has(number));
  const settled = item === undefined || item.status === flip.to || item.status === 'done';
  return settled || evidence.length === 0
    ? []
    : [{ line: flip.line, item: neutraliseLine(item.text, 300), to: flip.to, evidence }];
}
