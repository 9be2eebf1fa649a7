import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Delivery, FaultSwitches, Simulator } from './face.ts';
import type { Validator } from './validation/validator.ts';

/** The body of `PATCH /_simulator/faults`: only what is named changes. */
const switchesBody = z.strictObject({
  duplicate: z.int().min(0).optional(),
  drop: z.int().min(0).optional(),
  reorder: z.int().min(0).optional(),
  delay_ms: z.int().min(0).optional(),
  latency_ms: z.int().min(0).optional(),
});

const requestFaultBody = z.strictObject({
  status: z.union([z.literal(403), z.literal(429), z.literal(500), z.literal(502), z.literal(503)]),
  count: z.int().min(1).default(1),
  path: z.string().optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  actor: z.string().optional(),
  retry_after: z.int().min(0).optional(),
});

const webhookBody = z.strictObject({ url: z.url({ protocol: /^https?$/ }).nullable() });

const repositoryBody = z.strictObject({
  owner: z.string().regex(/^[\w.-]+$/),
  name: z.string().regex(/^[\w.-]+$/),
  private: z.boolean().optional(),
  from: z.string().optional(),
  default_branch: z.string().optional(),
});

/** `method` null takes the queue away. */
const mergeQueueBody = z.strictObject({
  repository: z.string(),
  branch: z.string(),
  method: z.enum(['merge', 'squash', 'rebase']).nullable(),
});

/** The switches and logs of the simulator as JSON, to be mounted under `/_simulator`. */
export function controlRoutes(simulator: Simulator, validator: Validator): Hono {
  return new Hono()
    .get('/people', (context) => context.json(peopleOf(simulator)))
    .get('/faults', (context) => context.json(faultsOf(simulator.faults)))
    .patch('/faults', (context) =>
      withBody(context, switchesBody, (body) => context.json(setSwitches(simulator.faults, body))),
    )
    .post('/faults/requests', (context) =>
      withBody(context, requestFaultBody, ({ retry_after: retryAfter, ...fault }) => {
        simulator.faults.failRequests(defined({ ...fault, retryAfter }));
        return context.json(faultsOf(simulator.faults), 201);
      }),
    )
    .delete('/faults', (context) => {
      simulator.faults.reset();
      return context.json(faultsOf(simulator.faults));
    })
    .get('/deliveries', (context) => context.json(simulator.deliveries.map(summaryOf)))
    .get('/deliveries/:id{\\d+}', (context) => {
      const delivery = deliveryOf(simulator, context.req.param('id'));
      return delivery
        ? context.json(delivery)
        : context.json({ message: 'No such delivery.' }, 404);
    })
    .post('/deliveries/:id{\\d+}/redeliver', async (context) => {
      const delivery = deliveryOf(simulator, context.req.param('id'));
      if (!delivery) return context.json({ message: 'No such delivery.' }, 404);
      await simulator.redeliver(delivery.id);
      return context.json({ redelivered: delivery.guid }, 202);
    })
    .get('/webhook', (context) => context.json({ url: simulator.webhookUrl }))
    .put('/webhook', (context) =>
      withBody(context, webhookBody, ({ url }) => {
        simulator.setWebhook(url);
        return context.json({ url: simulator.webhookUrl });
      }),
    )
    .get('/repositories', (context) => context.json(simulator.repositories))
    .post('/repositories', (context) =>
      withBody(context, repositoryBody, async ({ default_branch: defaultBranch, ...rest }) =>
        context.json(await simulator.createRepository(defined({ ...rest, defaultBranch })), 201),
      ),
    )
    .put('/merge-queue', (context) =>
      withBody(context, mergeQueueBody, async ({ repository, branch, method }) => {
        try {
          await simulator.setMergeQueue(repository, branch, method === null ? null : { method });
          return context.json({ repository, branch, method });
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return context.json({ message: error.message }, 404);
        }
      }),
    )
    .get('/counters', (context) => context.json(simulator.counters))
    .get('/validation', (context) => context.json(validator.report()))
    .post('/idle', async (context) => {
      await simulator.idle();
      return context.json({ deliveries: simulator.deliveries.length });
    });
}

/** Everyone's token, the other App's too, under the names that `assent simulator` prints. */
export function peopleOf(simulator: Simulator): Record<string, { login: string; token: string }> {
  const people = Object.entries(simulator.people).map(([name, { login, token }]) => [
    name,
    { login, token },
  ]);
  const { login, token } = simulator.otherApp;
  return { ...Object.fromEntries(people), otherapp: { login, token } };
}

function faultsOf(faults: FaultSwitches): Record<string, unknown> {
  return {
    duplicate: faults.duplicateDeliveries,
    drop: faults.dropDeliveries,
    reorder: faults.reorderDeliveries,
    delay_ms: faults.deliveryDelay,
    latency_ms: faults.latency,
    requests: faults.requests.map(({ retryAfter, ...fault }) => ({
      ...fault,
      retry_after: retryAfter,
    })),
  };
}

function setSwitches(
  faults: FaultSwitches,
  body: z.infer<typeof switchesBody>,
): Record<string, unknown> {
  Object.assign(
    faults,
    defined({
      duplicateDeliveries: body.duplicate,
      dropDeliveries: body.drop,
      reorderDeliveries: body.reorder,
      deliveryDelay: body.delay_ms,
      latency: body.latency_ms,
    }),
  );
  return faultsOf(faults);
}

function deliveryOf(simulator: Simulator, id: string): Delivery | undefined {
  return simulator.deliveries.find((delivery) => delivery.id === Number(id));
}

/** Without headers and bodies, which are large; one delivery shows them. */
function summaryOf({
  request: _request,
  response: _response,
  ...summary
}: Delivery): Record<string, unknown> {
  return summary;
}

/** Calls `use` with the valid body, or answers 422 naming every fault at once. */
async function withBody<Body>(
  context: Context,
  schema: z.ZodType<Body>,
  use: (body: Body) => Response | Promise<Response>,
): Promise<Response> {
  if (!/^application\/json\b/.test(context.req.header('content-type') ?? '')) {
    return context.json(
      { message: 'Send JSON, with the header "content-type: application/json".' },
      415,
    );
  }
  const parsed = schema.safeParse(await json(context));
  if (parsed.success) return use(parsed.data);
  const errors = parsed.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? 'body' : path.join('.')}: ${message}`,
  );
  return context.json(
    { message: `The body is not as described in docs/simulator.md: ${errors.join('; ')}.`, errors },
    422,
  );
}

async function json(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

/** `undefined` means "not given" in a body; options that are exact want the key left out. */
function defined<T extends Record<string, unknown>>(
  source: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
