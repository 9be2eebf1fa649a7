import { z } from 'zod';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A year is more than any question or approval should stand for, and keeps sums with dates far from the calendar's end. */
const longest = 366 * units.d;

const pattern = /^([1-9]\d{0,5})([mhd])$/;

/** `30m`, `12h`, `7d`. No months and no "1d12h": they read differently to different people. */
export const duration = z
  .string({ error: 'takes a duration such as 30m, 12h or 7d' })
  .regex(pattern, { error: 'takes a duration such as 30m, 12h or 7d', abort: true })
  .refine((text) => milliseconds(text) <= longest, { error: 'is more than a year (366d)' });

/** Milliseconds; NaN, which nothing is younger than, for what is no duration. */
export function milliseconds(text: string): number {
  const [, amount, unit] = pattern.exec(text) ?? [];
  return unit === 'm' || unit === 'h' || unit === 'd' ? Number(amount) * units[unit] : Number.NaN;
}
