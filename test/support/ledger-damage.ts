import { chain } from '../../src/domain/ledger/chain.ts';
import {
  EMPTY_CHAIN,
  type EventDraft,
  type RecordedEvent,
} from '../../src/domain/ledger/envelope.ts';
import { eventLine, extendSegments, segmentPath } from '../../src/domain/ledger/segments.ts';
import { QUEUE_PATH } from '../../src/domain/ledger/projection.ts';
import { INTERNAL_LOG_PATH } from '../../src/domain/ledger/internal-log.ts';
import { ledgerOf, sha256, Story } from './ledger-story.ts';

/** The files of a ledger; a damage changes them in place, as somebody with write access would. */
export type LedgerFiles = Map<string, string>;

export interface Damage {
  readonly name: string;
  readonly harm: (files: LedgerFiles) => void;
  /** Code, file and line of the finding that must name it, and words of its message. */
  readonly code: string;
  readonly place: string;
  readonly says: string;
}

export const FIRST = segmentPath(1);
export const SECOND = segmentPath(2);

const sound = ledgerOf(
  new Story()
    .merged(1, 1)
    .opened(2, `A long report ${'x'.repeat(48_000)}`)
    .triaged(2)
    .merged(3, 2).drafts,
  20,
).files;

/** Two segments, each event of which matters to the next. */
export const soundLedger = (): LedgerFiles => new Map(sound);

const linesOf = (files: LedgerFiles, path = FIRST): string[] =>
  (files.get(path) ?? '').split('\n').slice(0, -1);

const setLines = (files: LedgerFiles, lines: readonly string[], path = FIRST): void => {
  files.set(path, lines.map((line) => `${line}\n`).join(''));
};

const editLines = (edit: (lines: string[]) => void) => (files: LedgerFiles) => {
  const lines = linesOf(files);
  edit(lines);
  setLines(files, lines);
};

const editLine = (index: number, edit: (line: string) => string) =>
  editLines((lines) => {
    lines[index] = edit(lines[index] ?? '');
  });

const eventsOf = (files: LedgerFiles): RecordedEvent[] =>
  [FIRST, SECOND].flatMap((path) =>
    linesOf(files, path).map((line): RecordedEvent => JSON.parse(line)),
  );

/** Writes another history with all its hashes made to fit, as a forger who knows the format would. */
export const forge = (edit: (drafts: EventDraft[]) => void) => (files: LedgerFiles) => {
  const drafts: EventDraft[] = eventsOf(files).map(
    ({ sequence: _sequence, previous: _previous, hash: _hash, ...draft }) => draft,
  );
  edit(drafts);
  for (const { number, content } of extendSegments(null, chain(EMPTY_CHAIN, drafts, sha256))) {
    files.set(segmentPath(number), content);
  }
};

const rehash = (line: string, change: object): string => {
  const event: RecordedEvent = JSON.parse(line);
  const [changed] = chain(
    { sequence: event.sequence - 1, hash: event.previous },
    [{ ...event, ...change }],
    sha256,
  );
  return changed === undefined ? line : eventLine(changed).trimEnd();
};

const swap = (lines: string[], left: number, right: number): void => {
  [lines[left], lines[right]] = [lines[right] ?? '', lines[left] ?? ''];
};

/** Each way to spoil a ledger, and what must be said of it. The ledger has two segments: `soundLedger`. */
export const damages: readonly Damage[] = [
  {
    name: 'a title edited in place',
    harm: editLine(0, (line) => line.replace('Widget 1', 'Gadget 1')),
    code: 'hash.mismatch',
    place: `${FIRST}:1`,
    says: 'was edited',
  },
  {
    name: 'an approval put in the name of another, its own hash made to fit',
    harm: editLine(8, (line) => rehash(line, { actor: { kind: 'human', id: 2, login: 'eve' } })),
    code: 'previous.mismatch',
    place: `${FIRST}:10`,
    says: 'event 9 was rewritten after this one was recorded',
  },
  {
    name: 'one event removed',
    harm: editLines((lines) => lines.splice(4, 1)),
    code: 'sequence.gap',
    place: `${FIRST}:5`,
    says: 'event 5 is missing before this line',
  },
  {
    name: 'several events removed',
    harm: editLines((lines) => lines.splice(4, 3)),
    code: 'sequence.gap',
    place: `${FIRST}:5`,
    says: 'events 5 to 7 are missing',
  },
  {
    name: 'two events that swapped places',
    harm: editLines((lines) => swap(lines, 3, 4)),
    code: 'sequence.swapped',
    place: `${FIRST}:5`,
    says: 'events 4 and 5 have swapped places',
  },
  {
    name: 'an event moved further back',
    harm: editLines((lines) => lines.splice(8, 0, ...lines.splice(3, 1))),
    code: 'sequence.out_of_order',
    place: `${FIRST}:9`,
    says: `event 4 stands behind event 9; it belongs before ${FIRST}:4`,
  },
  {
    name: 'an event that stands twice',
    harm: editLines((lines) => lines.splice(5, 0, lines[4] ?? '')),
    code: 'sequence.repeated',
    place: `${FIRST}:6`,
    says: 'event 5 stands here a second time',
  },
  {
    name: 'the end cut off, queue.json left as it was',
    harm: (files) => {
      setLines(files, linesOf(files, SECOND).slice(0, -2), SECOND);
    },
    code: 'queue.ahead',
    place: QUEUE_PATH,
    says: 'the end was cut off',
  },
  {
    name: 'half a line at the end',
    harm: (files) => {
      const content = files.get(SECOND) ?? '';
      files.set(SECOND, content.slice(0, -100));
    },
    code: 'segment.unterminated',
    place: `${SECOND}:`,
    says: 'was cut off',
  },
  {
    name: 'the final newline gone',
    harm: (files) => {
      files.set(SECOND, (files.get(SECOND) ?? '').slice(0, -1));
    },
    code: 'segment.unterminated',
    place: `${SECOND}:`,
    says: 'no newline',
  },
  {
    name: 'the first segment missing',
    harm: (files) => files.delete(FIRST),
    code: 'segment.missing',
    place: SECOND,
    says: `segment ${FIRST} is missing`,
  },
  {
    name: 'the last segment missing',
    harm: (files) => files.delete(SECOND),
    code: 'queue.ahead',
    place: QUEUE_PATH,
    says: 'the end was cut off',
  },
  {
    name: 'a segment emptied',
    harm: (files) => files.set(SECOND, ''),
    code: 'segment.empty',
    place: SECOND,
    says: 'was emptied',
  },
  {
    name: 'a segment under another name',
    harm: (files) => {
      files.set('.ai_metadata/history/2.jsonl', files.get(SECOND) ?? '');
      files.delete(SECOND);
    },
    code: 'segment.misnamed',
    place: '.ai_metadata/history/2.jsonl',
    says: "is no segment's name",
  },
  {
    name: 'a line that is no JSON',
    harm: editLine(2, () => 'not json'),
    code: 'line.not_json',
    place: `${FIRST}:3`,
    says: 'is not JSON',
  },
  {
    name: 'an empty line',
    harm: editLines((lines) => lines.splice(2, 0, '')),
    code: 'line.not_json',
    place: `${FIRST}:3`,
    says: 'is empty',
  },
  {
    name: 'a line written with spaces, which leaves its hash valid',
    harm: editLine(2, (line) => line.replaceAll('":', '": ')),
    code: 'line.not_canonical',
    place: `${FIRST}:3:`,
    says: 'RFC 8785',
  },
  {
    name: 'a key given twice, of which a parser keeps the last',
    harm: editLine(2, (line) => line.replace('"id":', '"id":"other","id":')),
    code: 'line.duplicate_key',
    place: `${FIRST}:3:`,
    says: 'twice',
  },
  {
    name: 'half a character, which no UTF-8 can hold',
    harm: editLine(0, (line) => line.replace('Widget 1', '\\ud83d')),
    code: 'line.not_canonical',
    place: `${FIRST}:1`,
    says: 'a lone surrogate',
  },
  {
    name: 'data nested deeper than any reader goes',
    harm: editLine(0, (line) =>
      line.replace('"Widget 1 is broken"', '['.repeat(50_000) + ']'.repeat(50_000)),
    ),
    code: 'line.not_canonical',
    place: `${FIRST}:1`,
    says: 'nested too deep',
  },
  {
    name: 'a key nobody knows',
    harm: editLine(2, (line) => line.replace('"id":', '"idea":1,"id":')),
    code: 'event.malformed',
    place: `${FIRST}:3`,
    says: '"idea" is unknown',
  },
  {
    name: 'the beginning cut off and the rest numbered anew, hashes made to fit',
    harm: editLines((lines) => {
      lines.splice(0, 1);
      for (const [index, line] of lines.entries()) {
        const event: RecordedEvent = JSON.parse(line);
        const [moved] = chain({ sequence: index, hash: event.previous }, [event], sha256);
        lines[index] = moved === undefined ? line : eventLine(moved).trimEnd();
      }
    }),
    code: 'previous.mismatch',
    place: `${FIRST}:1`,
    says: 'the first event must name 64 zeros',
  },
  {
    name: 'an approval forged away with all hashes made to fit: the merge stands without one',
    harm: forge((drafts) => {
      const index = drafts.findLastIndex(({ type }) => type === 'approval.given');
      drafts.splice(index, 1);
    }),
    code: 'transition.illegal',
    place: FIRST.slice(0, -10),
    says: "without a human's evidence",
  },
  {
    name: 'an approval given by an agent, with all hashes made to fit',
    harm: forge((drafts) => {
      const index = drafts.findIndex(({ type }) => type === 'approval.given');
      const actor = { kind: 'agent', id: 2, login: 'bob' } as const;
      drafts.splice(index, 1, { ...(drafts[index] as EventDraft), actor });
    }),
    code: 'transition.illegal',
    place: `${FIRST}:10`,
    says: 'not by the human it names',
  },
  {
    name: 'data of another shape, with all hashes made to fit',
    harm: forge((drafts) => {
      const index = drafts.findIndex(({ type }) => type === 'approval.given');
      drafts.splice(index, 1, { ...(drafts[index] as EventDraft), data: null });
    }),
    code: 'event.unfit',
    place: `${FIRST}:10`,
    says: 'does not fit approval.given',
  },
  {
    name: 'a gate called open while somebody was missing, with all hashes made to fit',
    harm: forge((drafts) => {
      const approved = drafts.findIndex(({ type }) => type === 'gate.approved');
      const item = drafts[approved]?.item;
      const index = drafts.findLastIndex(
        (draft, at) => at < approved && draft.item === item && draft.type === 'gate.updated',
      );
      drafts.splice(index, 1);
    }),
    code: 'transition.illegal',
    place: `${FIRST}:10`,
    says: 'step code has 0 of 1',
  },
  {
    name: 'an id given twice, with all hashes made to fit',
    harm: forge((drafts) => {
      drafts.splice(3, 1, { ...(drafts[3] as EventDraft), id: drafts[0]?.id ?? '' });
    }),
    code: 'id.repeated',
    place: `${FIRST}:4`,
    says: 'of event 1',
  },
  {
    name: 'the whole history forged, queue.json left as it was',
    harm: forge((drafts) => {
      drafts.splice(0, 1, { ...(drafts[0] as EventDraft), cause: 'another' });
    }),
    code: 'queue.hash',
    place: QUEUE_PATH,
    says: 'one of them was rewritten',
  },
  {
    name: 'queue.json edited',
    harm: (files) =>
      files.set(QUEUE_PATH, (files.get(QUEUE_PATH) ?? '').replace('"every": 5', '"every": 1')),
    code: 'queue.differs',
    place: `${QUEUE_PATH}:`,
    says: '“"every": 1,” where the history gives “"every": 5,”',
  },
  {
    name: 'queue.json taken from an earlier commit',
    harm: (files) =>
      files.set(
        QUEUE_PATH,
        (files.get(QUEUE_PATH) ?? '').replace(/"sequence": \d+/, '"sequence": 3'),
      ),
    code: 'queue.behind',
    place: QUEUE_PATH,
    says: 'reflects event 3, but the history goes on',
  },
  {
    name: 'queue.json with a merge conflict in it',
    harm: (files) => files.set(QUEUE_PATH, `<<<<<<< HEAD\n${files.get(QUEUE_PATH)}`),
    code: 'queue.unreadable',
    place: QUEUE_PATH,
    says: 'cannot be read',
  },
  {
    name: 'queue.json missing',
    harm: (files) => files.delete(QUEUE_PATH),
    code: 'queue.missing',
    place: QUEUE_PATH,
    says: 'is missing',
  },
];

/** What is worth telling and makes no history invalid. */
export const oddities: readonly Damage[] = [
  {
    name: 'INTERNAL_LOG.md edited',
    harm: (files) => files.set(INTERNAL_LOG_PATH, '# Mine\n'),
    code: 'log.differs',
    place: INTERNAL_LOG_PATH,
    says: 'is not what the history renders',
  },
  {
    name: 'INTERNAL_LOG.md missing',
    harm: (files) => files.delete(INTERNAL_LOG_PATH),
    code: 'log.missing',
    place: INTERNAL_LOG_PATH,
    says: 'is missing',
  },
];
