import type { Db } from 'pg-boss';

export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement and gives its rows. */
export type Sql = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export const sqlOver =
  (database: Db): Sql =>
  async (text, values = []) => {
    const { rows }: { rows: Row[] } = await database.executeSql(text, [...values]);
    return rows;
  };

const takenMeanwhile = new Set(['23505', '42P06', '42P07', '42710']);

/**
 * Makes tables. `if not exists` does not wait: of two machines that begin at once on an empty database one stumbles over what the other
 * made, once that is there for good; then there is nothing left to do but to see it.
 */
export async function makeOnce(sql: Sql, ddl: string): Promise<void> {
  try {
    await sql(ddl);
  } catch (cause) {
    const code: unknown =
      typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : null;
    if (typeof code !== 'string' || !takenMeanwhile.has(code)) throw cause;
    await sql(ddl);
  }
}

/** Columns are read by name and type, so a table of another version fails here and not three calls later. */
export const read = {
  text(row: Row, column: string): string {
    const value = row[column];
    if (typeof value !== 'string') throw mismatch(column, 'text', value);
    return value;
  },
  textOrNull(row: Row, column: string): string | null {
    return row[column] === null ? null : read.text(row, column);
  },
  integer(row: Row, column: string): number {
    // PostgreSQL's bigint, which count(*) gives, arrives as text from one driver and as a number from the other.
    const value = Number(row[column]);
    if (!Number.isSafeInteger(value)) throw mismatch(column, 'an integer', row[column]);
    return value;
  },
  integerOrNull(row: Row, column: string): number | null {
    return row[column] === null ? null : read.integer(row, column);
  },
  time(row: Row, column: string): string {
    const value = row[column];
    if (!(value instanceof Date)) throw mismatch(column, 'a time', value);
    return value.toISOString();
  },
  timeOrNull(row: Row, column: string): string | null {
    return row[column] === null ? null : read.time(row, column);
  },
  object(row: Row, column: string): Readonly<Record<string, unknown>> {
    const value = row[column];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw mismatch(column, 'an object', value);
    }
    return Object.fromEntries(Object.entries(value));
  },
};

const mismatch = (column: string, wanted: string, value: unknown): Error =>
  new Error(`column ${column} should hold ${wanted} and holds ${typeof value}`);
