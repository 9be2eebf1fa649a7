import type { EventData, TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { AgentName, GovernanceState, Item, ItemWork } from './state.ts';

type Works = GovernanceState['work'];

const none: ItemWork = { proposed: null, tools: null, question: null };

export const workOf = ({ work }: Pick<GovernanceState, 'work'>, item: string): ItemWork =>
  work[item] ?? none;

export function foldWork(growth: Growth, works: Works, event: TimedEvent): Works {
  if (event.item === null) return works;
  switch (event.type) {
    case 'agent.proposed': {
      const { agent, run, action, digest } = event.data;
      const proposed = { agent, run, action, digest, taken_by: null };
      const before = works[event.item] ?? none;
      const tools =
        action === 'pull_request.open' ? allTools(before, event.data.content) : before.tools;
      return growth.put(works, event.item, { ...before, proposed, tools });
    }
    case 'work.handed_over': {
      const before = works[event.item] ?? none;
      if (before.proposed === null) return works;
      const proposed = { ...before.proposed, taken_by: event.data.to };
      return growth.put(works, event.item, { ...before, proposed });
    }
    case 'question.asked': {
      const { question: text, checkpoint } = event.data;
      const before = works[event.item] ?? none;
      const asked = (before.question?.asked ?? 0) + 1;
      const question = { text, checkpoint, answer: null, asked };
      return growth.put(works, event.item, { ...before, question });
    }
    case 'question.answered': {
      const before = works[event.item] ?? none;
      if (before.question === null) return works;
      const answer = { by: event.actor.login, text: event.data.answer };
      return growth.put(works, event.item, { ...before, question: { ...before.question, answer } });
    }
    // Another stage, or this one anew: what was asked was about work that is over.
    case 'stage.completed':
    case 'stage.returned': {
      const before = works[event.item] ?? none;
      return before.question === null
        ? works
        : growth.put(works, event.item, { ...before, question: null });
    }
    case 'item.merged':
    case 'item.terminated':
      return growth.drop(works, event.item);
    default:
      return works;
  }
}

/** One round of which nothing is known leaves all of it unknown: what it used may be above anything else. */
function allTools({ tools: before }: ItemWork, content: unknown): ItemWork['tools'] {
  const told = toolsIn(content);
  if (told === null || before === 'unknown') return 'unknown';
  return [...new Set([...(before ?? []), ...told])].toSorted();
}

function toolsIn(content: unknown): readonly string[] | null {
  if (typeof content !== 'object' || content === null || !('tools' in content)) return null;
  const { tools } = content;
  return Array.isArray(tools) && tools.every((tool) => typeof tool === 'string') ? tools : null;
}

/** Whose work a run begins from, and why it may; null: from nobody's but people's, or it was told already. */
export function handoverTo(
  state: GovernanceState,
  item: Item,
  to: AgentName,
  run: string,
): EventData['work.handed_over'] | null {
  const { proposed } = workOf(state, item.id);
  if (proposed === null || proposed.agent === to || proposed.taken_by === to) return null;
  const { agent: from, run: from_run, action, digest } = proposed;
  return { from, from_run, to, run, action, digest, because: because(item, to) };
}

function because({ pull_request, approvals, note, round }: Item, to: AgentName): string {
  if (to === 'contributor' && round > 0) return note ?? 'it was sent back';
  if (to === 'contributor') {
    const by = approvals.filter(({ gate }) => gate === 'plan.adopt').map(({ login }) => login);
    return by.length === 0
      ? 'policy lets the plan pass'
      : `the plan is approved by ${by.join(', ')}`;
  }
  return pull_request === null
    ? 'its stage is next'
    : `pull request #${pull_request.number} is at ${pull_request.head.slice(0, 12)}`;
}
