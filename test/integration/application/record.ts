import type { RecordedEvent } from '../../../src/domain/ledger/envelope.ts';
import { upcast } from '../../../src/domain/ledger/upcast.ts';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { evolve } from '../../../src/domain/work-item/evolve.ts';
import { initialState, type GovernanceState } from '../../../src/domain/work-item/state.ts';
import { GitRepository } from '../../../src/simulator/git/repository.ts';

interface Reading {
  readonly segments: string;
  readonly history: readonly TimedEvent[];
  readonly state: GovernanceState;
}

const nothing: Reading = { segments: '', history: [], state: initialState };

/**
 * What the repository itself remembers, read from its branch and folded; nothing of this is asked of the service. A story looks
 * many times a second, so it is read through one open git, and folded again only where the history differs: two processes
 * for each look were a third of what the stories cost.
 */
export class LedgerRecord {
  readonly #git: GitRepository;
  #last: Reading = nothing;

  constructor(directory: string) {
    this.#git = new GitRepository(directory);
  }

  /** All segments as they stand on the branch, of one commit of it. */
  async read(): Promise<Reading> {
    const head = await this.#git.branch('assent/ledger');
    if (head === null) return nothing;
    const folder = await this.#git.object(`${head}:.ai_metadata/history`);
    const entries = folder === null ? [] : await this.#git.tree(folder.sha);
    const segments = entries.map(({ sha }) => sha).join(' ');
    if (segments === this.#last.segments) return this.#last;
    const blobs = await Promise.all(entries.map(({ sha }) => this.#git.object(sha)));
    const history = blobs
      .flatMap((blob) => blob?.content.toString().split('\n') ?? [])
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordedEvent)
      .map(upcast)
      .filter((event) => event !== null);
    this.#last = { segments, history, state: history.reduce(evolve, initialState) };
    return this.#last;
  }

  close(): void {
    this.#git.close();
  }
}
