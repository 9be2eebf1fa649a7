import { expect, it } from 'vitest';
import { agentJsonSchemas } from '../../../src/agents/process/json-schemas.ts';

/** After a change of the protocol: `npx vitest run test/unit/agents/protocol.test.ts --update`. */
it.each(Object.entries(agentJsonSchemas))(
  'schema/%s is what the protocol says',
  async (name, schema) => {
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
      `../../../schema/${name}`,
    );
  },
);
