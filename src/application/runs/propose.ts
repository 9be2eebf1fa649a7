import type { AgentOutcome, AgentUsage, TraceEntry } from '../../agents/outcome.ts';
import { evaluate } from '../../domain/policy/evaluate.ts';
import { denials } from '../../domain/policy/render.ts';
import type { FileFacts, PolicyRequest } from '../../domain/policy/request.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { Result } from '../../domain/result.ts';
import type { AgentName, Item } from '../../domain/work-item/state.ts';
import { fileFacts, noEvidence, policyRequest } from '../decisions/facts.ts';
import { inAllRounds, madeWith } from '../decisions/made-with.ts';
import { withMilestones } from '../decisions/milestones.ts';
import { recordVerdict } from '../decisions/record.ts';
import type { Session } from '../session.ts';

export const proposalIn = <T>(
  outcome: AgentOutcome<T>,
): Extract<AgentOutcome<T>, { kind: 'proposal' }> | null =>
  outcome.kind === 'proposal' ? outcome : null;

/** Whoever reads the item is told that a text it was made from is not what it looks like. */
export function recordFlags(
  session: Session,
  item: Item,
  run: string,
  agent: AgentName,
  trace: readonly TraceEntry[],
): void {
  const flags = trace.filter(({ kind }) => kind === 'flag').map(({ detail }) => detail);
  if (flags.length === 0) return;
  const flagged = { run, agent, flags: [...new Set(flags)].slice(0, MOST_FLAGS) };
  session.give({ kind: 'record_flags', item: item.id, flagged });
}

const MOST_FLAGS = 10;

export function recordProposal(
  session: Session,
  item: Item,
  input: {
    readonly run: string;
    readonly agent: AgentName;
    readonly action: string;
    readonly digest: string;
    readonly content: unknown;
    readonly usage: AgentUsage;
  },
): Result<null> {
  const { input_tokens, output_tokens, usd, model } = input.usage;
  return session.give({
    kind: 'propose',
    item: item.id,
    proposal: {
      agent: input.agent,
      run: input.run,
      action: input.action,
      digest: input.digest,
      content: input.content,
      usage: { input_tokens, output_tokens, usd, model },
    },
  });
}

/** What an agent would push. */
export interface Change {
  readonly branch: string;
  readonly head: string;
  readonly title: string;
  readonly files: readonly FileFacts[];
}

export interface Judged {
  readonly request: PolicyRequest;
  readonly verdict: Verdict;
}

/** The tools of the run; absent: its report does not say. */
type Used = readonly string[] | undefined;

/** What policy says of an agent's action that no human is asked for by a gate of its own. null: the policies are malformed. */
export async function weigh(
  session: Session,
  item: Item,
  agent: AgentName,
  kind: string,
  used: Used,
  change?: Change,
): Promise<Judged | null> {
  if (session.rules.kind === 'broken') return null;
  const { policies, branch: base } = session.rules;
  const pull_request =
    change === undefined
      ? null
      : {
          number: item.pull_request?.number ?? 0,
          author: null,
          head: change.head,
          base,
          branch: change.branch,
          title: change.title,
          body: '',
          draft: true,
          labels: [],
          files: change.files.map(fileFacts),
          commits: [],
          checks: [],
        };
  // What is pushed was made in the rounds before, too.
  const tools = change === undefined ? used : inAllRounds(session.state, item, used);
  const made_with = madeWith(agent, tools);
  const facts = { kind, agent, item, pull_request, issue: null, evidence: noEvidence, made_with };
  const request = await policyRequest(session, await withMilestones(session, facts), policies);
  return { request, verdict: evaluate(policies, request) };
}

/** The same, written down. */
export async function judge(
  session: Session,
  item: Item,
  agent: AgentName,
  kind: string,
  used: Used,
): Promise<Verdict | null> {
  const judged = await weigh(session, item, agent, kind, used);
  if (judged === null) return null;
  recordVerdict(session, item.id, judged);
  return judged.verdict;
}

/** Says why an action did not pass; a requirement outside the three gates is a refusal that names what to change. */
export function notAllowed(kind: string, verdict: Verdict | null): string {
  if (verdict === null) return 'the policies are malformed';
  return verdict.effect === 'deny'
    ? `policy denies ${kind}: ${denials(verdict.reasons).join('; ')}`
    : `policy asks a human for ${kind}, which has no gate yet: let it be allowed or denied; the merge has its own gate`;
}
