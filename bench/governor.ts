/**
 * What the governor asks beside a model: how long a long history takes to be read for one cycle, and what its comparison of
 * documents and diagrams with the code finds in checked-out repositories (as committed; each finding is one to look at by hand).
 * `npx node bench/governor.ts [EVENTS] [FOLDER…]`, by default 100,000 events and this project.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openMirror } from '../src/adapters/git/mirror.ts';
import { filesAsFolder } from '../src/application/ledger/files-as-folder.ts';
import { documentDrift } from '../src/application/runs/cycle-drift.ts';
import { readCycleHistory } from '../src/application/runs/cycle-history.ts';
import { sha256 } from '../src/composition.ts';
import { emptyLedger, planAppend, type LedgerView } from '../src/domain/ledger/commit.ts';
import { LongHistory } from './support/long-history.ts';

const [events = '100000', ...folders] = process.argv.slice(2);

await readHistory(Number(events));
for (const folder of folders.length > 0 ? folders : [process.cwd()]) await findDrift(folder);

async function readHistory(count: number): Promise<void> {
  const history = new LongHistory();
  const files = new Map<string, string>();
  let view: LedgerView = emptyLedger;
  while (view.head.sequence < count) {
    const plan = planAppend(view, history.next(200), sha256);
    for (const { path, content } of plan.files) files.set(path, content);
    view = plan.view;
  }
  const { sequence } = view.head;
  const cycle = view.state.cycle.number - 1;
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now();
    const { past, earlier } = await readCycleHistory(filesAsFolder(files), cycle, sequence);
    const ms = performance.now() - began;
    console.log(
      `${sequence} events read for cycle ${cycle} in ${ms.toFixed(0)} ms: ${past.length} cycles and ${earlier.length} merges kept`,
    );
  }
}

async function findDrift(folder: string): Promise<void> {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  const files = await openMirror({
    directory: join(git('rev-parse', '--absolute-git-dir')),
    remote: () => Promise.reject(new Error('nothing is fetched')),
  });
  const sha = git('rev-parse', 'HEAD');
  const began = performance.now();
  const findings = await documentDrift(files, sha);
  const ms = performance.now() - began;
  console.log(`${folder}: ${findings.length} findings in ${ms.toFixed(0)} ms`);
  for (const { path, line, text } of findings) console.log(`  ${path}:${line ?? ''} ${text}`);
}
