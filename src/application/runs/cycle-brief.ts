import type { CitedIssue, GovernorBrief } from '../../agents/governor/brief.ts';
import { citedIn } from '../../domain/roadmap/citations.ts';
import { linesOf } from '../../domain/roadmap/edit.ts';
import { refusedFlips } from '../../domain/roadmap/refused-flips.ts';
import { revertsIn } from '../../domain/roadmap/reverts.ts';
import { unpublished, type RecordedMerge } from '../../domain/roadmap/past-cycles.ts';
import { itemsOf } from '../../domain/roadmap/roadmap.ts';
import type { ClosedCycle } from '../../domain/work-item/state.ts';
import type { IssueFacts } from '../../ports/code-host.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import type { Repository } from '../repository.ts';
import { readRoadmapText } from '../tools/roadmap-tools.ts';
import { header } from './briefs.ts';
import { cycleHistory, type CycleHistory } from './cycle-history.ts';
import { checksAtMerges, cycleMerges } from './cycle-merges.ts';
import type { RunContext } from './run-context.ts';

/** All that a cycle's run is told, and what code alone makes use of. */
export interface GatheredCycle {
  readonly brief: GovernorBrief;
  readonly history: CycleHistory;
  /** Open issues and pull requests, newest first; null: GitHub would not say. */
  readonly open: readonly IssueFacts[] | null;
}

/** null: no such cycle, or no roadmap to govern. */
export async function gatherCycle(context: RunContext): Promise<GatheredCycle | null> {
  const { repository, item, base, config, deps, ledger } = context;
  const cycle = ledger.state.closed_cycles[item.id];
  const path = config.agents.governor.roadmap;
  const text = await repository.files.readFile(base, path);
  if (cycle === undefined || text === null) return null;
  const roadmap = readRoadmapText(deps.roadmap, text);
  const lines = linesOf(text);
  const items = itemsOf(roadmap).map(({ line, text: words, status }) => ({
    line,
    text: words,
    status,
    cites: citedIn(lines[line - 1]?.text ?? '', repository.ref.full_name),
  }));
  const history = await cycleHistory(context);
  const carried = unpublished(history.past, history.earlier).slice(-MOST_CARRIED);
  const merges = await cycleMerges(repository, deps.log, ledger.state, item, carried);
  const open = await openNow(context);
  const brief: GovernorBrief = {
    ...header(context, item.revisions),
    cycle: item.number,
    ...merges,
    earlier: (await withoutTakenBack(repository, history.earlier)).map(
      ({ pull_request, title, issue, cycle: of }) => ({ pull_request, title, issue, cycle: of }),
    ),
    refused: refusedFlips(history.past, items),
    cited: await citedIssues(
      context,
      open,
      items.flatMap(({ cites }) => cites),
    ),
    roadmap: { path, text, items },
    version: roadmap.versions[0]?.version.replace(/^v/, '') ?? null,
    change_labels: config.agents.governor.change_labels,
    facts: cycleFacts(cycle, ledger, await checksAtMerges(repository, deps.log, cycle)),
  };
  return { brief, history, open };
}

/** Each is looked at on GitHub; a repository that publishes none of its cycles keeps its changelog by hand. */
const MOST_CARRIED = 50;

/** More open issues than that are no longer compared one by one. */
const MOST_OPEN = 300;

/** What is gathered beside the merges is worth knowing, and worth no failed cycle. */
async function openNow({ repository, deps }: RunContext): Promise<GatheredCycle['open']> {
  try {
    return await repository.host.openIssues(MOST_OPEN);
  } catch (error) {
    deps.log.warn({ err: error }, 'the open issues could not be told');
    return null;
  }
}

/** Asked for one by one where they are not open: a roadmap of many finished rows asks for its first ones alone. */
const MOST_LOOKED_UP = 60;

async function citedIssues(
  { repository, deps }: RunContext,
  open: GatheredCycle['open'],
  cites: readonly number[],
): Promise<readonly CitedIssue[]> {
  const numbers = [...new Set(cites)];
  const known = new Set(open?.map(({ number }) => number));
  const others = numbers.filter((number) => !known.has(number)).slice(0, MOST_LOOKED_UP);
  const looked = await Promise.all(
    others.map(async (number): Promise<readonly CitedIssue[]> => {
      try {
        const issue = await repository.host.issue(number);
        return [{ number, state: issue?.state ?? 'missing' }];
      } catch (error) {
        deps.log.warn({ issue: number, err: error }, 'an issue could not be told');
        return [];
      }
    }),
  );
  return [
    ...numbers
      .filter((number) => known.has(number))
      .map((number) => ({ number, state: 'open' as const })),
    ...looked.flat(),
  ];
}

const MOST_REVERTS_LOOKED_UP = 20;

/** GitHub calls a revert one in its title; whom it takes back its description says. */
async function withoutTakenBack(
  { host, ref }: Repository,
  earlier: readonly RecordedMerge[],
): Promise<readonly RecordedMerge[]> {
  const reverts = earlier
    .filter(({ title }) => /^revert/i.test(title))
    .slice(-MOST_REVERTS_LOOKED_UP);
  const back = await Promise.all(
    reverts.map(async ({ pull_request, title }) => {
      const pull = await host.pullRequest(pull_request);
      return [pull_request, ...revertsIn({ texts: [title, pull?.body ?? ''] }, ref.full_name)];
    }),
  );
  const gone = new Set(back.flat());
  return earlier.filter(({ pull_request }) => !gone.has(pull_request));
}

/** The chain was verified when this view was read; every commit since is the store's own. */
function cycleFacts(
  { tally }: ClosedCycle,
  { head }: LoadedLedger,
  checks: Pick<GovernorBrief['facts'], 'failing_checks' | 'checked_merges'>,
): GovernorBrief['facts'] {
  return {
    ...checks,
    overrides: tally.overrides,
    invalidated_approvals: tally.invalidated_approvals,
    model_outages: tally.model_outages,
    reworks: tally.reworks,
    ledger: {
      sequence: head.sequence,
      hash: head.hash,
      verified: true,
      detail: `chain verified from event 1 to ${head.sequence}`,
    },
  };
}
