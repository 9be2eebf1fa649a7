import { z } from 'zod';
import { agentBrief, proposals, waitingAnswer } from './protocol.ts';

/** The protocol by file name under `schema/`. */
export const agentJsonSchemas: Readonly<Record<string, unknown>> = {
  'agent-brief.json': described(agentBrief, 'What an agent is told on standard input'),
  'agent-proposal.json': {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title:
      'What an agent answers on standard output: one of these with exit 0, `waiting` with exit 3',
    $defs: {
      ...Object.fromEntries(
        Object.entries(proposals).map(([role, schema]) => [role, described(schema, role)]),
      ),
      waiting: described(waitingAnswer, 'waiting'),
    },
  },
};

function described(schema: z.ZodType, title: string): unknown {
  const { $schema: _said, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { title, ...rest };
}
