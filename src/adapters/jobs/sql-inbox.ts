import type {
  Delivery,
  DeliveryCounts,
  DeliveryOutcome,
  DeliveryRecord,
  Inbox,
  StoredDelivery,
} from '../../ports/inbox.ts';
import { coalesce } from './coalesce.ts';
import { makeOnce, read, type Row, type Sql } from './sql.ts';

type Arrival = {
  readonly delivery: Delivery;
  readonly settled: { readonly outcome: DeliveryOutcome; readonly reason: string } | null;
};

const schema = `
  create schema if not exists assent;
  create table if not exists assent.delivery (
    id text primary key,
    event text not null,
    action text,
    repository text,
    installation bigint,
    received_at timestamptz not null,
    -- Orders what one millisecond brought.
    arrival bigint generated always as identity,
    body_hash text not null,
    payload jsonb not null,
    attempts integer not null default 0,
    outcome text check (outcome in ('handled', 'ignored', 'refused', 'failed')),
    reason text,
    settled_at timestamptz
  );
  -- Neither the id nor the event's name is signed: the body is what cannot be forged.
  create unique index if not exists delivery_body on assent.delivery (body_hash, event);
  create index if not exists delivery_waiting on assent.delivery (repository, received_at, arrival) where outcome is null;
  create index if not exists delivery_recent on assent.delivery (received_at desc, arrival desc);
`;

export async function openSqlInbox(sql: Sql): Promise<Inbox> {
  await makeOnce(sql, schema);
  let duplicates = 0;

  const insert = coalesce<Arrival, 'accepted' | 'duplicate'>(
    async (arrivals) => {
      const results = await insertAll(sql, arrivals);
      duplicates += results.filter((result) => result === 'duplicate').length;
      return results;
    },
    { within_ms: 3, at_most: 500 },
  );

  return {
    accept: (delivery) => insert({ delivery, settled: null }),
    record: (delivery, outcome, reason) => insert({ delivery, settled: { outcome, reason } }),
    take: (repository) => take(sql, repository),
    settle: async (id, outcome, reason) => {
      await sql(
        'update assent.delivery set outcome = $2, reason = $3, settled_at = now() where id = $1 and outcome is null',
        [id, outcome, reason],
      );
    },
    waiting: async () => {
      const rows = await sql(
        'select distinct repository from assent.delivery where outcome is null',
      );
      return rows.map((row) => read.textOrNull(row, 'repository'));
    },
    counts: async () => countsOf(await sql(countByOutcome), duplicates),
    find: async (id) => {
      const [row] = await sql(
        `select id, event, action, repository, received_at, outcome, reason, settled_at
           from assent.delivery where id = $1`,
        [id],
      );
      return row === undefined ? null : recordOf(row);
    },
    list: async (limit) => {
      const rows = await sql(
        `select id, event, action, repository, received_at, outcome, reason, settled_at
           from assent.delivery order by received_at desc, arrival desc limit $1`,
        [limit],
      );
      return rows.map(recordOf);
    },
    forget: async (before) => {
      const rows = await sql(
        'delete from assent.delivery where outcome is not null and received_at < $1 returning 1 as gone',
        [before],
      );
      return rows.length;
    },
  };
}

/** One statement for the batch: `on conflict do nothing` also drops the twins within it, and what comes back was new. */
async function insertAll(
  sql: Sql,
  arrivals: readonly Arrival[],
): Promise<readonly ('accepted' | 'duplicate')[]> {
  const rows = arrivals.map(({ delivery, settled }) => ({
    ...delivery,
    outcome: settled?.outcome ?? null,
    reason: settled?.reason ?? null,
  }));
  const stored = await sql(
    `insert into assent.delivery (id, event, action, repository, installation, received_at, body_hash, payload, outcome, reason, settled_at)
     select id, event, action, repository, installation, received_at, body_hash, payload, outcome, reason,
            case when outcome is null then null else now() end
       from jsonb_to_recordset($1::jsonb) as arrival (id text, event text, action text, repository text, installation bigint,
            received_at timestamptz, body_hash text, payload jsonb, outcome text, reason text)
     on conflict do nothing
     returning id`,
    [storable(rows)],
  );
  const revived = stored.length === rows.length ? [] : await reviveFailed(sql, rows);
  const fresh = new Set([...stored, ...revived].map((row) => read.text(row, 'id')));
  // A twin by id within the batch must not be told "accepted" too: deleting answers it once.
  return arrivals.map(({ delivery }) => (fresh.delete(delivery.id) ? 'accepted' : 'duplicate'));
}

/** What was given up and comes again: it waits as it was stored, and is told by the id it came under. */
const reviveFailed = (sql: Sql, rows: readonly object[]): Promise<readonly Row[]> =>
  sql(
    `update assent.delivery as known set outcome = null, reason = null, settled_at = null, attempts = 0
       from jsonb_to_recordset($1::jsonb) as arrival (id text, event text, body_hash text, outcome text)
      where known.outcome = 'failed' and arrival.outcome is null
        and (known.id = arrival.id or (known.body_hash = arrival.body_hash and known.event = arrival.event))
     returning arrival.id`,
    [storable(rows)],
  );

/**
 * PostgreSQL's JSON has neither U+0000 nor half a surrogate pair; a body may carry both, and one odd body must not fail the batch
 * it came in. JSON.stringify writes exactly these as escapes, so they can be told from text that spells one.
 */
const storable = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gu,
    '$1\\ufffd',
  );

async function take(sql: Sql, repository: string | null): Promise<readonly StoredDelivery[]> {
  const rows = await sql(
    `with taken as (
       update assent.delivery set attempts = attempts + 1
        where outcome is null and repository is not distinct from $1
       returning *)
     select * from taken order by received_at, arrival`,
    [repository],
  );
  return rows.map((row) => ({
    id: read.text(row, 'id'),
    event: read.text(row, 'event'),
    action: read.textOrNull(row, 'action'),
    repository: read.textOrNull(row, 'repository'),
    installation: read.integerOrNull(row, 'installation'),
    received_at: read.time(row, 'received_at'),
    body_hash: read.text(row, 'body_hash'),
    payload: read.object(row, 'payload'),
    attempts: read.integer(row, 'attempts'),
  }));
}

const countByOutcome = `
  select count(*) as received,
         count(*) filter (where outcome is null) as waiting,
         count(*) filter (where outcome = 'handled') as handled,
         count(*) filter (where outcome = 'ignored') as ignored,
         count(*) filter (where outcome = 'refused') as refused,
         count(*) filter (where outcome = 'failed') as failed
    from assent.delivery`;

function countsOf(rows: readonly Row[], duplicates: number): DeliveryCounts {
  const row = rows[0] ?? {};
  return {
    received: read.integer(row, 'received'),
    duplicates,
    waiting: read.integer(row, 'waiting'),
    outcomes: {
      handled: read.integer(row, 'handled'),
      ignored: read.integer(row, 'ignored'),
      refused: read.integer(row, 'refused'),
      failed: read.integer(row, 'failed'),
    },
  };
}

function recordOf(row: Row): DeliveryRecord {
  return {
    id: read.text(row, 'id'),
    event: read.text(row, 'event'),
    action: read.textOrNull(row, 'action'),
    repository: read.textOrNull(row, 'repository'),
    received_at: read.time(row, 'received_at'),
    outcome: outcomeOf(read.textOrNull(row, 'outcome')),
    reason: read.textOrNull(row, 'reason'),
    settled_at: read.timeOrNull(row, 'settled_at'),
  };
}

const outcomes: readonly string[] = [
  'handled',
  'ignored',
  'refused',
  'failed',
] satisfies readonly DeliveryOutcome[];

function outcomeOf(text: string | null): DeliveryOutcome | null {
  if (text === null || isOutcome(text)) return text;
  throw new Error(`column outcome holds ${text}`);
}

const isOutcome = (text: string): text is DeliveryOutcome => outcomes.includes(text);
