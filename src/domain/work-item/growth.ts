/**
 * How the parts of a state that grow with the history take something in. A decision folds a few events on a state that others
 * hold, so it copies; a long history folded from its beginning would copy what it has grown to at each step, and owns what
 * it folds.
 */
export interface Growth {
  put<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>>;
  drop<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>>;
  /** A thing of fixed members with some of them changed. */
  change<T extends object>(thing: T, changes: Partial<T>): T;
  /** Without what `keeps` says no to, which is only ever at the beginning. */
  append<T>(list: readonly T[], item: T, keeps: (item: T) => boolean): readonly T[];
}

export const copying: Growth = {
  put: (record, key, value) => ({ ...record, [key]: value }),
  drop: (record, key) => {
    if (!Object.hasOwn(record, key)) return record;
    const { [key]: _dropped, ...rest } = record;
    return rest;
  },
  change: (thing, changes) => ({ ...thing, ...changes }),
  append: (list, item, keeps) => [...list.slice(firstKept(list, keeps)), item],
};

const plain = { writable: true, enumerable: true, configurable: true } as const;

/**
 * Changes the things, records and lists themselves: for whoever folds alone and looks at nothing but the last state. What is not its own,
 * such as the initial state, it has to be given copied.
 */
export const owning: Growth = {
  put: (record, key, value) => {
    const own = record as Record<string, typeof value>;
    // A forger may name an item so; assigned, it would be the record's prototype, which a copy takes for a key like any other.
    if (key === '__proto__') Object.defineProperty(own, key, { value, ...plain });
    else own[key] = value;
    return record;
  },
  drop: (record, key) => {
    delete (record as Record<string, unknown>)[key];
    return record;
  },
  change: (thing, changes) => Object.assign(thing, changes),
  append: (list, item, keeps) => {
    const own = list as (typeof item)[];
    const gone = firstKept(own, keeps);
    if (gone > 0) own.splice(0, gone);
    own.push(item);
    return own;
  },
};

const firstKept = <T>(list: readonly T[], keeps: (item: T) => boolean): number => {
  const first = list.findIndex(keeps);
  return first === -1 ? list.length : first;
};

/** Keeps the newest of a list that is to hold `most` with the one that comes. */
export function newest<T>(list: readonly T[], most: number): (one: T) => boolean {
  let toDrop = list.length - most + 1;
  return () => (toDrop -= 1) < 0;
}
