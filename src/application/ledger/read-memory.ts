import { upcast } from '../../domain/ledger/upcast.ts';
import { foldMemory } from '../../domain/memory/memory.ts';
import type { Memory } from '../../domain/memory/note.ts';
import { owning } from '../../domain/work-item/growth.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import { readEvents } from './read-story.ts';

/** What the history of a folder leaves to remember. Events of a newer version are passed over. */
export async function readMemory(folder: LedgerFolder): Promise<Memory> {
  let memory: Memory = { notes: [], endings: [], open: {} };
  for await (const recorded of readEvents(folder)) {
    const event = upcast(recorded);
    if (event !== null) memory = foldMemory(owning, memory, event);
  }
  return memory;
}
