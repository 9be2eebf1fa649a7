import { endings } from '../../../../domain/ending.ts';
import { headline } from '../../../../domain/presentation.ts';
import {
  stagesOf,
  type FinishedItem,
  type GovernanceState,
  type Item,
} from '../../../../domain/work-item/state.ts';
import { triageNotesOf } from '../../../../domain/work-item/triage-notes.ts';
import { demoIssues } from '../issues.ts';
import { itemAddress } from '../../../server/dashboard/parts.ts';
import type {
  Counts,
  CycleView,
  DemoView,
  Link,
  Moment,
  Occasion,
  Row,
  Step,
  Wait,
} from './view.ts';
import type { Reading } from './reading.ts';
import { waitOf } from './waits.ts';

/** As many as one reads; the dashboard has the whole of each item. */
const SHOWN_EVENTS = 60;

const nothing: Counts = { requests: 0, commits: 0, received: 0, duplicates: 0, refused: 0 };

export const emptyView = (occasion: Occasion): DemoView => ({
  occasion,
  open: false,
  halted: null,
  faults: [],
  waits: [],
  rows: [],
  cycle: { number: 1, every: 5, merges: [], short: null },
  roadmap: null,
  timeline: [],
  events: 0,
  counts: nothing,
});

/** What has happened, what waits, and what one can do about it. */
export function buildView(
  occasion: Occasion,
  { shown, loaded, history }: Reading,
  counts: Omit<Counts, 'commits'>,
): DemoView {
  const { state } = loaded;
  const open = Object.values(state.items);
  const { halted } = state.control;
  const told = history.story.filter(({ event }) => !isReceipt(event.type));
  return {
    occasion,
    open: true,
    halted: halted === null ? null : `Halted by ${halted.by}: ${halted.reason}`,
    faults: shown.faults,
    waits: open
      .flatMap((item) => waitOf(occasion, state, item))
      .toSorted((a, b) => rankOf(a) - rankOf(b) || a.number - b.number),
    rows: [
      ...open.map((item) => openRow(occasion, loaded.state, item)),
      ...Object.entries(state.finished).map(([id, item]) =>
        finishedRow(occasion, id, item, history),
      ),
    ].toSorted(byKindAndNumber),
    cycle: cycleOf(occasion, state, history),
    roadmap: roadmapOf(occasion, history),
    timeline: told.slice(0, SHOWN_EVENTS).map(momentOf),
    events: told.length,
    counts: { ...counts, commits: history.commits },
  };
}

/** What leads on comes first, what only may be done next, what waits for something else last. */
const rankOf = ({ digest, acts }: Wait): number =>
  digest !== null && acts.length > 0 ? 0 : acts.length > 0 ? 1 : 2;

const byKindAndNumber = (a: Row, b: Row): number =>
  a.id.localeCompare(b.id, 'en', { numeric: true }) * (a.id.startsWith('cycle') ? -1 : 1) ||
  Number(a.id.startsWith('cycle')) - Number(b.id.startsWith('cycle'));

const nameOf = ({ kind, number }: Pick<Item, 'kind' | 'number'>): string =>
  kind === 'cycle' ? `Cycle ${number}` : `#${number}`;

const onGitHub = (
  { github, repository }: Occasion,
  kind: 'issues' | 'pull',
  number: number,
): string => `${github}/repos/${repository}/${kind}/${number}`;

const pullLink = (occasion: Occasion, number: number): Link => ({
  text: `#${number}`,
  href: onGitHub(occasion, 'pull', number),
});

function openRow(occasion: Occasion, state: GovernanceState, item: Item): Row {
  const order = stagesOf[item.kind];
  const at = order.indexOf(item.stage);
  const steps = order.map((name, index): Step => ({
    name,
    status: index < at ? 'done' : index > at ? 'ahead' : isWaiting(item) ? 'waits' : 'now',
  }));
  return {
    id: item.id,
    name: nameOf(item),
    title: item.title,
    steps,
    state: headline(item, triageNotesOf(state, item.id)),
    tone: isWaiting(item) ? 'attention' : item.authority === 'dead' ? 'danger' : 'active',
    note: item.note,
    pull_request: item.pull_request === null ? null : pullLink(occasion, item.pull_request.number),
    links: linksOf(occasion, item.id, item),
  };
}

const waiting: ReadonlySet<string> = new Set([
  'waiting_for_human',
  'waiting_for_information',
  'model_unavailable',
  'dead',
]);

const isWaiting = ({ authority }: Item): boolean => waiting.has(authority);

const tones: Readonly<Record<FinishedItem['outcome'], string>> = {
  merged: 'good',
  published: 'good',
  rejected: 'danger',
  expired: 'danger',
  closed: 'muted',
};

function finishedRow(
  occasion: Occasion,
  id: string,
  item: FinishedItem,
  { report }: Reading['history'],
): Row {
  const good = item.outcome === 'merged' || item.outcome === 'published';
  const order: readonly string[] = stagesOf[item.kind];
  const last = report.items.find((one) => one.id === id)?.stages.at(-1) ?? '';
  const reached = order.indexOf(last);
  return {
    id,
    name: nameOf(item),
    title: item.title,
    steps: order.map((name, index): Step => ({
      name,
      status: good || index < reached ? 'done' : index === reached ? 'ended' : 'ahead',
    })),
    state: endings[item.outcome],
    tone: tones[item.outcome],
    note: good ? null : item.reason,
    pull_request: item.pull_request === null ? null : pullLink(occasion, item.pull_request),
    links: linksOf(occasion, id, item),
  };
}

function linksOf(
  occasion: Occasion,
  id: string,
  { kind, number }: Pick<Item, 'kind' | 'number'>,
): readonly Link[] {
  const story = { text: 'story', href: itemAddress(occasion.repository, id) };
  if (kind === 'cycle') return [story];
  const page = onGitHub(occasion, kind === 'issue' ? 'issues' : 'pull', number);
  return [{ text: 'on GitHub', href: page }, story];
}

/** The cycle merges are counted into; once it is closed, that one, until the next has a merge. */
function cycleOf(
  occasion: Occasion,
  { cycle, finished }: Reading['loaded']['state'],
  { report }: Reading['history'],
): CycleView {
  const last = report.cycles.at(-1);
  const closed = cycle.merges.length === 0 && last !== undefined ? last : null;
  const numbers = closed?.pull_requests ?? cycle.merges.map(({ pull_request }) => pull_request);
  return {
    number: closed?.number ?? cycle.number,
    short: closed === null && occasion.model.kind === 'tape' ? shortOf(finished) : null,
    every: Math.max(closed === null ? cycle.every : numbers.length, numbers.length),
    merges: numbers.map((number) => ({
      title:
        report.items.find((item) => item.pull_request === number && item.kind !== 'cycle')?.title ??
        '',
      pull_request: pullLink(occasion, number),
    })),
  };
}

/** The tape knows as many issues as a cycle has merges: without one of them it is never full. */
function shortOf(finished: Reading['loaded']['state']['finished']): string | null {
  const lost = demoIssues.find(({ number, expected }) => {
    const outcome = finished[`issue-${number}`]?.outcome;
    return expected === 'plan' && outcome !== undefined && outcome !== 'merged';
  });
  return lost === undefined
    ? null
    : `#${lost.number} ended without a merge, and the tape knows no other issue: this cycle will not be full. Start the demo anew, or file issues with a live model.`;
}

function roadmapOf(
  occasion: Occasion,
  { report, roadmap_diff }: Reading['history'],
): DemoView['roadmap'] {
  const last = report.cycles.at(-1);
  if (last === undefined || last.pull_request === null) return null;
  const outcome = report.items.find(({ id }) => id === `cycle-${last.number}`)?.outcome ?? null;
  return {
    pull_request: pullLink(occasion, last.pull_request),
    state: last.merged ? 'published' : outcome === null ? 'waits' : 'ended',
    diff: roadmap_diff,
  };
}

/** That a comment or label was meant and done is told by the comment and the label. */
const isReceipt = (type: string): boolean => type === 'effect.intended' || type === 'effect.done';

function momentOf({ event, text }: Reading['history']['story'][number]): Moment {
  return {
    sequence: event.sequence,
    at: event.at,
    kind: event.actor.kind,
    login: event.actor.login,
    item: event.item,
    text,
  };
}
