import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { DatabaseFacts } from '../../domain/doctor/machine.ts';
import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import { hostOf } from './database.ts';
import { JobStoreFault, messageOf } from './fault.ts';
import { lockFolder } from './folder-lock.ts';

/** The least version that Assent keeps its jobs in. */
const leastPostgres = 130_000;

/** Whether the database could be used, without making anything in it. Refusals: `database.in_use`, `database.unusable`. */
export function inspectDatabase(home: {
  /** PostgreSQL; null: embedded, in `folder`. */
  readonly url: string | null;
  readonly folder: string;
}): Promise<Result<DatabaseFacts>> {
  return home.url === null
    ? Promise.resolve(inspectFolder(resolve(home.folder)))
    : inspectServer(home.url);
}

function inspectFolder(place: string): Result<DatabaseFacts> {
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK);
    // Only where there is one already: looking makes no files.
    if (existsSync(join(place, 'lock.db'))) lockFolder(place)();
    return ok({ place, shared: false });
  } catch (error) {
    if (error instanceof JobStoreFault)
      return refuse('database.in_use', `embedded, in ${place}: a service is at work there`);
    return refuse('database.unusable', `${place}: ${messageOf(error)}`);
  }
}

async function inspectServer(url: string): Promise<Result<DatabaseFacts>> {
  const place = hostOf(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; may: boolean }>(
      `select current_setting('server_version_num') as version,
              has_database_privilege(current_database(), 'CREATE') or to_regnamespace('pgboss') is not null as may`,
    );
    const [found] = rows;
    if (Number(found?.version) < leastPostgres)
      return refuse('database.unusable', `${place}: PostgreSQL is older than 13`);
    if (found?.may !== true)
      return refuse('database.unusable', `${place}: the role may not create schemas there`);
    return ok({ place, shared: true });
  } catch (error) {
    return refuse('database.unusable', `${place}: ${messageOf(error)}`);
  } finally {
    await client.end().catch(() => {});
  }
}
