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
  const before = all[item] ?? none;
  const put = (change: Partial<TriageNotes>): AllNotes =>
    growth.put(all, item, { ...before, ...change });
  switch (event.type) {
    case 'triage.recorded':
      return put({ report: event.data.report });
    case 'text.flagged':
      return put({ flags: event.data.flags });
    case 'run.started':
      // The next agent reads other text; a stage without one reads none.
      return before.flags.length === 0 || event.data.agent === null ? all : put({ flags: [] });
    case 'information.reminded':
      return put({ reminded_at: event.at });
    case 'information.requested':
      return put({ asked_at: event.at, reminded_at: null });
    case 'information.given':
      return put({ asked_at: null, reminded_at: null });
    case 'item.merged':
    case 'item.terminated':
      return growth.drop(all, item);
    default:
      return all;
  }
}
