import { assess } from '../decisions/gate.ts';
import type { Deps, Repository } from '../repository.ts';
import { readRules } from '../rules.ts';
import { Session, type RepositoryMemory } from '../session.ts';
import type { ShownRepository } from './dashboard.ts';

interface Known {
  readonly repository: Repository;
  readonly memory: RepositoryMemory;
  readonly branch: string;
}

export const show = ({ repository, memory }: Known): ShownRepository => ({
  repository,
  reading: memory.reading,
  faults: memory.fault === null ? [] : [memory.fault],
  verdict: (item) => memory.verdicts.get(item),
});

/** What this process wrote may be younger than the mirror, and what another one wrote younger than this process knows. */
export async function lookNow(known: Known): Promise<ShownRepository> {
  const { repository, memory } = known;
  await repository.files.fetch();
  const shown = show(known);
  const head = await repository.files.head(repository.ledgerBranch);
  if (head === null || memory.reading?.oid === head) return shown;
  const loaded = await repository.ledger.load();
  if (!loaded.ok) return shown;
  const older = (shown.reading?.head.sequence ?? -1) > loaded.value.head.sequence;
  return older ? shown : { ...shown, reading: loaded.value };
}

/** After a start nothing has been judged yet, and where several machines work, not here. */
export async function judgeNow(deps: Deps, known: Known, id: string): Promise<void> {
  const { repository, memory, branch } = known;
  const { reading } = await lookNow(known);
  const item = reading?.state.items[id];
  if (reading === null || item?.authority !== 'waiting_for_human' || memory.verdicts.has(id)) {
    return;
  }
  const rules = await readRules(deps, repository, branch, memory);
  const session = new Session({ deps, repository, rules, memory, reading });
  await deps.attribute(id, () => assess(session, item));
}
