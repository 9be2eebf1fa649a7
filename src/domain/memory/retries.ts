import type { RetryBounds } from '../policy/rules.ts';
import type { Ending } from './note.ts';

/** The bounds of all entries that name an agent; where they contradict each other, the lower number of attempts. */
export function boundsFor(
  entries: readonly RetryBounds[],
  agent: string | null,
): Pick<RetryBounds, 'atLeast' | 'atMost'> | null {
  const own = entries.filter(
    ({ agents }) => agents === null || (agent !== null && agents.includes(agent)),
  );
  if (own.length === 0) return null;
  const atMost = Math.min(...own.map((entry) => entry.atMost));
  return { atLeast: Math.min(atMost, Math.max(...own.map((entry) => entry.atLeast))), atMost };
}

/** Fewer tries say nothing. */
const leastTries = 5;
/** Older series say what was once so. */
const lastSeries = 30;

/**
 * Whether to try again after `failures` failed attempts in a row. Between policy's bounds the outcomes decide: how many of the tries that
 * followed upon such a fault mended it. A try that nobody made counts for neither side. `because` is null where it is as usual.
 */
export function tryAgain(
  endings: readonly Ending[],
  asked: { readonly agent: string | null; readonly code: string; readonly failures: number },
  bounds: Pick<RetryBounds, 'atLeast' | 'atMost'> | null,
  usual: number,
): { readonly again: boolean; readonly because: string | null } {
  const { agent, code, failures } = asked;
  const asUsual = { again: failures < usual, because: null };
  if (bounds === null) return asUsual;
  if (failures < bounds.atLeast) return { again: true, because: null };
  if (failures >= bounds.atMost) return { again: false, because: null };
  const alike = endings
    .filter((one) => one.agent === agent && one.code === code)
    .slice(-lastSeries);
  const mended = alike.filter((one) => one.mended).length;
  const tries = alike.reduce((sum, one) => sum + one.failures - (one.mended ? 0 : 1), 0);
  if (tries < leastTries) return asUsual;
  const because = `of ${tries} tries after "${code}", ${mended} mended it`;
  if (mended * 10 < tries) return { again: false, because };
  return mended * 2 >= tries ? { again: true, because } : asUsual;
}
