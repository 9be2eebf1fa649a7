/** Who a step runs as: null, where this program is not root, itself. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Slot {
  readonly index: number;
  readonly user: User | null;
}

/** Users that belong to nobody, one a slot; all of one group, which may enter the workspaces' folders. */
export interface UserRange {
  readonly first: number;
  readonly count: number;
}

/** Not below 61184 (people and packages) and below 65536, which is all that a container without a range of its own has. */
export const defaultUsers: UserRange = { first: 62_000, count: 8 };

export interface Slots {
  readonly first: Slot;
  /** Waits for a free slot; a signal that ends the wait gives null. */
  take(signal?: AbortSignal): Promise<Slot | null>;
  give(slot: Slot): void;
}

/**
 * A uid a slot: the kernel counts a user's processes, so that of two steps with one uid each could starve the other, and with
 * root's none would be counted at all.
 */
export function createSlots({ first, count }: UserRange, root: boolean): Slots {
  const slots = Array.from({ length: count }, (_, index): Slot => ({
    index,
    user: root ? { uid: first + index, gid: first } : null,
  }));
  const [lowest] = slots;
  if (lowest === undefined) throw new RangeError('a sandbox without slots runs nothing');
  // The one given back last first: a workspace then mostly meets the user it belongs to already.
  const free = slots.toReversed();
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    first: lowest,
    take(signal) {
      if (signal?.aborted === true) return Promise.resolve(null);
      const slot = free.pop();
      if (slot !== undefined) return Promise.resolve(slot);
      return new Promise((resolve) => {
        const got = (given: Slot): void => {
          signal?.removeEventListener('abort', ended);
          resolve(given);
        };
        const ended = (): void => {
          waiting.splice(waiting.indexOf(got), 1);
          resolve(null);
        };
        signal?.addEventListener('abort', ended, { once: true });
        waiting.push(got);
      });
    },
    give(slot) {
      const next = waiting.shift();
      if (next === undefined) free.push(slot);
      else next(slot);
    },
  };
}
