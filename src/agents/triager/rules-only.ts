import { triageByRules } from '../../domain/triage/by-rules.ts';
import type { SimilarIssue } from '../../domain/triage/report.ts';
import { neutraliseLine } from '../../domain/text.ts';
import type { AgentOutcome } from '../outcome.ts';
import { quote } from '../prompt.ts';
import { runAgent, type AgentRun } from '../run.ts';
import type { SimilarText, TriageBrief } from './brief.ts';
import type { TriageProposal } from './proposal.ts';

/** Fewer words in common than this are what any two issues of a project share. */
const WORTH_SHOWING = 0.3;
const MOST_SHOWN = 3;

/** What people are shown of issues that read alike. The titles are other people's text. */
const shownSimilar = (similar: readonly SimilarText[]): readonly SimilarIssue[] =>
  similar
    .filter(({ similarity }) => similarity >= WORTH_SHOWING)
    .slice(0, MOST_SHOWN)
    .map(({ number, title, similarity }) => ({
      number,
      title: neutraliseLine(title, 120),
      similarity,
      reason: null,
    }));

/**
 * Without a model: labels and similar issues by the repository's own past. No plan, which nobody would have thought of, and no
 * word that something is a duplicate, which words alone do not tell.
 */
export function triageWithoutModel(
  run: AgentRun,
  brief: TriageBrief,
): Promise<AgentOutcome<TriageProposal>> {
  return runAgent(run, async () => {
    // Read by nobody here; what is odd about it is still told to whoever reads the comment.
    quote(run, brief.nonce, 'title', brief.issue.title);
    quote(run, brief.nonce, 'body', brief.issue.body, Infinity);
    const { issue, labels, guesses, asked } = brief;
    const similar = shownSimilar(brief.similar);
    const report = triageByRules({ issue, labels, guesses, similar, asked });
    return {
      labels: report.labels.map(({ label }) => label),
      type: report.type,
      priority: report.priority,
      size: report.size,
      duplicates: [],
      missing_information: asked.length > 0 ? [] : [...report.asked],
      plan: null,
      comment: null,
      report,
    };
  });
}
