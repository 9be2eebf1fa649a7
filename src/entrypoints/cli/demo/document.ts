import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { z } from 'zod';
import { inspectLedger } from '../../../application/ledger/inspect-ledger.ts';
import { replayQueue } from '../../../application/ledger/replay-queue.ts';
import { reportLedger } from '../../../application/ledger/report.ts';
import { eventShapes, openLedgerFolder, sha256 } from '../../../composition.ts';
import type { Scene } from './script.ts';
import type { DemoStage } from './stage.ts';

const LEDGER_BRANCH = 'assent/ledger';

const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const count = z.int().min(0);
const seconds = z.number().min(0);
const apiCount = z.strictObject({ requests: count, content_created: count });

const approval = z.strictObject({
  gate: z.enum(['plan.adopt', 'pull_request.merge', 'roadmap.publish']),
  by: z.enum(['review', 'label', 'command', 'override']),
  login: z.string().min(1),
  /** Of the plan, or the head sha. */
  digest: z.string().regex(/^[0-9a-f]{40,64}$/),
  at: z.iso.datetime(),
  /** Why it ended; null: it held to the end. */
  ended: z.string().nullable(),
});

/** What `demo --json` prints and `--out` keeps (CONTRACTS.md, "The demo's document"). */
export const demoDocument = z.strictObject({
  version: z.literal(1),
  seconds,
  /** Where the seconds went; they overlap, since people, the simulator and Assent work at the same time. */
  time: z.strictObject({
    start: seconds,
    /** Wall-clock seconds inside the simulated GitHub's request handling. */
    simulator: seconds,
    /** Processor seconds of the whole process: Assent, the simulator and the demo's people together. */
    processor: seconds,
  }),
  memory_mb: count,
  model: z.enum(['tape', 'live']),
  repository: z.string(),
  items: list(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['issue', 'pull_request', 'cycle']),
      title: z.string(),
      stages: list(z.enum(['triage', 'plan', 'contribution', 'review', 'merge', 'roadmap'])),
      pull_request: z.int().nullable(),
      merged: z.boolean(),
      outcome: z.enum(['merged', 'published', 'rejected', 'expired', 'closed']).nullable(),
      approvals: list(approval),
      api: apiCount,
    }),
  ),
  merges: count,
  cycles: list(
    z.strictObject({
      number: z.int().min(1),
      pull_request: z.int().nullable(),
      pull_requests: list(z.int()),
      merged: z.boolean(),
      approvals: list(approval),
      roadmap_lines_changed: count,
    }),
  ),
  deliveries: z.strictObject({
    received: count,
    duplicates: count,
    refused: count,
    handled: count,
    ignored: count,
  }),
  api: z.strictObject({
    ...apiCount.shape,
    per_merged_item: z.strictObject({ requests: z.number(), content_created: z.number() }),
    routes: z.record(z.string(), count),
  }),
  /** On the ledger's branch. */
  commits: count,
  ledger: z.strictObject({
    sequence: count,
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    verification: z.enum(['valid', 'faulty', 'inconclusive']),
    findings: list(z.string()),
    replay_is_identical: z.boolean(),
  }),
  roadmap_diff: z.string(),
  scenes: list(z.strictObject({ name: z.string(), held: z.boolean(), detail: z.string() })),
  validation: z.strictObject({
    requests: count,
    responses: count,
    webhooks: count,
    graphql: count,
    mismatches: list(z.string()),
  }),
});

export type DemoDocument = z.infer<typeof demoDocument>;
type DemoItem = DemoDocument['items'][number];

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
