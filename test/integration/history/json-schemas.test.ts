import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { ledgerJsonSchemas } from '../../../src/adapters/ledger-format/json-schemas.ts';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import { FIRST } from '../../support/ledger-damage.ts';
import { ledgerOf, Story } from '../../support/ledger-story.ts';

const { files } = ledgerOf(new Story().merged(1, 1).opened(2).triaged(2).planned(2).drafts);

const validatorOf = (name: string) => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(Object(ledgerJsonSchemas[name]));
};

describe('the JSON Schemas of the ledger under schema/', () => {
  it.each(Object.entries(ledgerJsonSchemas))(
    '%s is the one the code is made of',
    async (name, schema) => {
      const path = new URL(`../../../schema/${name}`, import.meta.url).pathname;
      // Written anew by `npx vitest run test/integration/history --update`.
      await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(path);
    },
  );

  it('hold for every line of a history, and for nothing else in its place', () => {
    const valid = validatorOf('event.json');
    const lines = (files.get(FIRST) ?? '').trimEnd().split('\n');
    for (const line of lines) {
      const event: unknown = JSON.parse(line);
      expect(valid(event), `${line}: ${JSON.stringify(valid.errors)}`).toBe(true);
      expect(valid({ ...Object(event), type: 'item.teleported' })).toBe(false);
      expect(valid({ ...Object(event), more: 1 })).toBe(false);
    }
  });

  it('hold for queue.json, and not with a key that nobody knows', () => {
    const valid = validatorOf('queue.json');
    const queue: unknown = JSON.parse(files.get(QUEUE_PATH) ?? '');
    expect(valid(queue), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...Object(queue), more: 1 })).toBe(false);
  });
});
