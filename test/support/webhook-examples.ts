import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { z } from 'zod';

const definition = z.object({
  name: z.string(),
  examples: z.array(z.record(z.string(), z.unknown())),
});

// The package's types describe a module, and what is there is JSON.
const loaded: unknown = examples;

/** The 329 payloads that GitHub sent and people recorded, in the package's order. */
export const recordedWebhooks = z
  .array(definition)
  .parse(loaded)
  .flatMap(({ name, examples }) => examples.map((body) => ({ event: name, body })));

/** The first recorded payload of an event, and of an action where one is named. */
export function recordedWebhook(event: string, action?: string): Readonly<Record<string, unknown>> {
  const found = recordedWebhooks.find(
    (one) => one.event === event && (action === undefined || one.body['action'] === action),
  );
  if (found === undefined) throw new Error(`no recorded ${event} ${action ?? ''}`);
  return found.body;
}
