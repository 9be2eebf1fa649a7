import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { demoJsonSchemas } from '../../../src/entrypoints/cli/demo/json-schemas.ts';

describe("the JSON Schemas of the demo's documents under schema/", () => {
  it.each(Object.entries(demoJsonSchemas))(
    '%s is the one the code is made of, and a schema',
    async (name, schema) => {
      const path = new URL(`../../../schema/${name}`, import.meta.url).pathname;
      // Written anew by `npx vitest run test/integration/demo --update`.
      await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(path);
      expect(new Ajv2020({ strict: false }).validateSchema(Object(schema))).toBe(true);
    },
  );
});
