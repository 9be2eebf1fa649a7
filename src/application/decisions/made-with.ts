import { tierOfWork } from '../../domain/agents/tools.ts';
import type { MadeWithFacts } from '../../domain/policy/request.ts';
import type { AgentName, GovernanceState, Item } from '../../domain/work-item/state.ts';
import { workOf } from '../../domain/work-item/work.ts';

/** Tools of one run (absent: it did not say), or of all rounds. */
type Tools = readonly string[] | 'unknown' | null | undefined;

export function madeWith(agent: AgentName, tools: Tools): MadeWithFacts {
  return tools === 'unknown' || tools == null
    ? { agent, tools: [], tier: 'unknown' }
    : { agent, tools, tier: tierOfWork(tools) };
}

/** What a run would push is made in this round and in those before. */
export function inAllRounds(
  state: Pick<GovernanceState, 'work'>,
  { id }: Item,
  used: readonly string[] | undefined,
): Tools {
  const { tools: before } = workOf(state, id);
  if (used === undefined || before === 'unknown') return 'unknown';
  return [...new Set([...(before ?? []), ...used])].toSorted();
}

/** null: a person made the pull request. */
export function pullRequestMadeWith(
  state: Pick<GovernanceState, 'work'>,
  { id, kind, pull_request }: Item,
): MadeWithFacts | null {
  if (pull_request?.ours !== true) return null;
  return madeWith(kind === 'cycle' ? 'governor' : 'contributor', workOf(state, id).tools);
}
