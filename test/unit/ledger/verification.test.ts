import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesAsFolder } from '../../../src/application/ledger/files-as-folder.ts';
import { inspectLedger } from '../../../src/application/ledger/inspect-ledger.ts';
import { parseAnchor, type Anchor } from '../../../src/domain/ledger/anchor-check.ts';
import { describeFinding } from '../../../src/domain/ledger/findings.ts';
import { governanceOfOneFold } from '../../../src/domain/ledger/governance.ts';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import type { LedgerFolder } from '../../../src/ports/ledger-folder.ts';
import {
  damages,
  FIRST,
  forge,
  oddities,
  SECOND,
  soundLedger,
  type LedgerFiles,
} from '../../support/ledger-damage.ts';
import { ledgerOf, sha256, Story } from '../../support/ledger-story.ts';

const inspect = (files: LedgerFiles, anchors: readonly Anchor[] = []) =>
  inspectLedger(filesAsFolder(files), sha256, { anchors });

const damaged = (harm: (files: LedgerFiles) => void): LedgerFiles => {
  const files = soundLedger();
  harm(files);
  return files;
};

/** Every object in a value, itself included. */
const partsOf = (value: unknown): readonly object[] =>
  typeof value === 'object' && value !== null
    ? [value, ...Object.values(value).flatMap(partsOf)]
    : [];

const anchorAt = (sequence: number, hash: string): Anchor => ({
  sequence,
  hash,
  source: 'commit 1a2b',
});

describe('verification of a sound ledger', () => {
  it('finds nothing, and names its head', async () => {
    const { status, findings, events, segments, head, state } = await inspect(soundLedger());
    expect({ status, findings, segments }).toEqual({ status: 'valid', findings: [], segments: 2 });
    expect(head.sequence).toBe(events);
    expect(Object.keys(state.state.items)).toEqual(['issue-2']);
  });

  it('does not depend on how many events went into a commit', async () => {
    const { drafts } = new Story().merged(1, 1).opened(2).triaged(2);
    const heads = new Set<string>();
    for (const batch of [1, 4, drafts.length]) {
      const { status, head } = await inspect(ledgerOf(drafts, batch).files);
      expect(status).toBe('valid');
      heads.add(head.hash);
    }
    expect(heads.size).toBe(1);
  });

  it('begins with a state of which nothing is another verification’s', () => {
    const shared = partsOf(governanceOfOneFold().initial).filter((part) =>
      partsOf(governanceOfOneFold().initial).includes(part),
    );
    expect(shared).toEqual([]);
  });
});

describe('verification names', () => {
  it.each(damages)('$name', async ({ harm, code, place, says }) => {
    const { status, findings } = await inspect(damaged(harm));
    expect(status).toBe('faulty');
    const described = findings.filter((finding) => finding.code === code).map(describeFinding);
    expect(described.join('\n')).toContain(says);
    expect(described.some((one) => one.startsWith(place))).toBe(true);
  });

  it('all faults at once, in the order of the lines', async () => {
    const files = damaged((all) => {
      const lines = (all.get(FIRST) ?? '').split('\n');
      lines[1] = lines[1]?.replace('run.started', 'run.stopped') ?? '';
      lines.splice(9, 1);
      lines[20] = 'nothing';
      all.set(FIRST, lines.join('\n'));
    });
    const { findings } = await inspect(files);
    const faults = findings.filter(({ severity }) => severity === 'fault');
    expect(faults.map(({ code, line }) => [code, line])).toEqual([
      ['hash.mismatch', 2],
      ['sequence.gap', 10],
      ['line.not_json', 21],
    ]);
  });

  it('two that swapped places once, and does not call them removed as well', async () => {
    const swapped = damages.find(({ code }) => code === 'sequence.swapped');
    const { findings } = await inspect(damaged((files) => swapped?.harm(files)));
    expect(findings.map(({ code }) => code)).toEqual([
      'sequence.swapped',
      'transitions.not_checked',
    ]);
  });

  it('one fault for one edited line, and not each later step as illegal', async () => {
    const files = damaged((all) => {
      all.set(FIRST, (all.get(FIRST) ?? '').replace('"type":"run.started"', '"type":"run.dead"'));
    });
    const { findings } = await inspect(files);
    expect(findings.map(({ code }) => code)).toEqual(['hash.mismatch', 'transitions.not_checked']);
  });
});

describe('verification only notes', () => {
  it.each(oddities)('$name', async ({ harm, code, place, says }) => {
    const { status, findings } = await inspect(damaged(harm));
    expect(status).toBe('valid');
    expect(findings.map(describeFinding)).toEqual([expect.stringContaining(says)]);
    expect(findings[0]).toMatchObject({ code, file: place });
  });

  it('a clock that was set back, by whoever wrote the history without our code', async () => {
    const { files } = ledgerOf(new Story().opened(1).opened(2).drafts);
    forge((drafts) => {
      const [first] = drafts;
      if (first !== undefined) drafts[0] = { ...first, at: '2027-01-01T00:00:00.000Z' };
    })(files);
    const { findings } = await inspect(files);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'clock.backwards', event: 2 }),
    );
  });
});

describe('verification cannot tell', () => {
  it('where there is no history, also beside a queue.json', async () => {
    const queueAlone = damaged((files) => {
      files.delete(FIRST);
      files.delete(SECOND);
    });
    expect((await inspect(new Map())).status).toBe('inconclusive');
    expect((await inspect(queueAlone)).status).toBe('inconclusive');
  });

  it('what an event of an unknown type means, and checks no more of the machine', async () => {
    const files = damaged(
      forge((drafts) => {
        const last = drafts.at(-1);
        if (last !== undefined) drafts.push({ ...last, id: 'new', type: 'item.teleported' });
      }),
    );
    const { head, status } = await inspect(files);
    // Events by other hands behind what queue.json knows are a fault all the same.
    expect(status).toBe('faulty');
    const queue = files.get(QUEUE_PATH) ?? '';
    files.set(
      QUEUE_PATH,
      queue
        .replace(/"hash": "\w+"/, `"hash": "${head.hash}"`)
        .replace(/"sequence": \d+/, `"sequence": ${head.sequence}`),
    );
    const newer = await inspect(files);
    expect(newer.status).toBe('inconclusive');
    expect(newer.findings.map(({ code }) => code)).toEqual([
      'event.unknown',
      'transitions.not_checked',
    ]);
  });
});

describe('an anchor', () => {
  it.each([
    ['3:' + 'A'.repeat(64), { sequence: 3, hash: 'a'.repeat(64) }],
    ['0:' + '0'.repeat(64), null],
    ['3:' + 'a'.repeat(63), null],
    ['a'.repeat(64), null],
    ['-3:' + 'a'.repeat(64), null],
  ])('is read from %s', (text, expected) => {
    expect(parseAnchor(text, '--anchor')).toEqual(
      expected === null ? null : { ...expected, source: '--anchor' },
    );
  });

  it('that the history passes is content', async () => {
    const files = soundLedger();
    const { head } = await inspect(files);
    const { status, anchors } = await inspect(files, [anchorAt(head.sequence, head.hash)]);
    expect({ status, anchors }).toEqual({ status: 'valid', anchors: 1 });
  });

  it('shows that the end was cut off, although every file agrees with every other', async () => {
    const story = new Story().merged(1, 1);
    const whole = ledgerOf(story.drafts);
    const cut = ledgerOf(story.drafts.slice(0, -3)).files;
    expect((await inspect(cut)).status).toBe('valid');
    const { sequence, hash } = whole.view.head;
    const { status, findings } = await inspect(cut, [anchorAt(sequence, hash)]);
    expect(status).toBe('faulty');
    expect(findings.map(describeFinding)).toEqual([
      expect.stringMatching(/ends at event 26, but commit 1a2b recorded event 29/),
    ]);
  });

  it('shows that the history was written anew, although every hash fits', async () => {
    const { head } = await inspect(soundLedger());
    const { drafts } = new Story().merged(4, 1).opened(2).triaged(2).merged(3, 2);
    const other = ledgerOf(drafts).files;
    const { findings } = await inspect(other, [anchorAt(5, head.hash)]);
    expect(findings).toEqual([expect.objectContaining({ code: 'anchor.mismatch', event: 5 })]);
  });
});

describe('any change of a single byte', () => {
  /** A ledger whose files are bytes, so that they can hold what no text can. */
  const asBytes = (files: LedgerFiles, path: string, bytes: Uint8Array): LedgerFolder => ({
    ...filesAsFolder(files),
    async *chunks(asked) {
      if (asked === path) yield bytes;
      else yield new TextEncoder().encode(files.get(asked));
    },
  });

  it('of any file of the history is found', async () => {
    const { files } = ledgerOf(new Story().opened(1, 'Ünïcode 😀').triaged(1).planned(1).drafts, 3);
    const original = new TextEncoder().encode(files.get(FIRST));
    const position = fc.integer({ min: 0, max: original.length - 1 });
    const difference = fc.integer({ min: 1, max: 255 });
    await fc.assert(
      fc.asyncProperty(position, difference, async (at, by) => {
        const changed = original.slice();
        changed[at] = ((changed[at] ?? 0) + by) % 256;
        const { status } = await inspectLedger(asBytes(files, FIRST, changed), sha256);
        expect(status).toBe('faulty');
      }),
      { numRuns: 60 },
    );
  });
});

describe('any other order of the events', () => {
  it('is found, and by name', async () => {
    const { files } = ledgerOf(new Story().opened(1).triaged(1).planned(1).drafts);
    const lines = (files.get(FIRST) ?? '').split('\n').slice(0, -1);
    const order = fc.shuffledSubarray([...lines.keys()], { minLength: lines.length });
    await fc.assert(
      fc.asyncProperty(order, async (indices) => {
        fc.pre(indices.some((index, place) => index !== place));
        const shuffled = new Map(files);
        shuffled.set(FIRST, indices.map((index) => `${lines[index]}\n`).join(''));
        const { status, findings } = await inspect(shuffled);
        expect(status).toBe('faulty');
        expect(findings.some(({ code }) => /swapped|out_of_order/.test(code))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
