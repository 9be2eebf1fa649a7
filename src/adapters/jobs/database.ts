import type { ConstructorOptions } from 'pg-boss';

/** The difference between the two homes, and all of it. */
export interface JobDatabase {
  readonly options: Pick<ConstructorOptions, 'backend' | 'db' | 'connectionString' | 'max'>;
  /** Nobody else can have the database open: every job active at boot is an orphan of a dead process. */
  readonly sole: boolean;
  /** Where it is, for messages: a folder, or a host. */
  readonly place: string;
  close(): Promise<void>;
}

/** A PostgreSQL server, shared by as many machines as there are. */
export const sharedDatabase = (url: string): JobDatabase => ({
  options: { connectionString: url, max: 10 },
  sole: false,
  place: hostOf(url),
  close: async () => {},
});

export function hostOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}
