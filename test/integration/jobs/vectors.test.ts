import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '../../../src/adapters/jobs/sql.ts';
import { openSqlVectors } from '../../../src/adapters/jobs/sql-vectors.ts';

describe('vectors in the database', () => {
  let database: PGlite;
  let sql: Sql;
  beforeAll(async () => {
    database = await PGlite.create();
    sql = async (text, values = []) => {
      if (values.length === 0) {
        await database.exec(text);
        return [];
      }
      return (await database.query<Record<string, unknown>>(text, [...values])).rows;
    };
  });
  afterAll(() => database.close());

  it('are found again as they were, by model and text, and kept once', async () => {
    const cache = await openSqlVectors(sql);
    const vector = Float32Array.from([0.1, -3.5e-8, 1, Number.MAX_SAFE_INTEGER]);
    await cache.keep('m', new Map([['a', vector]]));
    await cache.keep('m', new Map([['a', Float32Array.from([9])]]));
    expect([...(await cache.find('m', ['a', 'b']))]).toEqual([['a', vector]]);
    expect(await cache.find('other', ['a'])).toEqual(new Map());
    expect(await cache.find('m', [])).toEqual(new Map());
  });

  it('are no more than so many: what was kept longest goes', async () => {
    const cache = await openSqlVectors(sql, 3);
    for (const digest of ['k1', 'k2', 'k3', 'k4', 'k5'])
      await cache.keep('bounded', new Map([[digest, Float32Array.from([1])]]));
    const left = await cache.find('bounded', ['k1', 'k2', 'k3', 'k4', 'k5']);
    expect([...left.keys()].toSorted()).toEqual(['k3', 'k4', 'k5']);
  });
});
