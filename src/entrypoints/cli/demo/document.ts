import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { inspectLedger } from '../../../application/ledger/inspect-ledger.ts';
import { replayQueue } from '../../../application/ledger/replay-queue.ts';
import { reportLedger, type LedgerReport } from '../../../application/ledger/report.ts';
import { eventShapes, openLedgerFolder, sha256 } from '../../../composition.ts';
import type { Scene } from './script.ts';
import type { DemoStage } from './stage.ts';

const LEDGER_BRANCH = 'assent/ledger';

/** What `demo --json` prints and `--out` keeps (CONTRACTS.md, "The demo's document"). */
export interface DemoDocument {
  readonly version: 1;
  readonly seconds: number;
  /** Where the seconds went; they overlap, since people, the simulator and Assent work at the same time. */
  readonly time: {
    readonly start: number;
    /** Wall-clock seconds inside the simulated GitHub's request handling. */
    readonly simulator: number;
    /** Processor seconds of the whole process: Assent, the simulator and the demo's people together. */
    readonly processor: number;
  };
  readonly memory_mb: number;
  readonly model: 'tape' | 'live';
  readonly repository: string;
  readonly items: readonly DemoItem[];
  readonly merges: number;
  readonly cycles: LedgerReport['cycles'];
  readonly deliveries: {
    readonly received: number;
    readonly duplicates: number;
    readonly refused: number;
    readonly handled: number;
    readonly ignored: number;
  };
  readonly api: {
    readonly requests: number;
    readonly content_created: number;
    readonly per_merged_item: { readonly requests: number; readonly content_created: number };
    readonly routes: Readonly<Record<string, number>>;
  };
  /** On the ledger's branch. */
  readonly commits: number;
  readonly ledger: {
    readonly sequence: number;
    readonly hash: string;
    readonly verification: string;
    readonly findings: readonly string[];
    readonly replay_is_identical: boolean;
  };
  readonly roadmap_diff: string;
  readonly scenes: readonly Scene[];
  readonly validation: {
    readonly requests: number;
    readonly responses: number;
    readonly webhooks: number;
    readonly graphql: number;
    readonly mismatches: readonly string[];
  };
}

type DemoItem = LedgerReport['items'][number] & {
  readonly api: { readonly requests: number; readonly content_created: number };
};

/** Reads the governed repository as anybody could, clones its ledger, and counts. `folder` is where the copies go. */
export async function documentDemo(
  stage: DemoStage,
  input: { readonly began: number; readonly scenes: readonly Scene[]; readonly folder: string },
): Promise<DemoDocument> {
  const { simulator, counting, repository } = stage;
  const ledgerPath = join(input.folder, 'ledger');
  await mkdir(input.folder, { recursive: true });
  await simpleGit().clone(repository.directory, ledgerPath, ['--quiet', '--branch', LEDGER_BRANCH]);
  const folder = await openLedgerFolder(ledgerPath);
  const [report, inspection, replayed] = await Promise.all([
    reportLedger(folder),
    inspectLedger(folder, sha256, { shapes: eventShapes }),
    replayQueue(folder, sha256, { shapes: eventShapes }),
  ]);
  const git = simpleGit(repository.directory);
  const counts = await stage.assent.engine.inbox.counts();
  const duplicates = duplicatesIn(stage);
  const items = report.items.map((item) => ({ ...item, api: counting.item(item.id) }));
  const validation = stage.validator.report();
  return {
    version: 1,
    seconds: round((performance.now() - input.began) / 1000),
    time: {
      start: round(stage.started_in),
      simulator: round(simulator.counters.secondsServing),
      processor: round(process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6),
    },
    memory_mb: Math.round(process.memoryUsage().rss / 1e6),
    model: stage.occasion.model.kind === 'live' ? 'live' : 'tape',
    repository: repository.fullName,
    items,
    merges: report.merges,
    cycles: report.cycles,
    deliveries: {
      received: simulator.deliveries.length,
      duplicates,
      refused: counts.outcomes.refused,
      handled: counts.outcomes.handled,
      ignored: counts.outcomes.ignored,
    },
    api: { ...counting.total, per_merged_item: perMergedItem(items), routes: counting.routes },
    commits: Number((await git.raw(['rev-list', '--count', LEDGER_BRANCH])).trim()),
    ledger: {
      sequence: inspection.head.sequence,
      hash: inspection.head.hash,
      verification: inspection.status,
      findings: inspection.findings.map(({ severity, message }) => `${severity}: ${message}`),
      replay_is_identical: replayed.equal,
    },
    roadmap_diff: await roadmapDiff(git),
    scenes: input.scenes,
    validation: {
      requests: validation.requests,
      responses: validation.responses,
      webhooks: validation.webhooks,
      graphql: validation.graphql,
      mismatches: validation.mismatches.map((mismatch) => JSON.stringify(mismatch)),
    },
  };
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

/** Told apart by the service itself: it answers a known delivery or body so. */
function duplicatesIn({ simulator }: DemoStage): number {
  return simulator.deliveries.filter(({ response }) =>
    response.body.includes('"status":"duplicate"'),
  ).length;
}

function perMergedItem(items: readonly DemoItem[]): DemoDocument['api']['per_merged_item'] {
  const merged = items.filter((item) => item.merged && item.kind === 'issue');
  const mean = (of: (item: DemoItem) => number) =>
    merged.length === 0
      ? 0
      : round(merged.reduce((sum, item) => sum + of(item), 0) / merged.length);
  return {
    requests: mean(({ api }) => api.requests),
    content_created: mean(({ api }) => api.content_created),
  };
}

/** What became of the roadmap between the first commit and now, as git shows it. */
async function roadmapDiff(git: ReturnType<typeof simpleGit>): Promise<string> {
  const [first = ''] = (await git.raw(['rev-list', '--max-parents=0', 'main'])).split('\n');
  return git.raw(['diff', '--unified=0', '--no-color', first, 'main', '--', 'ROADMAP.md']);
}

/** Leaves what `--out` promises: the governed repository (bare), a clone of its ledger's branch, and the document. */
export async function keepDemo(
  stage: DemoStage,
  document: DemoDocument,
  folder: string,
): Promise<void> {
  await cp(stage.repository.directory, join(folder, 'repository.git'), { recursive: true });
  await writeFile(join(folder, 'demo.json'), `${JSON.stringify(document, null, 2)}\n`);
}
