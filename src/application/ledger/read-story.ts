import { readEventLine } from '../../domain/ledger/event-line.ts';
import { EventReader } from '../../domain/ledger/event-reader.ts';
import type { RecordedEvent } from '../../domain/ledger/envelope.ts';
import { splitLines } from '../../domain/ledger/lines.ts';
import { plainText } from '../../domain/ledger/plain-text.ts';
import { HISTORY_FOLDER, segmentNumber, segmentPath } from '../../domain/ledger/segments.ts';
import { tell } from '../../domain/ledger/story.ts';
import { upcast } from '../../domain/ledger/upcast.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';

export interface StoryLine {
  /** As written. */
  readonly event: RecordedEvent;
  /** What happened, in words, harmless on a terminal. */
  readonly text: string;
}

/** The events of a history, or those of one item, in order, each with what it says. */
export async function* readStory(
  folder: LedgerFolder,
  item: string | null,
): AsyncGenerator<StoryLine> {
  for await (const event of readEvents(folder)) {
    if (item === null || event.item === item) yield { event, text: textOf(event) };
  }
}

/** As written, in order. Lines that hold no event are passed over: verification names them. */
export async function* readEvents(folder: LedgerFolder): AsyncGenerator<RecordedEvent> {
  const names = (await folder.history()) ?? [];
  const numbers = names
    .map(({ name }) => segmentNumber(`${HISTORY_FOLDER}/${name}`))
    .filter((number) => number !== null)
    .toSorted((left, right) => left - right);
  const reader = new EventReader(null);
  for (const number of numbers) {
    for await (const lines of splitLines(folder.chunks(segmentPath(number)))) {
      for (const { bytes } of lines) {
        const event = reader.read(bytes) ?? readEventLine(bytes).event;
        if (event !== null) yield event;
      }
    }
  }
}

const TEXT_LENGTH = 400;

const quote = (text: string): string => `“${plainText(text)}”`;

const textOf = (event: RecordedEvent): string => {
  try {
    const known = upcast(event);
    return known === null
      ? plainText(`${event.type} (version ${event.version}, not known here)`)
      : plainText(tell(known, quote), TEXT_LENGTH);
  } catch {
    // Data of another shape than its type's: a history by other hands, which may still be looked at.
    return plainText(`${event.type} (its data cannot be read)`);
  }
};
