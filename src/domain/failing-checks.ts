/** What counts as a check that failed. Those that wait for somebody, or were called off, say nothing of the change. */
const failed: ReadonlySet<string | null> = new Set([
  'failure',
  'timed_out',
  'startup_failure',
  // A commit status in place of a check run.
  'error',
]);

export const isFailing = ({ conclusion }: { readonly conclusion: string | null }): boolean =>
  failed.has(conclusion);
