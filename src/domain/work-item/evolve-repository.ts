import type { EventData, TimedEvent } from './event.ts';
import { evolveOutbox } from './evolve-outbox.ts';
import { evolveSwitch } from './evolve-switch.ts';
import { addAct, addTokens, addUsage } from './evolve-usage.ts';
import type { Growth } from './growth.ts';
import { foldRecentRuns } from './recent-runs.ts';
import { emptyTally, type CycleTally, type GovernanceState } from './state.ts';

/** What concerns the repository as a whole: the switch, the cycle, what was used, the outbox. */
export function evolveRepository(
  growth: Growth,
  before: GovernanceState,
  event: TimedEvent,
): GovernanceState {
  const tally = tallied(before, event);
  const state =
    tally === null ? before : growth.change(before, { cycle: { ...before.cycle, tally } });
  switch (event.type) {
    case 'control.halted':
    case 'control.resumed':
    case 'control.resume_requested':
    case 'agent.disabled':
    case 'agent.enabled':
    case 'agent.enable_requested':
      return evolveSwitch(state, event);
    case 'ledger.quarantined':
      return growth.change(state, {
        quarantines: [...state.quarantines, { ...event.data, at: event.at }],
      });
    case 'cycle.configured':
      return growth.change(state, { cycle: { ...state.cycle, every: event.data.every } });
    case 'merge.counted':
      return countMerge(growth, state, event.data);
    case 'cycle.closed':
      return growth.change(state, {
        cycle: { ...state.cycle, number: event.data.cycle + 1, merges: [], tally: emptyTally },
        closed_cycles: {
          ...state.closed_cycles,
          [`cycle-${event.data.cycle}`]: { merges: state.cycle.merges, tally: state.cycle.tally },
        },
      });
    case 'run.started':
      return growth.change(state, { recent_runs: foldRecentRuns(growth, state, event) });
    case 'agent.proposed':
      return growth.change(state, { usage: addUsage(growth, state.usage, event.data, event.at) });
    case 'information.reminded':
      return growth.change(state, { usage: addAct(growth, state.usage, reminding(event.at)) });
    case 'effect.intended':
      return evolveOutbox(
        growth,
        event.data.kind === 'issue.close'
          ? growth.change(state, { usage: addAct(growth, state.usage, closing(event.at)) })
          : state,
        event,
      );
    case 'question.asked':
    case 'run.spent':
      return growth.change(state, { usage: addTokens(growth, state.usage, event.data, event.at) });
    default:
      return evolveOutbox(growth, state, event);
  }
}

/** Acts of the triager that no run of it proposes. */
const reminding = (at: string) => ({ agent: 'triager', action: 'issue.comment', at }) as const;
const closing = (at: string) => ({ agent: 'triager', action: 'issue.close', at }) as const;

function tallied(state: GovernanceState, event: TimedEvent): CycleTally | null {
  const { tally } = state.cycle;
  switch (event.type) {
    case 'approval.ended':
      return { ...tally, invalidated_approvals: tally.invalidated_approvals + 1 };
    case 'model.unavailable':
      return { ...tally, model_outages: tally.model_outages + 1 };
    case 'changes.requested':
      return { ...tally, reworks: tally.reworks + 1 };
    case 'gate.overridden': {
      const item = event.item === null ? undefined : state.items[event.item];
      const pull_request = item?.pull_request?.number;
      if (pull_request === undefined) return null;
      const override = {
        pull_request,
        by: event.actor.login,
        justification: event.data.justification,
      };
      return { ...tally, overrides: [...tally.overrides, override] };
    }
    default:
      return null;
  }
}

function countMerge(
  growth: Growth,
  state: GovernanceState,
  { cycle, merge }: EventData['merge.counted'],
): GovernanceState {
  return growth.change(state, {
    cycle: { ...state.cycle, merges: [...state.cycle.merges, merge] },
    counted: growth.put(state.counted, String(merge.pull_request), cycle),
  });
}
