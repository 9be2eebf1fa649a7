import type { Commit } from './commit.ts';

interface Link {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly at: number;
}

/** Beyond so many commits git itself is faster, process or not. */
const MOST = 1_000;

/**
 * What follows from who is whose parent, read through the open reader: most pushes and pull requests ask it of a few commits, and a
 * process for each was most of what the simulator cost. Undefined: too much for here, or something that is no commit; ask git.
 */
export class Ancestry {
  readonly #read: (sha: string) => Promise<Commit | null>;
  readonly #links = new Map<string, Link>();

  constructor(read: (sha: string) => Promise<Commit | null>) {
    this.#read = read;
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean | undefined> {
    if (ancestor === descendant) return true;
    if ((await this.#link(ancestor)) === undefined) return undefined;
    return this.#reaches([descendant], ancestor);
  }

  /** As `rev-list` has them: newest first. */
  async revisions(
    include: string,
    exclude: readonly string[],
    limit = Number.POSITIVE_INFINITY,
  ): Promise<string[] | undefined> {
    const excluded = await this.#reach(exclude);
    const first = await this.#link(include);
    if (excluded === undefined || first === undefined) return undefined;
    const queue = [first];
    const seen = new Set([include]);
    const found: string[] = [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (found.length >= limit) return found;
      if (excluded.has(next.sha)) continue;
      if (seen.size > MOST) return undefined;
      found.push(next.sha);
      for (const sha of next.parents) {
        if (seen.has(sha)) continue;
        seen.add(sha);
        const parent = await this.#link(sha);
        if (parent === undefined) return undefined;
        insert(queue, parent);
      }
    }
    return found;
  }

  /** Null: no common history. Of several best ones git chooses. */
  async mergeBase(a: string, b: string): Promise<string | null | undefined> {
    const [ofA, ofB] = [await this.#reach([a]), await this.#reach([b])];
    if (ofA === undefined || ofB === undefined) return undefined;
    const common = [...ofA.values()].filter(({ sha }) => ofB.has(sha));
    // What is common to both holds its own ancestors, so whoever is nobody's parent there is a best one.
    const parents = new Set(common.flatMap((link) => link.parents));
    const best = common.filter(({ sha }) => !parents.has(sha));
    return best.length > 1 ? undefined : (best[0]?.sha ?? null);
  }

  async #reaches(from: readonly string[], wanted: string): Promise<boolean | undefined> {
    const reach = await this.#reach(from, wanted);
    return reach?.has(wanted);
  }

  /** The commits and all before them, or as far as one that is looked for. */
  async #reach(
    from: readonly string[],
    until?: string,
  ): Promise<ReadonlyMap<string, Link> | undefined> {
    const reach = new Map<string, Link>();
    const queue = [...from];
    for (let sha = queue.shift(); sha !== undefined; sha = queue.shift()) {
      if (reach.has(sha)) continue;
      const link = await this.#link(sha);
      if (link === undefined || reach.size >= MOST) return undefined;
      reach.set(sha, link);
      if (sha === until) return reach;
      queue.push(...link.parents);
    }
    return reach;
  }

  async #link(sha: string): Promise<Link | undefined> {
    const known = this.#links.get(sha);
    if (known !== undefined) return known;
    const commit = await this.#read(sha);
    // A tag stands for a commit and is none.
    if (commit === null || commit.sha !== sha) return undefined;
    const link = { sha, parents: commit.parents, at: Date.parse(commit.committer.date) };
    this.#links.set(sha, link);
    return link;
  }
}

/** Behind all that are as new. */
function insert(queue: Link[], link: Link): void {
  const at = queue.findIndex((other) => other.at < link.at);
  queue.splice(at < 0 ? queue.length : at, 0, link);
}
