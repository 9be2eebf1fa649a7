import { describe, expect, it } from 'vitest';
import { zodEventShapes } from '../../../src/adapters/ledger-format/event-shapes.ts';
import { queueFile } from '../../../src/adapters/ledger-format/queue.ts';
import { filesAsFolder } from '../../../src/application/ledger/files-as-folder.ts';
import { inspectLedger } from '../../../src/application/ledger/inspect-ledger.ts';
import { chain } from '../../../src/domain/ledger/chain.ts';
import { EMPTY_CHAIN } from '../../../src/domain/ledger/envelope.ts';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import { FIRST, forge, soundLedger } from '../../support/ledger-damage.ts';
import { ledgerOf, sha256, Story } from '../../support/ledger-story.ts';

const { drafts } = new Story().merged(1, 1).opened(2).triaged(2).planned(2);

describe('the shapes of events', () => {
  it.each(chain(EMPTY_CHAIN, drafts, sha256))('fit event $sequence, $type', (event) => {
    expect(zodEventShapes.faults(event)).toEqual([]);
  });

  it('name what does not fit, each with its path', () => {
    const [event] = chain(EMPTY_CHAIN, new Story().opened(1).drafts, sha256);
    if (event === undefined) throw new Error('one event was told');
    const data = {
      ...Object(event.data),
      kind: 'epic',
      author: { id: '7', login: 'ann' },
      more: 1,
    };
    expect(zodEventShapes.faults({ ...event, data })).toEqual([
      expect.stringMatching(/^data\.kind: /),
      expect.stringMatching(/^data\.author\.id: /),
      expect.stringMatching(/^data\.author\.type: /),
      expect.stringMatching(/^data: .*"more"/),
    ]);
  });

  it('are what verification holds a history to that the chain has nothing against', async () => {
    const files = soundLedger();
    forge((all) => {
      const [first] = all;
      if (first !== undefined)
        all.splice(0, 1, { ...first, data: { ...Object(first.data), title: 7 } });
    })(files);
    const { findings } = await inspectLedger(filesAsFolder(files), sha256, {
      shapes: zodEventShapes,
    });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'event.unfit',
        file: FIRST,
        line: 1,
        message: expect.stringContaining('data.title: '),
      }),
    );
  });
});

describe('the shape of queue.json', () => {
  it('fits what is rendered', () => {
    const queue: unknown = JSON.parse(ledgerOf(drafts).files.get(QUEUE_PATH) ?? '');
    expect(queueFile.safeParse(queue)).toMatchObject({ success: true });
  });
});
