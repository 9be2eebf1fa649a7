import { totalOf, type Period } from '../../domain/effectiveness/effectiveness.ts';
import { figuresOf } from '../../domain/effectiveness/figures.ts';
import type { Repository } from '../repository.ts';
import { filesAsFolder } from '../ledger/files-as-folder.ts';
import { readEffectiveness } from '../ledger/read-effectiveness.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import { readMemory } from '../ledger/read-memory.ts';
import type { ReportPage } from './views.ts';

const NOTES_SHOWN = 30;
const CYCLES_SHOWN = 24;

/** Read from the history each time, as a timeline is: the page is for people, who ask seldom. */
export async function reportPage(
  {
    repository,
    reading,
  }: { readonly repository: Repository; readonly reading: LoadedLedger | null },
  web: string,
): Promise<ReportPage> {
  const folder = filesAsFolder(await repository.ledgerFiles());
  const periods = await readEffectiveness(folder);
  const { notes } = await readMemory(folder);
  const { full_name } = repository.ref;
  return {
    repository: { full_name, url: `${web}/${full_name}` },
    sequence: reading?.head.sequence ?? 0,
    total: figures(totalOf(periods)),
    cycles: periods
      .slice(-CYCLES_SHOWN)
      .map(({ cycle, from, to, agents }) => ({ cycle, from, to, agents: figures(agents) })),
    memory: {
      notes: notes
        .slice(-NOTES_SHOWN)
        .toReversed()
        .map(({ kind, item, title, text, by, at }) => ({ kind, item, title, text, by, at })),
      more: Math.max(0, notes.length - NOTES_SHOWN),
    },
  };
}

const figures = (agents: Period['agents']): ReportPage['total'] => ({
  triager: figuresOf(agents.triager),
  contributor: figuresOf(agents.contributor),
  reviewer: figuresOf(agents.reviewer),
  governor: figuresOf(agents.governor),
});
