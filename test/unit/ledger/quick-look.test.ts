import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventShapes } from '../../../src/adapters/ledger-format/event-shapes.ts';
import { quickLook } from '../../../src/adapters/ledger-format/quick-look.ts';

const folder = new URL('../../fixtures/ledger/events/', import.meta.url);

/** A line of each type in each version there ever was. */
const kept = readdirSync(folder).flatMap((file) =>
  readFileSync(new URL(file, folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): { type: string; version: number; data: unknown } => JSON.parse(line)),
);

const shapeOf = (event: { readonly type: string; readonly version: number }): z.ZodType => {
  const shape = eventShapes.find(
    ({ type, version }) => type === event.type && version === event.version,
  );
  if (shape === undefined) throw new Error(`no shape for ${event.type}`);
  return shape.data;
};

const strangers: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  Number.POSITIVE_INFINITY,
  '',
  'other',
  [],
  [null],
  {},
  { a: 1 },
];

/** The value with something else at each of its places in turn, a key more, or a key less. */
function* changed(value: unknown): Generator {
  yield* strangers;
  if (Array.isArray(value)) {
    yield [...value, ...value];
    for (const [index, member] of value.entries()) {
      for (const other of changed(member)) yield value.with(index, other);
    }
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    for (const key of ['', 'm', 'zz', '__proto__']) {
      const more = [...members.filter(([known]) => known !== key), [key, null] as const];
      yield Object.fromEntries(more.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }
    for (const [index, [key, member]] of members.entries()) {
      yield Object.fromEntries(members.toSpliced(index, 1));
      for (const other of changed(member)) {
        yield Object.fromEntries(members.with(index, [key, other]));
      }
    }
  }
}

describe('the quick look at the data of an event', () => {
  it.each(kept)('knows what fits: $type, version $version', (event) => {
    expect(quickLook(shapeOf(event))(event.data)).toBe(true);
  });

  it.each(kept)('takes nothing that its schema refuses: $type, version $version', (event) => {
    const shape = shapeOf(event);
    const look = quickLook(shape);
    const differing = [...changed(event.data)].filter(
      (data) => look(data) !== shape.safeParse(data).success,
    );
    expect(differing).toEqual([]);
  });

  it('leaves keys in another order to the schema', () => {
    const look = quickLook(z.strictObject({ a: z.string(), b: z.string() }));
    expect(look({ a: '', b: '' })).toBe(true);
    expect(look({ b: '', a: '' })).toBe(false);
  });

  it('takes an optional key or none', () => {
    const look = quickLook(
      z.strictObject({ a: z.string().exactOptional(), b: z.null(), c: z.null().exactOptional() }),
    );
    expect(look({ b: null })).toBe(true);
    expect(look({ a: '', b: null })).toBe(true);
    expect(look({ b: null, c: null })).toBe(true);
    expect(look({ a: null, b: null })).toBe(false);
    expect(look({ a: '' })).toBe(false);
    expect(look({ b: null, c: null, d: null })).toBe(false);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['a pattern', z.string().regex(/^a$/), 'a'],
    ['a length', z.string().min(1), 'a'],
    ['a tuple', z.tuple([z.string()]), ['a']],
    ['other keys of a kind', z.object({}).catchall(z.string()), { a: 'a' }],
    ['other keys of any kind', z.looseObject({}), { a: 'a' }],
    ['values of a kind', z.record(z.string(), z.string()), { a: 'a' }],
    ['keys of a kind', z.record(z.enum(['a']), z.unknown()), { a: 'a' }],
    ['a constant', z.literal('a'), 'a'],
  ])('knows nothing of a schema that says more than it understands: %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(true);
    expect(quickLook(schema)(value)).toBe(false);
    expect(quickLook(z.strictObject({ a: schema }))({ a: value })).toBe(false);
  });
});
