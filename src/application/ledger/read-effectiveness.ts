import { EffectivenessFold, type Period } from '../../domain/effectiveness/effectiveness.ts';
import { upcast } from '../../domain/ledger/upcast.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import { readEvents } from './read-story.ts';

/** What the agents did in each cycle, from the history of a folder. Events of a newer version are passed over. */
export async function readEffectiveness(folder: LedgerFolder): Promise<readonly Period[]> {
  const fold = new EffectivenessFold();
  for await (const recorded of readEvents(folder)) {
    const event = upcast(recorded);
    if (event !== null) fold.take(event);
  }
  return fold.periods();
}
