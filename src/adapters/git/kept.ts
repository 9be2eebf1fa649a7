import { isObjectName } from './git.ts';

const ANSWERS_KEPT = 50;

/** What shas name never changes, and one pull request is judged many times. A branch is read each time. */
export function kept<Value>(
  read: (...shas: readonly [string, string, ...string[]]) => Promise<Value>,
): typeof read {
  const answers = new Map<string, Value>();
  return async (...shas) => {
    if (!shas.every(isObjectName)) return read(...shas);
    const key = shas.join(' ');
    const known = answers.get(key);
    const found = known === undefined ? await read(...shas) : known;
    answers.delete(key);
    // Null says that something is not here, and a fetch may bring it.
    if (found !== null) answers.set(key, found);
    for (const oldest of answers.keys()) {
      if (answers.size <= ANSWERS_KEPT) break;
      answers.delete(oldest);
    }
    return found;
  };
}
