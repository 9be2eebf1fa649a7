import type { PolicySet } from '../../domain/policy/rules.ts';
import type { RepositoryConfig } from '../../domain/repository-config.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import type { Deps, Repository } from '../repository.ts';

/** What a run is told, gathered from GitHub and git at its start. */
export interface RunContext {
  readonly deps: Deps;
  readonly repository: Repository;
  readonly config: RepositoryConfig;
  readonly policies: PolicySet;
  /** Head of the default branch. */
  readonly base: string;
  readonly ledger: LoadedLedger;
  readonly item: Item;
  readonly run: string;
}
