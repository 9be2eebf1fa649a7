import { acceptance, medianWait, type AgentRecord } from './effectiveness.ts';

/** The counts with what follows from them, and without each single wait. */
export interface Figures extends Omit<AgentRecord, 'waits'> {
  /** 0 to 1; null where humans decided nothing. */
  readonly acceptance_at_first: number | null;
  readonly decisions_waited_for: number;
  readonly median_wait_seconds: number | null;
}

export function figuresOf(record: AgentRecord): Figures {
  const { waits, ...counts } = record;
  return {
    ...counts,
    acceptance_at_first: acceptance(record),
    decisions_waited_for: waits.length,
    median_wait_seconds: medianWait(record),
  };
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

export const withShare = (count: number, share: number | null): string =>
  share === null ? String(count) : `${count} (${percent(share)})`;

/** Four figures at most: `1.2M`. */
export const inShort = (count: number): string =>
  count.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What has no known price is not told as free. */
export function money({ usd, unpriced }: Pick<AgentRecord, 'usd' | 'unpriced'>): string {
  if (unpriced > 0 && usd === 0) return '?';
  return `${usd.toFixed(2)}${unpriced > 0 ? '+' : ''}`;
}

export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129_600
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
