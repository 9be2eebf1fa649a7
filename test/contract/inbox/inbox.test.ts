import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/ports/inbox.ts';
import { homes, type Store } from '../job-queue/harness.ts';

let unique = 0;

/** A delivery unlike any other unless told otherwise. */
function delivery(given: Partial<Delivery> = {}): Delivery {
  unique += 1;
  const name = `${crypto.randomUUID()}-${unique}`;
  return {
    id: name,
    event: 'issues',
    action: 'opened',
    repository: 'acme/widgets',
    installation: 1,
    received_at: '2026-11-20T10:00:00.000Z',
    body_hash: name,
    payload: { action: 'opened' },
    ...given,
  };
}

describe.each(homes)('an inbox, $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  const repository = () => `acme/${crypto.randomUUID()}`;

  it('tells what became of one', async () => {
    const one = delivery({ repository: repository() });
    expect(await store.inbox.find(one.id)).toBeNull();
    await store.inbox.accept(one);
    expect(await store.inbox.find(one.id)).toMatchObject({ id: one.id, outcome: null });
    await store.inbox.settle(one.id, 'refused', 'no right');
    expect(await store.inbox.find(one.id)).toMatchObject({
      outcome: 'refused',
      reason: 'no right',
    });
  });

  it('gives what it accepted until it is settled, counting how often', async () => {
    const one = delivery({ repository: repository(), payload: { issue: { number: 1 } } });
    await store.inbox.accept(one);

    const first = await store.inbox.take(one.repository);
    const second = await store.inbox.take(one.repository);
    await store.inbox.settle(one.id, 'handled', 'triaged');
    const third = await store.inbox.take(one.repository);

    expect(first).toEqual([{ ...one, attempts: 1 }]);
    expect(second).toEqual([{ ...one, attempts: 2 }]);
    expect(third).toEqual([]);
  });

  it('gives the oldest first, and in the order they came where the time is the same', async () => {
    const at = repository();
    const given = ['10:00:02', '10:00:01', '10:00:02'].map((time) =>
      delivery({ repository: at, received_at: `2026-11-20T${time}.000Z` }),
    );
    for (const one of given) await store.inbox.accept(one);

    const taken = await store.inbox.take(at);

    expect(taken.map(({ id }) => id)).toEqual([given[1]?.id, given[0]?.id, given[2]?.id]);
  });

  it.each([
    ['the same delivery again', {}, 'duplicate'],
    ['the same delivery id with another body', { body_hash: 'b2' }, 'duplicate'],
    ['the same body under another delivery id', { id: 'i2' }, 'duplicate'],
    ['the same body under another id and another event', { id: 'i2', event: 'push' }, 'accepted'],
    ['another body under another id', { id: 'i2', body_hash: 'b2' }, 'accepted'],
  ] as const)('%s is %s', async (_title, change, expected) => {
    const prefix = crypto.randomUUID();
    const base = { id: `${prefix}-i1`, body_hash: `${prefix}-b1` };
    const changed = Object.fromEntries(
      Object.entries(change).map(([key, value]) => [
        key,
        key === 'event' ? value : `${prefix}-${value}`,
      ]),
    );

    const first = await store.inbox.accept(delivery(base));
    const second = await store.inbox.accept(delivery({ ...base, ...changed }));

    expect([first, second]).toEqual(['accepted', expected]);
  });

  it('accepts one of many twins that come in the same instant', async () => {
    const one = delivery({ repository: repository() });
    const before = await store.inbox.counts();

    const answers = await Promise.all(Array.from({ length: 20 }, () => store.inbox.accept(one)));

    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(await store.inbox.take(one.repository)).toHaveLength(1);
    expect((await store.inbox.counts()).duplicates - before.duplicates).toBe(19);
  });

  it('names the repositories that wait, those of no repository included', async () => {
    const one = delivery({ repository: repository() });
    const none = delivery({ repository: null });
    await store.inbox.accept(one);
    await store.inbox.accept(none);

    const waiting = await store.inbox.waiting();

    expect(waiting).toContain(one.repository);
    expect(waiting).toContain(null);
    expect((await store.inbox.take(null)).map(({ id }) => id)).toContain(none.id);
  });

  it('keeps the first outcome', async () => {
    const one = delivery({ repository: repository(), received_at: '2030-01-01T00:00:00.000Z' });
    await store.inbox.accept(one);
    await store.inbox.settle(one.id, 'refused', 'not fit to handle');
    await store.inbox.settle(one.id, 'handled', 'too late');

    const [record] = await store.inbox.list(1);

    expect(record).toMatchObject({ id: one.id, outcome: 'refused', reason: 'not fit to handle' });
  });

  it.each([
    ['under its own id', (id: string) => id],
    ['under another', (id: string) => `${id}-again`],
  ])('lets one that was given up wait again when it comes again %s', async (_, idOf) => {
    const one = delivery({ repository: repository() });
    await store.inbox.accept(one);
    await store.inbox.settle(one.id, 'failed', 'given up');
    const again = { ...one, id: idOf(one.id) };

    const answers = [await store.inbox.accept(again), await store.inbox.accept(again)];

    expect(answers).toEqual(['accepted', 'duplicate']);
    expect(await store.inbox.take(one.repository)).toMatchObject([{ id: one.id }]);
    expect(await store.inbox.find(one.id)).toMatchObject({ outcome: null, reason: null });
  });

  it('records what is not to be handled, so that it is known and never taken', async () => {
    const one = delivery({ repository: repository() });

    const first = await store.inbox.record(one, 'ignored', 'nothing answers to it');
    const again = await store.inbox.accept(one);

    expect([first, again]).toEqual(['accepted', 'duplicate']);
    expect(await store.inbox.take(one.repository)).toEqual([]);
  });

  it('stores text that a database might choke on, and still the rest of the batch', async () => {
    const at = repository();
    const odd = delivery({
      repository: at,
      payload: { nul: 'a\u0000b', half: 'c\ud800d', spelled: 'e\\u0000f', 'quote"\\': '💡' },
    });
    const plain = delivery({ repository: at });

    const answers = await Promise.all([store.inbox.accept(odd), store.inbox.accept(plain)]);

    expect(answers).toEqual(['accepted', 'accepted']);
    const [first] = await store.inbox.take(at);
    expect(first?.payload).toMatchObject({ spelled: 'e\\u0000f', 'quote"\\': '💡' });
  });

  it('forgets what is settled and old, never what waits', async () => {
    const at = repository();
    const old = { repository: at, received_at: '2020-01-01T00:00:00.000Z' };
    const [settled, waits] = [delivery(old), delivery(old)];
    await store.inbox.accept(settled);
    await store.inbox.accept(waits);
    await store.inbox.settle(settled.id, 'handled', 'done');

    const forgotten = await store.inbox.forget('2020-06-01T00:00:00.000Z');

    expect(forgotten).toBe(1);
    expect((await store.inbox.take(at)).map(({ id }) => id)).toEqual([waits.id]);
    expect(await store.inbox.accept(settled)).toBe('accepted');
  });
});
