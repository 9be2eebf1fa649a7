import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows, anywhere below `run`, for which work item something is done: to count and to log by item. */
export interface Attribution {
  run<T>(item: string, work: () => Promise<T>): Promise<T>;
  current(): string | null;
}

export function createAttribution(): Attribution {
  const storage = new AsyncLocalStorage<string>();
  return {
    run: (item, work) => storage.run(item, work),
    current: () => storage.getStore() ?? null,
  };
}
