import type { VectorCache } from '../../ports/vector-cache.ts';
import { makeOnce, read, type Sql } from './sql.ts';

const schema = `
  create schema if not exists assent;
  create table if not exists assent.vector (
    model text not null,
    digest text not null,
    -- Little-endian 32-bit floats, in base64: the drivers differ in what they make of bytes.
    value text not null,
    -- A number, not a time: of two that were kept in one tick of the clock, a time does not say which came first.
    turn bigint generated always as identity,
    primary key (model, digest)
  );
  create index if not exists vector_turn on assent.vector (turn);
`;

/** At some 8 kB each, 160 MB. */
const MOST = 20_000;

/** What was kept longest goes first: it is of issues that changed, or is asked for once more. */
export async function openSqlVectors(sql: Sql, most = MOST): Promise<VectorCache> {
  await makeOnce(sql, schema);
  return {
    async find(model, digests) {
      if (digests.length === 0) return new Map();
      const rows = await sql(
        'select digest, value from assent.vector where model = $1 and digest = any($2::text[])',
        [model, digests],
      );
      return new Map(
        rows.map((row) => [read.text(row, 'digest'), vectorOf(read.text(row, 'value'))]),
      );
    },
    async keep(model, vectors) {
      if (vectors.size === 0) return;
      await sql(
        `insert into assent.vector (model, digest, value)
         select $1, one.digest, one.value from unnest($2::text[], $3::text[]) as one (digest, value)
         on conflict (model, digest) do nothing`,
        [model, [...vectors.keys()], [...vectors.values()].map(textOf)],
      );
      await sql(
        `delete from assent.vector where (model, digest) in
         (select model, digest from assent.vector order by turn desc offset $1)`,
        [most],
      );
    },
  };
}

const textOf = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');

function vectorOf(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  for (let at = 0; at < vector.length; at += 1) vector[at] = bytes.readFloatLE(at * 4);
  return vector;
}
