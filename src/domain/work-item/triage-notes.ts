import type { TriageNotes } from '../triage/report.ts';
import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { GovernanceState } from './state.ts';

type AllNotes = GovernanceState['triage'];

const none: TriageNotes = { report: null, flags: [], asked_at: null, reminded_at: null };

export const triageNotesOf = (
  { triage }: Pick<GovernanceState, 'triage'>,
  item: string,
): TriageNotes => triage[item] ?? none;

export function foldTriageNotes(growth: Growth, all: AllNotes, event: TimedEvent): AllNotes {
  if (event.item === null) return all;
  const { item } = event;
  switch (event.type) {
    case 'triage.recorded':
      return noting(growth, all, item, { report: event.data.report });
    case 'text.flagged':
      return noting(growth, all, item, { flags: event.data.flags });
    case 'run.started':
      // The next agent reads other text; a stage without one reads none.
      return event.data.agent === null || (all[item] ?? none).flags.length === 0
        ? all
        : noting(growth, all, item, { flags: [] });
    case 'information.reminded':
      return noting(growth, all, item, { reminded_at: event.at });
    case 'information.requested':
      return noting(growth, all, item, { asked_at: event.at, reminded_at: null });
    case 'information.given':
      return noting(growth, all, item, { asked_at: null, reminded_at: null });
    case 'item.merged':
    case 'item.terminated':
      return growth.drop(all, item);
    default:
      return all;
  }
}

const noting = (
  growth: Growth,
  all: AllNotes,
  item: string,
  change: Partial<TriageNotes>,
): AllNotes => growth.put(all, item, { ...(all[item] ?? none), ...change });
