import { simpleGit } from 'simple-git';
import type { ShownRepository } from '../../../../application/views/dashboard.ts';
import { readStory, type StoryLine } from '../../../../application/ledger/read-story.ts';
import { reportLedger, type LedgerReport } from '../../../../application/ledger/report.ts';
import { openLedgerFolder, type ComposedService } from '../../../../composition.ts';

type Loaded = NonNullable<ShownRepository['reading']>;

/** What the page reads: the service's state, and the history as it stands in the governed repository. */
export interface Reading {
  readonly shown: ShownRepository;
  readonly loaded: Loaded;
  readonly history: History;
}

export interface History {
  readonly report: LedgerReport;
  /** Newest first. */
  readonly story: readonly StoryLine[];
  readonly commits: number;
  /** What a roadmap update changes or changed; empty before there is one. */
  readonly roadmap_diff: string;
}

/** Reads the history anew only when it has grown: the page asks every second, and each reading is a few git processes. */
export class HistoryReader {
  readonly #directory: string;
  #kept: { readonly sequence: number; readonly history: Promise<History> } | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  at({ head }: Loaded, ledgerBranch: string): Promise<History> {
    if (this.#kept?.sequence === head.sequence) return this.#kept.history;
    const history = readHistory(this.#directory, ledgerBranch);
    this.#kept = { sequence: head.sequence, history };
    // One that failed is read again the next time.
    history.catch(() => (this.#kept = null));
    return history;
  }
}

async function readHistory(directory: string, ledgerBranch: string): Promise<History> {
  const folder = await openLedgerFolder(directory);
  const story: StoryLine[] = [];
  for await (const line of readStory(folder, null)) story.push(line);
  const git = simpleGit(directory);
  const refs = await git.raw(['for-each-ref', '--format=%(refname:short)', 'refs/heads']);
  const commits = refs.split('\n').includes(ledgerBranch)
    ? Number((await git.raw(['rev-list', '--count', ledgerBranch])).trim())
    : 0;
  const report = await reportLedger(folder);
  return {
    report,
    story: story.toReversed(),
    commits,
    roadmap_diff: await roadmapDiff(git, report),
  };
}

/** While it is proposed, what it would change; once published, what the merge changed. */
async function roadmapDiff(
  git: ReturnType<typeof simpleGit>,
  { cycles }: LedgerReport,
): Promise<string> {
  const last = cycles.at(-1);
  if (last === undefined || last.pull_request === null) return '';
  const range = last.merged
    ? await mergeOf(git, last.pull_request)
    : [`HEAD...refs/pull/${last.pull_request}/head`];
  if (range === null) return '';
  const options = ['--unified=0', '--no-color', '--no-ext-diff'];
  return git.raw(['diff', ...options, ...range, '--', 'ROADMAP.md']).catch(() => '');
}

async function mergeOf(
  git: ReturnType<typeof simpleGit>,
  pull: number,
): Promise<readonly string[] | null> {
  const log = ['log', '--first-parent', '-1', '--format=%H', `--grep=#${pull}\\b`, 'HEAD'];
  const sha = (await git.raw(log)).trim();
  return sha === '' ? null : [`${sha}^1`, sha];
}

export async function readDemo(
  { service }: ComposedService,
  repository: string,
  reader: HistoryReader,
): Promise<Reading | null> {
  const shown = (await service.shown()).find((one) => one.repository.ref.full_name === repository);
  if (shown === undefined || shown.reading === null) return null;
  return {
    shown,
    loaded: shown.reading,
    history: await reader.at(shown.reading, shown.repository.ledgerBranch),
  };
}
