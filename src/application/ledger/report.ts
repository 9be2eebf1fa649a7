import type { EventData, TimedEvent } from '../../domain/work-item/event.ts';
import { upcast } from '../../domain/ledger/upcast.ts';
import type { Approval, ItemKind, Outcome, Stage } from '../../domain/work-item/state.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import { readStory } from './read-story.ts';

export interface ReportedApproval {
  readonly gate: Approval['gate'];
  readonly by: Approval['by'];
  readonly login: string;
  readonly digest: string;
  readonly at: string;
  /** Why it ended; null: it held to the end. */
  readonly ended: string | null;
}

export interface ReportedItem {
  readonly id: string;
  readonly kind: ItemKind;
  readonly title: string;
  readonly stages: readonly Stage[];
  readonly pull_request: number | null;
  readonly merged: boolean;
  readonly outcome: Outcome | null;
  readonly approvals: readonly ReportedApproval[];
}

export interface ReportedCycle {
  readonly number: number;
  readonly pull_request: number | null;
  readonly pull_requests: readonly number[];
  readonly merged: boolean;
  readonly approvals: readonly ReportedApproval[];
  readonly roadmap_lines_changed: number;
}

export interface LedgerReport {
  readonly items: readonly ReportedItem[];
  readonly cycles: readonly ReportedCycle[];
  readonly merges: number;
}

interface Draft {
  id: string;
  kind: ItemKind;
  number: number;
  title: string;
  stages: Stage[];
  pull_request: number | null;
  merged: boolean;
  outcome: Outcome | null;
  approvals: ReportedApproval[];
  lines_changed: number;
}

/** What a history tells of each item and cycle: from the events alone, finished ones included. */
export async function reportLedger(folder: LedgerFolder): Promise<LedgerReport> {
  const drafts = new Map<string, Draft>();
  const counted = new Map<number, number[]>();
  for await (const line of readStory(folder, null)) {
    const event = upcast(line.event);
    if (event === null) continue;
    if (event.type === 'merge.counted') {
      const { cycle, merge } = event.data;
      counted.set(cycle, [...(counted.get(cycle) ?? []), merge.pull_request]);
    }
    if (event.item !== null) tell(drafts, event.item, event);
  }
  const all = [...drafts.values()];
  return {
    items: all.map(({ number: _number, lines_changed: _lines, ...item }) => item),
    cycles: all
      .filter(({ kind }) => kind === 'cycle')
      .map(({ number, pull_request, merged, approvals, lines_changed }) => ({
        number,
        pull_request,
        pull_requests: counted.get(number) ?? [],
        merged,
        approvals,
        roadmap_lines_changed: lines_changed,
      })),
    merges: [...counted.values()].flat().length,
  };
}

const firstStage: Readonly<Record<ItemKind, Stage>> = {
  issue: 'triage',
  pull_request: 'review',
  cycle: 'roadmap',
};

function tell(drafts: Map<string, Draft>, id: string, event: TimedEvent): void {
  if (event.type === 'item.created') {
    const { kind, number, title, pull_request } = event.data;
    drafts.set(id, {
      id,
      kind,
      number,
      title,
      stages: [firstStage[kind]],
      pull_request: pull_request?.number ?? null,
      merged: false,
      outcome: null,
      approvals: [],
      lines_changed: 0,
    });
    return;
  }
  const draft = drafts.get(id);
  if (draft !== undefined) extend(draft, event);
}

function extend(draft: Draft, event: TimedEvent): void {
  switch (event.type) {
    case 'stage.entered':
    case 'stage.returned':
      draft.stages.push(event.data.stage);
      return;
    case 'pull_request.linked':
      draft.pull_request = event.data.pull_request.number;
      return;
    case 'agent.proposed':
      draft.lines_changed = linesChanged(event.data);
      return;
    case 'approval.given': {
      const { gate, by, login, digest, at } = event.data.approval;
      draft.approvals.push({ gate, by, login, digest, at, ended: null });
      return;
    }
    case 'approval.ended':
      draft.approvals = draft.approvals.map((approval) =>
        approval.login === event.data.approval.login &&
        approval.digest === event.data.approval.digest &&
        approval.gate === event.data.approval.gate
          ? { ...approval, ended: event.data.reason }
          : approval,
      );
      return;
    case 'item.merged':
      draft.merged = true;
      draft.outcome = event.data.outcome;
      return;
    case 'item.terminated':
      draft.outcome = event.data.outcome;
      return;
    default:
  }
}

function linesChanged({ content }: EventData['agent.proposed']): number {
  if (typeof content !== 'object' || content === null) return 0;
  const { lines_changed } = content as { readonly lines_changed?: unknown };
  return typeof lines_changed === 'number' ? lines_changed : 0;
}
