import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryInbox } from '../../../src/adapters/memory/inbox.ts';
import { dashboardFixture, hostile } from '../../support/dashboard-fixture.ts';
import { startTestServer, type TestServer } from './harness.ts';

const pages = [
  ['the overview', '/'],
  ['an item', '/items/acme/widgets/pull-41'],
  ['the report', '/report/acme/widgets'],
  ['what is not there', '/items/acme/widgets/pull-999'],
] as const;

describe('the dashboard', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ inbox: createMemoryInbox(), dashboard: dashboardFixture });
  });
  afterAll(() => server.close());

  const textOf = async (path: string): Promise<string> =>
    (await fetch(`${server.url}${path}`)).text();

  it('says what waits for whom before anything else', async () => {
    const text = await textOf('/');

    const order = ['1 of acme/security', 'approve the merge of 3f2c9d1', 'Items', 'Deliveries'];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it('shows an item with its verdict as a tree, what counted for nothing, and its history', async () => {
    const text = await textOf('/items/acme/widgets/pull-41');

    for (const part of ['0 of 1 from acme/security', 'eve has the permission read', 'event 333']) {
      expect(text).toContain(part);
    }
  });

  it('shows what each agent did, cycle by cycle, and what is remembered', async () => {
    const text = await textOf('/report/acme/widgets');

    for (const part of ['5 (63%)', '1,204,000', '1.50+', '2 h', 'cycle 2: 50%', '9 notes']) {
      expect(text, part).toContain(part);
    }
    expect(await textOf('/')).toContain('href="/report/acme/widgets"');
    expect((await fetch(`${server.url}/report/acme/none`)).status).toBe(404);
  });

  it.each(pages)('%s lets no foreign text be more than text', async (_title, path) => {
    const text = await textOf(path);

    expect(text).not.toContain(hostile);
    expect(text).not.toMatch(/<(?:script|img|iframe|form|style)\b|<[^>]*\son\w+=/iu);
  });

  it('carries foreign text escaped, not dropped', async () => {
    expect(await textOf('/')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it.each(pages)(
    '%s comes under a policy that runs nothing and loads only our style',
    async (_title, path) => {
      const { headers } = await fetch(`${server.url}${path}`);
      const policy = headers.get('content-security-policy') ?? '';

      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).not.toMatch(/unsafe|script-src|\*/u);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('answers 404, in words, for an item it does not know', async () => {
    const response = await fetch(`${server.url}/items/acme/widgets/pull-999`);

    expect(response.status).toBe(404);
    expect(await response.text()).toContain('No such item');
  });
});
