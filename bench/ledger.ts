/**
 * How fast a long history is verified and replayed, beside JSON parsing and SHA-256 of the same lines alone, how much memory
 * that takes, and what one commit uploads early and late: `npx node --expose-gc bench/ledger.ts [EVENTS]`.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspectLedger } from '../src/application/ledger/inspect-ledger.ts';
import { replayQueue } from '../src/application/ledger/replay-queue.ts';
import { decisionTools, eventShapes, openLedgerFolder, sha256 } from '../src/composition.ts';
import { emptyLedger, planAppend, type LedgerView } from '../src/domain/ledger/commit.ts';
import { LongHistory } from './support/long-history.ts';

const EVENTS = Number(process.argv[2] ?? 100_000);
/** Events in a commit, as the demo has them. */
const COMMIT = 8;
const RUNS = 11;
/** Commits over which an upload is averaged: a segment's life, since the open one is uploaded whole each time. */
const WINDOW = 40;

const folder = await mkdtemp(join(tmpdir(), 'assent-bench-'));
try {
  const uploads = await writeHistory();
  reportUploads(uploads);
  await reportSpeed();
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Upload {
  readonly sequence: number;
  readonly bytes: number;
}

/** Writes the ledger as the service would, commit by commit; on disk only what stands at the end. */
async function writeHistory(): Promise<readonly Upload[]> {
  const history = new LongHistory();
  const files = new Map<string, string>();
  const uploads: Upload[] = [];
  let view: LedgerView = emptyLedger;
  const began = performance.now();
  while (view.head.sequence < EVENTS) {
    const plan = planAppend(view, history.next(COMMIT), sha256);
    for (const { path, content } of plan.files) files.set(path, content);
    view = plan.view;
    const bytes = plan.files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    uploads.push({ sequence: view.head.sequence, bytes });
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `written: ${view.head.sequence} events in ${uploads.length} commits, ${seconds.toFixed(1)} s (decided, chained, rendered)`,
  );
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return uploads;
}

/** The mean of a window, since the open segment grows from nothing to its bound and begins again. */
function reportUploads(uploads: readonly Upload[]): void {
  const around = (sequence: number): number => {
    const first = uploads.findIndex((upload) => upload.sequence >= sequence);
    const from = Math.max(0, Math.min(first, uploads.length - WINDOW));
    const window = uploads.slice(from, from + WINDOW);
    return window.reduce((sum, { bytes }) => sum + bytes, 0) / window.length;
  };
  const [early, late] = [around(100), around(EVENTS)];
  console.log(
    `uploaded by a commit, mean of ${WINDOW}: ${kib(early)} from event 100 on, ${kib(late)} at event ${EVENTS} (${percent(late / early - 1)})`,
  );
}

async function reportSpeed(): Promise<void> {
  const measures: Record<string, () => Promise<number>> = {
    'JSON.parse and SHA-256 alone': parseAndHash,
    verify: async () => {
      const { status, events } = await inspectLedger(await openLedgerFolder(folder), sha256, {
        shapes: eventShapes,
      });
      if (status !== 'valid') throw new Error(`the history is ${status}`);
      return events;
    },
    'verify, verdicts made again': async () => {
      const { status, events, findings } = await inspectLedger(
        await openLedgerFolder(folder),
        sha256,
        { shapes: eventShapes, decisions: decisionTools },
      );
      if (status !== 'valid') throw new Error(`the history is ${status}: ${findings[0]?.message}`);
      return events;
    },
    replay: async () => {
      const { equal, events } = await replayQueue(await openLedgerFolder(folder), sha256);
      if (!equal) throw new Error('the replay differs');
      return events;
    },
  };
  const rates = new Map<string, number[]>();
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, measure] of Object.entries(measures)) {
      rates.set(name, [...(rates.get(name) ?? []), await rateOf(measure)]);
    }
  }
  const alone = median(rates.get('JSON.parse and SHA-256 alone') ?? []);
  for (const [name, seen] of rates) {
    const rate = median(seen);
    console.log(
      `${name}: ${Math.round(rate)} events per processor second, median of ${RUNS}; ${(rate / alone).toFixed(2)} of parsing and hashing alone (the first time ${Math.round(seen[0] ?? Number.NaN)})`,
    );
  }
  let grown = 0;
  for (const measure of Object.values(measures)) grown = Math.max(grown, await growthOf(measure));
  console.log(`heap grown by ${kib(grown)} at most, after a collection`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * No collection is forced between runs: with the last state of a kind, the engine throws away what it has compiled for it, and
 * each run would measure compiling. A service holds its state, and verifies again and again.
 */
async function rateOf(measure: () => Promise<number>): Promise<number> {
  const began = process.cpuUsage();
  const events = await measure();
  const { user, system } = process.cpuUsage(began);
  // Processor time: beside other work, the clock on the wall tells of that work.
  return events / ((user + system) / 1e6);
}

async function growthOf(measure: () => Promise<number>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await measure();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed - before;
}

/**
 * What any verifier has to do at the least: read each line, parse it, hash it. Line by line from bytes: a reader that decodes a
 * file at once makes every line of it two bytes a character for one check mark in it, and would be a slow thing to be compared with.
 */
async function parseAndHash(): Promise<number> {
  const history = join(folder, '.ai_metadata/history');
  let events = 0;
  for (const name of (await readdir(history)).toSorted()) {
    const bytes = readFileSync(join(history, name));
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const line = bytes.toString('utf8', start, end);
      const event: unknown = JSON.parse(line);
      if (event === null || sha256(line) === '') throw new Error('no event');
      events += 1;
      start = end + 1;
    }
  }
  return events;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}
