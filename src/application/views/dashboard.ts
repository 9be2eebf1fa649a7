import { emptyLedger } from '../../domain/ledger/commit.ts';
import { endings } from '../../domain/ending.ts';
import { headline, whom } from '../../domain/presentation.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { isSortedOnly } from '../../domain/triage/present.ts';
import type { GovernanceState, Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import type { Inbox } from '../../ports/inbox.ts';
import { filesAsFolder } from '../ledger/files-as-folder.ts';
import { readStory } from '../ledger/read-story.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import type { Repository } from '../repository.ts';
import { reportPage } from './report-page.ts';
import type {
  DashboardSource,
  DeliveriesView,
  ItemPage,
  ItemView,
  ReasonView,
  RepositoryView,
  SetAsideView,
  TimelineEntry,
  VerdictView,
  WaitingView,
} from './views.ts';

/** A repository as the service has it in memory: read without asking GitHub anything. */
export interface ShownRepository {
  readonly repository: Repository;
  readonly reading: LoadedLedger | null;
  readonly faults: readonly string[];
  verdict(item: string): Verdict | undefined;
}

export interface DashboardParts {
  readonly repositories: () => Promise<readonly ShownRepository[]>;
  readonly inbox: Inbox;
  readonly now: () => string;
  /** Where the code host shows its pages, e.g. `https://github.com`. */
  readonly web: string;
}

const RECENT_DELIVERIES = 20;

/** The dashboard's view of the ledgers: nothing is kept beside them. */
export function createDashboard(parts: DashboardParts): DashboardSource {
  return {
    async overview() {
      const shown = await parts.repositories();
      return {
        at: parts.now(),
        repositories: (
          await Promise.all(shown.map((one) => repositoryView(one, parts.web)))
        ).flat(),
        deliveries: await deliveriesView(parts.inbox),
      };
    },
    async item(fullName, id) {
      const shown = (await parts.repositories()).find(
        ({ repository }) => repository.ref.full_name === fullName,
      );
      return shown === undefined ? null : itemPage(shown, id, parts.web);
    },
    async report(fullName) {
      const shown = (await parts.repositories()).find(
        ({ repository }) => repository.ref.full_name === fullName,
      );
      return shown === undefined ? null : reportPage(shown, parts.web);
    },
  };
}

async function repositoryView(
  { repository, reading, faults }: ShownRepository,
  web: string,
): Promise<readonly RepositoryView[]> {
  // One whose ledger could not be read since the start has nothing to show but why.
  if (reading === null && faults.length === 0) return [];
  const { state, head } = reading ?? emptyLedger;
  const patch = await repository.ledger.foreignPatch();
  const { halted } = state.control;
  const url = `${web}/${repository.ref.full_name}`;
  const items = Object.values(state.items).sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  return [
    {
      full_name: repository.ref.full_name,
      url,
      halted: halted === null ? null : { by: halted.by, reason: halted.reason, since: halted.at },
      disabled_agents: state.control.disabled_agents,
      requests: (state.control.requests ?? []).map(({ act, agent, login, reason, at }) => ({
        act,
        agent,
        by: login,
        reason,
        since: at,
      })),
      cycle: {
        number: state.cycle.number,
        merges: state.cycle.merges.length,
        every: state.cycle.every,
      },
      ledger: {
        branch: repository.ledgerBranch,
        sequence: head.sequence,
        hash: head.hash,
        foreign_patch: patch === '' ? null : patch,
        set_aside: setAsideViews(state, url),
      },
      faults,
      waiting: items.flatMap((item) => waitingViews(state, item, url)),
      items: items.map((item) => itemView(state, item, url)),
    },
  ];
}

const SET_ASIDE_SHOWN = 3;

const setAsideViews = ({ quarantines }: GovernanceState, url: string): readonly SetAsideView[] =>
  quarantines
    .slice(-SET_ASIDE_SHOWN)
    .toReversed()
    .map(({ at, reason, commits, sound, branch }) => ({
      at,
      reason,
      authors: [...new Set(commits.map(({ author }) => author))],
      url: branch === null ? null : `${url}/compare/${sound.commit}...${branch}`,
    }));

function itemView(state: GovernanceState, item: Item, url: string): ItemView {
  const { id, number, kind, title, stage, authority, note, held } = item;
  const page =
    kind === 'issue'
      ? `${url}/issues/${number}`
      : item.pull_request === null
        ? null
        : `${url}/pull/${item.pull_request.number}`;
  return {
    id,
    number,
    kind,
    title,
    url: page,
    stage,
    authority,
    headline: headline(item, triageNotesOf(state, id)),
    note,
    held: held === null ? null : `${held.by}: ${held.reason}`,
    pull_request: item.pull_request?.number ?? null,
  };
}

function waitingViews(state: GovernanceState, item: Item, url: string): readonly WaitingView[] {
  const { id, number, kind, title, url: page } = itemView(state, item, url);
  const about = { item: { id, number, kind, title, url: page }, since: item.updated_at };
  switch (item.authority) {
    case 'waiting_for_human':
      return (item.gate?.waiting_for ?? []).map(({ from, count, have }) => ({
        ...about,
        whom: `${count - have > 1 ? `${count - have} of ` : ''}${whom(from)}`,
        human: true,
        what: whatIsAsked(item),
        how:
          item.stage === 'plan'
            ? 'label assent:approve, or comment /assent approve'
            : `approve pull request #${item.pull_request?.number ?? '?'} in a review`,
        since: item.gate?.since ?? item.updated_at,
      }));
    case 'waiting_for_information':
      return [
        {
          ...about,
          whom: `@${item.author?.login ?? 'the author'}`,
          human: true,
          what: item.missing[0] ?? 'an answer',
          how: 'answer in a comment',
        },
      ];
    case 'dead':
      return [
        {
          ...about,
          whom: 'somebody with write permission',
          human: true,
          what: item.note ?? 'it did not work out',
          how: 'comment /assent retry',
        },
      ];
    case 'model_unavailable':
      return isSortedOnly(item, triageNotesOf(state, id))
        ? [{ ...about, whom: 'a model', human: false, what: 'make a plan', how: item.note }]
        : [{ ...about, whom: 'the model', human: false, what: 'answer', how: item.note }];
    default:
      return [];
  }
}

function whatIsAsked(item: Item): string {
  const digest = item.gate?.digest.slice(0, 7) ?? '';
  if (item.stage === 'plan') return `approve the plan ${digest}`;
  return item.kind === 'cycle'
    ? `approve the roadmap update ${digest}`
    : `approve the merge of ${digest}`;
}

async function itemPage(shown: ShownRepository, id: string, web: string): Promise<ItemPage | null> {
  const { repository, reading } = shown;
  if (reading === null) return null;
  const { full_name } = repository.ref;
  const url = `${web}/${full_name}`;
  const timeline = await timelineOf(repository, id);
  const item = reading.state.items[id];
  if (item === undefined) return finishedPage(reading, id, { full_name, url }, timeline);
  return {
    repository: { full_name, url },
    item: itemView(reading.state, item, url),
    waiting: waitingViews(reading.state, item, url),
    approvals: item.approvals.map(({ gate, login, by, digest, at }) => ({
      gate,
      login,
      by,
      digest,
      at,
    })),
    ignored: item.gate?.ignored ?? [],
    notices: item.notices,
    verdict: verdictView(item, shown.verdict(id)),
    timeline,
  };
}

function finishedPage(
  { state }: LoadedLedger,
  id: string,
  repository: ItemPage['repository'],
  timeline: readonly TimelineEntry[],
): ItemPage | null {
  const ended = state.finished[id];
  if (ended === undefined) return null;
  const { kind, number, title, pull_request, outcome, reason } = ended;
  const page = kind === 'issue' ? `issues/${number}` : `pull/${pull_request ?? number}`;
  return {
    repository,
    item: {
      id,
      number,
      kind,
      title,
      url: `${repository.url}/${page}`,
      stage: 'merge',
      authority: outcome,
      headline: endings[outcome],
      note: reason,
      held: null,
      pull_request,
    },
    waiting: [],
    approvals: [],
    ignored: [],
    notices: [],
    verdict: null,
    timeline,
  };
}

function verdictView(item: Item, verdict: Verdict | undefined): VerdictView | null {
  if (verdict === undefined || item.gate === null) return null;
  const tree = ({ text, children }: Verdict['reasons']): ReasonView => ({
    text,
    children: children.map(tree),
  });
  return {
    action: item.gate.action,
    effect: verdict.effect,
    satisfied: verdict.satisfied,
    reasons: tree(verdict.reasons),
  };
}

/** Read from the history each time: the page is for people, who ask seldom. */
async function timelineOf(repository: Repository, id: string): Promise<readonly TimelineEntry[]> {
  const folder = filesAsFolder(await repository.ledgerFiles());
  const entries: TimelineEntry[] = [];
  for await (const { event, text } of readStory(folder, id)) {
    const { sequence, at, actor, type } = event;
    entries.push({ sequence, at, actor: { kind: actor.kind, login: actor.login }, type, text });
  }
  return entries;
}

async function deliveriesView(inbox: Inbox): Promise<DeliveriesView> {
  const [counts, recent] = await Promise.all([inbox.counts(), inbox.list(RECENT_DELIVERIES)]);
  return {
    received: counts.received,
    duplicates: counts.duplicates,
    waiting: counts.waiting,
    recent: recent.map(({ id, event, action, repository, received_at, outcome, reason }) => ({
      id,
      event,
      action,
      repository,
      at: received_at,
      outcome,
      reason,
    })),
  };
}
