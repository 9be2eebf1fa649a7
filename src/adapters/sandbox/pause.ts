/** Looking for what the kernel ends in a moment, mostly within the first millisecond: soon again at first, then seldom. */
export const pause = (look: number): number => (look < 20 ? 1 : 10);

/** About five seconds. */
export const looksAtMost = 500;
