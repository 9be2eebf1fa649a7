import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AgentOutcome } from '../../agents/outcome.ts';
import type { TriageProposal } from '../../agents/triager/proposal.ts';
import type { AgentName, Item, Plan } from '../../domain/work-item/state.ts';
import { planDigest } from '../decisions/plan-digest.ts';
import type { Session } from '../session.ts';
import { judge, proposalIn, recordProposal } from './propose.ts';
import { later } from '../later.ts';

export async function takeTriage(
  session: Session,
  item: Item,
  run: string,
  agent: AgentName,
  { outcome, text }: { readonly outcome: AgentOutcome<TriageProposal>; readonly text?: string },
): Promise<Result<null>> {
  const proposed = proposalIn(outcome);
  if (proposed === null) return ok(null);
  const { proposal, usage } = proposed;
  const digest = session.deps.sha256(canonicalJson(proposal));
  const recorded = recordProposal(session, item, {
    run,
    agent,
    action: 'issue.label',
    digest,
    content: proposal,
    usage,
  });
  if (!recorded.ok) return recorded;

  const labels = await judge(session, item, 'triager', 'issue.label', proposed.used);
  if (labels?.effect === 'allow' && proposal.labels.length > 0) {
    session.give({
      kind: 'intend',
      item: item.id,
      key: `labels/${item.number}/${digest.slice(0, 12)}`,
      effect: 'labels.change',
      payload: { number: item.number, add: proposal.labels, remove: [] },
    });
  }
  session.give({
    kind: 'record_triage',
    item: item.id,
    triage: {
      labels: proposal.labels,
      duplicates: proposal.duplicates.map(({ number }) => number),
      report: proposal.report ?? null,
    },
  });
  return adoptTriage(session, item, proposal, text ?? null);
}

function adoptTriage(
  session: Session,
  item: Item,
  proposal: TriageProposal,
  text: string | null,
): Result<null> {
  const sortedOnly = proposal.report?.by === 'rules';
  const questions = [
    ...proposal.missing_information,
    ...(proposal.plan === null && !sortedOnly && proposal.missing_information.length === 0
      ? [questionWithoutPlan(proposal)]
      : []),
  ];
  if (sortedOnly && questions.length === 0) return waitForModel(session, item);
  if (questions.length > 0 || proposal.plan === null) {
    return session.give({ kind: 'request_information', item: item.id, missing: questions });
  }
  const published_at = session.deps.now();
  const { summary, files, steps, risks, tests } = proposal.plan;
  const plan: Plan = {
    digest: planDigest(session.deps, item, proposal.plan, text),
    summary,
    files,
    steps,
    risks,
    tests,
    published_at,
  };
  session.give({ kind: 'publish_plan', item: item.id, plan });
  return session.give({ kind: 'complete_stage', item: item.id });
}

/** Rules sort; a plan is thought out. It waits for a model, in the state of one that is away. */
const waitForModel = (session: Session, item: Item): Result<null> =>
  session.give({
    kind: 'model_unavailable',
    item: item.id,
    reason: session.deps.model.absent ?? 'there was no model when it was sorted',
    retry_at: later(session.deps.now(), session.deps.timing.outage_ms),
  });

const questionWithoutPlan = ({ duplicates }: TriageProposal): string =>
  duplicates[0] === undefined
    ? 'There is nothing to implement in this as it stands. What should change?'
    : `Does it ask for something else than issue ${duplicates[0].number}? Then what is the difference?`;
