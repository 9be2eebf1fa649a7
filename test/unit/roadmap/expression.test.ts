import { describe, expect, it } from 'vitest';
import {
  expressionAfter,
  expressionBefore,
  expressionInCell,
} from '../../../src/domain/roadmap/expression.ts';
import { defaultMarker } from '../../../src/domain/roadmap/marker.ts';
import { asRead } from '../../../src/domain/roadmap/mojibake.ts';

describe('a status in a cell', () => {
  it.each([
    ['Done', 'done', 'Done'],
    ['**Done** (v0.2)', 'done', 'Done'],
    ['✅ Done', 'done', '✅ Done'],
    ['âœ… Done', 'done', 'âœ… Done'],
    ['ðŸ”„ In Progress', 'in_progress', 'ðŸ”„ In Progress'],
    [':construction: WIP', 'in_progress', ':construction: WIP'],
    ['⏸️ On hold', 'blocked', '⏸️ On hold'],
    ['not started', 'planned', 'not started'],
    ['75%', 'in_progress', '75%'],
    ['75% complete', 'in_progress', '75% complete'],
    ['100 %', 'done', '100 %'],
    ['🚧 75% complete', 'in_progress', '🚧 75% complete'],
    ['🚧 0%', 'in_progress', '🚧 0%'],
    ['✅ 40%', 'in_progress', '✅ 40%'],
    ['🚧 100%', 'done', '🚧 100%'],
    ['❌', 'unknown', '❌'],
  ])('%s is %s', (raw, status, text) => {
    expect(expressionInCell(raw)).toMatchObject({ status, text });
  });

  it.each(['Donegal', '#12', 'see below', '', '-'])('is not in "%s"', (raw) => {
    expect(expressionInCell(raw)).toBeNull();
  });
});

describe('a status before a title', () => {
  it.each([
    ['✅ Folding', 'done', '✅'],
    ['**🚧 Folding**', 'in_progress', '🚧'],
    ['[WIP] Type the API', 'in_progress', 'WIP'],
    ['(Done) Type the API', 'done', 'Done'],
    ['✅ Complete rewrite', 'done', '✅'],
  ])('%s is %s', (raw, status, text) => {
    expect(expressionBefore(raw)).toMatchObject({ status, text });
  });

  it.each(['Complete rewrite of the parser', 'Next: a logo', '100% typed', '[docs](x.md) for it'])(
    'is not in "%s"',
    (raw) => {
      expect(expressionBefore(raw)).toBeNull();
    },
  );
});

describe('a status after a title', () => {
  it.each([
    ['Core System (Completed)', 'done', 'Completed'],
    ['Durable Task Engine (✔ COMPLETED)', 'done', '✔ COMPLETED'],
    ['Milestone 1 — Core ✅ 100%', 'done', '✅ 100%'],
    ['Milestone 2 - 50%', 'in_progress', '50%'],
    ['Milestone 3 🔄 In Progress', 'in_progress', '🔄 In Progress'],
    ['Publish an SBOM — in progress', 'in_progress', 'in progress'],
    ['Mirror [planned]', 'planned', 'planned'],
  ])('%s is %s', (raw, status, text) => {
    expect(expressionAfter(raw)).toMatchObject({ status, text });
  });

  it.each([
    'Raise coverage to 80%',
    'Make the code complete',
    'Tests (unit + integration)',
    'v1.0 (released in May)',
    'The road is open',
  ])('is not in "%s"', (raw) => {
    expect(expressionAfter(raw)).toBeNull();
  });
});

describe('misread text', () => {
  it.each([
    ['✅', 'windows-1252', 'âœ…'],
    ['🔄', 'windows-1252', 'ðŸ”„'],
    ['🚧', 'windows-1254', 'ğŸš§'],
    ['—', 'windows-1252', 'â€”'],
    ['plain', 'windows-1254', 'plain'],
    ['✅', 'utf-8', '✅'],
  ] as const)('%s read as %s is %s', (text, encoding, expected) => {
    expect(asRead(text, encoding)).toBe(expected);
  });

  it('gives new markers the same way', () => {
    expect(expressionInCell(defaultMarker('blocked', 'windows-1254'))?.status).toBe('blocked');
  });
});
