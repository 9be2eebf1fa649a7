import { randomUUID } from 'node:crypto';
import type { Note } from './layout.ts';

/** What an act came to, for the page that is shown next. In memory, so that no link can put words into GitHub's mouth. */
export interface Notes {
  leave(note: Note): string;
  take(id: string | undefined): Note | null;
}

const maximum = 50;

export function createNotes(): Notes {
  const notes = new Map<string, Note>();
  return {
    leave: (note) => {
      const id = randomUUID();
      notes.set(id, note);
      const [oldest] = notes.keys();
      if (notes.size > maximum && oldest !== undefined) notes.delete(oldest);
      return id;
    },
    take: (id) => {
      const note = id === undefined ? undefined : notes.get(id);
      if (id !== undefined) notes.delete(id);
      return note ?? null;
    },
  };
}
