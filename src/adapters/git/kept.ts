import { isObjectName } from './git.ts';

const ANSWERS_KEPT = 50;

/** What is longer is read again: what is asked often is policies, settings and a roadmap. */
const LONGEST_KEPT = 200_000;

/** A sha, or a parent of one (`SHA^1`): what it names never changes. */
export const isLasting = (revision: string): boolean =>
  isObjectName(revision.replace(/\^[1-9]$/, ''));

/** What shas name never changes, and one pull request is judged many times. A branch is read each time. */
export function kept<Value>(
  read: (...shas: readonly [string, string, ...string[]]) => Promise<Value>,
): typeof read {
  const answers = new Answers<Value>();
  return (...shas) => {
    if (!shas.every(isLasting)) return read(...shas);
    // Null says that something is not here, and a fetch may bring it.
    return answers.get(
      shas.join(' '),
      () => read(...shas),
      (found) => found !== null,
    );
  };
}

/** The same for what lies at a path of a sha, nothing included: the rules of one commit are read at every look. */
export function keptAt<Value>(
  read: (revision: string, path: string) => Promise<Value>,
): typeof read {
  const answers = new Answers<Value>();
  return (revision, path) => {
    if (!isLasting(revision)) return read(revision, path);
    return answers.get(`${revision} ${path}`, () => read(revision, path), isShort);
  };
}

/** A text by its characters, a list by its paths. */
const isShort = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length < LONGEST_KEPT
    : !Array.isArray(value) || value.length < LONGEST_KEPT / 100;

/** The last ones asked for. */
class Answers<Value> {
  readonly #answers = new Map<string, { readonly value: Value }>();

  async get(
    key: string,
    read: () => Promise<Value>,
    isKept: (value: Value) => boolean,
  ): Promise<Value> {
    const known = this.#answers.get(key);
    const found = known ?? { value: await read() };
    this.#answers.delete(key);
    if (isKept(found.value)) this.#answers.set(key, found);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= ANSWERS_KEPT) break;
      this.#answers.delete(oldest);
    }
    return found.value;
  }
}

const MOST_SEEN = 5_000;

/** What was once here stays, since nothing is ever collected; what was not may come. */
export function onceTrue(ask: (name: string) => Promise<boolean>): typeof ask {
  const seen = new Set<string>();
  return async (name) => {
    if (seen.has(name)) return true;
    const is = await ask(name);
    if (seen.size >= MOST_SEEN) seen.clear();
    if (is && isObjectName(name)) seen.add(name);
    return is;
  };
}
