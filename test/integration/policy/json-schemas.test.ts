import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { policyJsonSchemas } from '../../../src/adapters/policy/json-schemas.ts';

describe('the JSON Schemas under schema/', () => {
  it.each(Object.entries(policyJsonSchemas))(
    '%s is the one the code is made of',
    async (name, schema) => {
      const path = new URL(`../../../schema/${name}`, import.meta.url).pathname;
      // Written anew by `vitest run --project integration test/integration/policy --update`.
      await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(path);
    },
  );

  it('tell an editor which keys there are', async () => {
    const policy: unknown = JSON.parse(await readFile('schema/policy.json', 'utf8'));
    expect(policy).toMatchObject({ additionalProperties: false, required: ['version'] });
  });
});
