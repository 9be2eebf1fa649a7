import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import type { ExchangeObserver, Simulator } from '../../../src/simulator/simulator.ts';
import { createValidator } from '../../../src/simulator/validation/validator.ts';

type Exchange = Parameters<ExchangeObserver['exchange']>[0];
type Webhook = Parameters<ExchangeObserver['webhook']>[0];

/** Faults planted in what the simulator really said: a validator that finds none of them would pass everything. */
describe('a fault planted in a real exchange', () => {
  const exchanges: Exchange[] = [];
  const webhooks: Webhook[] = [];
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({
      observer: {
        exchange: (exchange) => exchanges.push(structuredClone(exchange)),
        webhook: (webhook) => webhooks.push(structuredClone(webhook)),
        graphql: () => undefined,
      },
    });
    await seedWidgets(simulator);
    const widgets = '/repos/acme/widgets';
    await simulator.as('owner')('GET', `${widgets}/issues/1`);
    await simulator.as('owner')('GET', widgets);
    await simulator.as('owner')('POST', `${widgets}/issues/1/labels`, { labels: ['bug'] });
    await simulator.as('reader')('POST', `${widgets}/issues/1/comments`, { body: 'Me too.' });
    await simulator.idle();
  });
  afterAll(() => simulator.close());

  const found = (check: (validator: ExchangeObserver) => void): string[] => {
    const validator = createValidator({ strictRequests: true });
    check(validator);
    return validator.report().mismatches.map(({ where, message }) => `${where} ${message}`);
  };
  const exchange = (method: string, path: string): Exchange => {
    const one = exchanges.find(
      (candidate) => candidate.method === method && candidate.path.endsWith(path),
    );
    if (!one)
      throw new Error(`no ${method} ${path} among ${exchanges.map(({ path }) => path).join(', ')}`);
    return one;
  };
  const webhook = (event: string, action: string | null): Webhook => {
    const one = webhooks.find(
      (candidate) => candidate.event === event && candidate.action === action,
    );
    if (!one)
      throw new Error(
        `no ${event} ${action} among ${webhooks.map(({ event }) => event).join(', ')}`,
      );
    return one;
  };
  const body = (of: Exchange): Record<string, unknown> => ({ ...Object(of.responseBody) });

  it('is not there before', () => {
    expect(exchanges.length).toBeGreaterThan(5);
    expect(webhooks.length).toBeGreaterThan(3);
    expect(found((validator) => exchanges.forEach((one) => validator.exchange(one)))).toEqual([]);
    expect(found((validator) => webhooks.forEach((one) => validator.webhook(one)))).toEqual([]);
  });

  it.each(['id', 'number', 'title', 'user', 'labels', 'state', 'created_at', 'repository_url'])(
    'is found: an issue without its %s',
    (name) => {
      const real = exchange('GET', '/issues/1');
      const { [name]: _gone, ...responseBody } = body(real);

      expect(found((validator) => validator.exchange({ ...real, responseBody }))).toContainEqual(
        expect.stringContaining(`must have required property '${name}'`),
      );
    },
  );

  it('is found: deep inside, a login that is a number', () => {
    const real = exchange('GET', '/issues/1');
    const responseBody = { ...body(real), user: { ...Object(body(real).user), login: 7 } };

    expect(found((validator) => validator.exchange({ ...real, responseBody })).join()).toContain(
      '/user/login must be string',
    );
  });

  it('is found: a parameter of the query that GitHub does not document', () => {
    const real = exchange('GET', '/issues/1');

    expect(
      found((validator) => validator.exchange({ ...real, path: `${real.path}?colour=red` })),
    ).toEqual(['query colour is not documented']);
  });

  it('is found: a property of a request that GitHub does not document', () => {
    const real = exchange('POST', '/comments');

    expect(
      found((validator) =>
        validator.exchange({ ...real, requestBody: { body: 'x', colour: 'red' } }),
      ),
    ).toEqual(['body /colour is not documented']);
  });

  it.each([
    [
      'a number that is text',
      'issues',
      'labeled',
      { issue: { number: '1' } },
      'payload /issue/number must be integer',
    ],
    [
      'a state in the wrong case',
      'issues',
      'labeled',
      { issue: { state: 'OPEN' } },
      'payload /issue/state must be equal to one of',
    ],
    [
      'a missing sender',
      'issue_comment',
      'created',
      { sender: undefined },
      "payload  must have required property 'sender'",
    ],
    [
      'a field that GitHub does not send',
      'issue_comment',
      'created',
      { comment: { mood: 'good' } },
      'payload /comment/mood is not documented',
    ],
  ])('is found in a webhook: %s', (_title, event, action, change, mismatch) => {
    const real = webhook(event, action);
    const payload = Object.entries(change).reduce<Record<string, unknown>>(
      (changed, [name, value]) => ({
        ...changed,
        [name]:
          typeof value === 'object' ? { ...Object(Object(real.payload)[name]), ...value } : value,
      }),
      { ...Object(real.payload) },
    );

    expect(found((validator) => validator.webhook({ ...real, payload })).join('\n')).toContain(
      mismatch,
    );
  });
});
