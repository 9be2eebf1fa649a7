/** A terminal's Ctrl-C reaches us twice under `npm run`: from the terminal, and passed on by npm. */
const ECHO_MS = 500;

/**
 * Aborts at the first SIGINT or SIGTERM, from the moment it is called: a signal while something still starts must end it as
 * cleanly. Whoever presses Ctrl-C again after half a second means it.
 */
export function onInterruption(): AbortSignal {
  const controller = new AbortController();
  let first: number | null = null;
  const hear = () => {
    if (first !== null && performance.now() - first > ECHO_MS) process.exit(130);
    first ??= performance.now();
    controller.abort();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  if (process.env['npm_lifecycle_event'] !== undefined) whenAbandoned(() => controller.abort());
  return controller.signal;
}

/** `npm run` puts a shell between, which dies of a signal without passing it on: nobody would be left to end this. */
function whenAbandoned(done: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    done();
  }, 500);
  watch.unref();
}

export const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
