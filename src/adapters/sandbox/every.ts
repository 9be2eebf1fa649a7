const lookEveryMs = 250;

/** Looks again and again, once at a time; what cannot be looked at is just ending, and is looked at once more then. */
export function every(look: () => Promise<void>): () => void {
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch(() => {})
      .finally(() => (looking = false));
  }, lookEveryMs);
  return () => clearInterval(timer);
}
