/** Asks once and keeps the answer; a failure is not kept, the next caller asks again. */
export function once<T>(get: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= get().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}
