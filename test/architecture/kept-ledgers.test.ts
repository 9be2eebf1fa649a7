import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventShapes, zodEventShapes } from '../../src/adapters/ledger-format/event-shapes.ts';
import { queueFile } from '../../src/adapters/ledger-format/queue.ts';
import { filesAsFolder } from '../../src/application/ledger/files-as-folder.ts';
import { inspectLedger } from '../../src/application/ledger/inspect-ledger.ts';
import { replayQueue } from '../../src/application/ledger/replay-queue.ts';
import { readStory } from '../../src/application/ledger/read-story.ts';
import { decisionTools } from '../../src/composition.ts';
import { canonicalJson } from '../../src/domain/ledger/canonical-json.ts';
import type { ChainHead, RecordedEvent } from '../../src/domain/ledger/envelope.ts';
import { readEventLine } from '../../src/domain/ledger/event-line.ts';
import { EventReader } from '../../src/domain/ledger/event-reader.ts';
import { headOf } from '../../src/domain/ledger/chain.ts';
import { governance } from '../../src/domain/ledger/governance.ts';
import { olderQueues } from '../../src/domain/ledger/past-queues.ts';
import { QUEUE_PATH, renderQueue, type QueueSource } from '../../src/domain/ledger/projection.ts';
import { HISTORY_FOLDER } from '../../src/domain/ledger/segments.ts';
import { upcast, upcasters } from '../../src/domain/ledger/upcast.ts';
import { versions } from '../../src/domain/work-item/event.ts';
import { sha256, Story } from '../support/ledger-story.ts';
import { repositoryRoot } from './cruise.ts';

/**
 * What was once recorded is read for good (docs/adr/0003). The fixtures are never rewritten: a new version of an event adds its
 * lines, a new form of the ledger adds a folder.
 */
const kept = join(repositoryRoot, 'test', 'fixtures', 'ledger');
const linesOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8').trimEnd().split('\n');

const read = (line: string): RecordedEvent => {
  const bytes = new TextEncoder().encode(line);
  const { event, faults } = readEventLine(bytes);
  expect(faults).toEqual([]);
  // None is left to the thorough way, which would be slow without anybody noticing.
  expect(new EventReader(null).read(bytes)).toEqual(event);
  if (event === null) throw new Error(`no event: ${line}`);
  return event;
};

const name = ({ type, version }: { readonly type: string; readonly version: number }): string =>
  `${type}@${version}`;

const lines = join(kept, 'events');
const fixtures = readdirSync(lines).flatMap((file) => linesOf(join(lines, file)).map(read));
const everyVersion = Object.entries(versions).flatMap(([type, newest]) =>
  Array.from({ length: newest }, (_, index) => `${type}@${index + 1}`),
);

const whatToDo = `the shapes of test/fixtures/ledger/shapes.txt are in histories.
A digest that changed: make it a new version (event.ts), keep the old shape in past-event-data.ts, add an upcaster (upcast.ts).
A digest that is new: add its line, and beside it events/TYPE.vN.jsonl with a line of that version`;

describe('every type of event, in every version there ever was,', () => {
  it('is kept as a line, once', () => {
    expect(fixtures.map(name).toSorted(), whatToDo).toEqual(everyVersion.toSorted());
  });

  it('has a shape, and the steps that lead from it to the newest', () => {
    expect(eventShapes.map(name).toSorted()).toEqual(everyVersion.toSorted());
    const steps = Object.fromEntries(
      Object.entries(upcasters).map(([type, chain]) => [type, [chain].flat().length + 1]),
    );
    expect(steps).toEqual(
      Object.fromEntries(Object.entries(versions).filter(([, newest]) => newest > 1)),
    );
  });

  it.each(fixtures.map((event) => [name(event), event] as const))(
    'is read, told and folded: %s',
    (_, event) => {
      expect(zodEventShapes.faults(event)).toEqual([]);
      const known = upcast(event);
      if (known === null) throw new Error('it is not known');
      expect(known.version).toBe(versions[known.type]);
      expect(zodEventShapes.faults(known)).toEqual([]);
      const { state } = governance.evolve(stateWith(known.item), known);
      expect(queueFile.safeParse(JSON.parse(renderQueue(state, headOf(event))))).toMatchObject({
        success: true,
      });
    },
  );

  it('keeps the shape it was recorded with', () => {
    const digests = eventShapes.map(
      (shape) => `${name(shape)} ${sha256(canonicalJson(z.toJSONSchema(shape.data)))}`,
    );
    expect(digests.toSorted(), whatToDo).toEqual(linesOf(join(kept, 'shapes.txt')));
  });
});

/** A state in which the event's item is open, where it names one. */
const stateWith = (item: string | null): typeof governance.initial => {
  const [, number] = /-(\d+)$/.exec(item ?? '') ?? [];
  if (item === null || number === undefined) return governance.initial;
  const [draft] = new Story().opened(Number(number)).drafts;
  if (draft === undefined) return governance.initial;
  const created = upcast({ ...draft, item, sequence: 1, previous: '', hash: '' });
  return created === null ? governance.initial : governance.evolve(governance.initial, created);
};

/** Digests of what queue.json is for a state, today and as it was written before. */
const formsOf = (state: QueueSource, event: ChainHead): readonly string[] => {
  const head = headOf(event);
  const older = olderQueues(state, head).map(({ text }) => text);
  return [renderQueue(state, head), ...older].map(sha256);
};

const folders = readdirSync(kept, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'events')
  .map((entry) => entry.name);

describe.each(folders)('the ledger recorded on %s', (folder) => {
  const root = join(kept, folder);
  const segments = readdirSync(join(root, HISTORY_FOLDER)).toSorted();
  const files = new Map(
    [
      ...segments.map((segment) => `${HISTORY_FOLDER}/${segment}`),
      QUEUE_PATH,
      'INTERNAL_LOG.md',
    ].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );

  it('holds still', async () => {
    const { status, findings } = await inspectLedger(filesAsFolder(files), sha256, {
      shapes: zodEventShapes,
      decisions: decisionTools,
    });
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(status).toBe('valid');
    // From the day on that facts were recorded, nothing of it may go unasked.
    const skipped = findings.some(({ code }) => code === 'decisions.not_checked');
    expect(skipped).toBe(folder < '2026-11-21-verdicts');
  });

  it('gives the queue.json it was recorded with, byte for byte, at each of its commits', () => {
    const recorded = new Map(
      linesOf(join(root, 'projections.txt')).map((line) => {
        const [sequence = '', digest = ''] = line.split(' ');
        return [Number(sequence), digest];
      }),
    );
    const given: string[] = [];
    let fold = governance.initial;
    for (const line of segments.flatMap((segment) =>
      linesOf(join(root, HISTORY_FOLDER, segment)),
    )) {
      const event = read(line);
      const known = upcast(event);
      if (known === null) throw new Error(`${name(event)} is not known`);
      fold = governance.evolve(fold, known);
      const digest = recorded.get(event.sequence);
      if (digest !== undefined && formsOf(fold.state, event).includes(digest)) {
        given.push(`${event.sequence} ${digest}`);
      }
    }
    expect(given).toEqual(linesOf(join(root, 'projections.txt')));
  });

  it('replays to the queue.json beside it', async () => {
    expect(await replayQueue(filesAsFolder(files), sha256)).toMatchObject({ equal: true });
  });

  it('tells its story', async () => {
    for await (const { text } of readStory(filesAsFolder(files), null)) {
      expect(text).not.toMatch(/not known here|cannot be read/);
    }
  });
});
