import type { AgentOutcome } from '../outcome.ts';
import { runAgent, type AgentRun } from '../run.ts';
import type { GovernorBrief } from './brief.ts';
import type { GovernorAnswer, GovernorProposal } from './proposal.ts';

/** Where nobody named a model: what rows name is compared with what was merged, and nobody's judgement is put in its place. */
export const governWithoutModel = (
  run: AgentRun,
  brief: GovernorBrief,
  proposalFrom: (answer: GovernorAnswer, brief: GovernorBrief) => GovernorProposal,
): Promise<AgentOutcome<GovernorProposal>> =>
  runAgent(run, async () =>
    proposalFrom(
      {
        flips: [],
        summary:
          `Cycle ${brief.cycle}: ${brief.merges.length} pull requests were merged. No model is configured, so rows were compared by the issues and ` +
          'pull requests they name alone; others may be finished as well.',
        sentences: {
          what_changed: '',
          risks_introduced: '',
          how_it_can_fail: '',
          how_detected: '',
          how_recovered: '',
        },
      },
      brief,
    ),
  );
