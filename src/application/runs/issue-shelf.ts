import { createIssueIndex, type IssueIndex } from '../../domain/triage/issue-index.ts';
import type { IssueFacts, RepositoryHost } from '../../ports/code-host.ts';

/** What is kept of an issue beside its words. */
export interface ShelvedIssue {
  readonly title: string;
  /** Its beginning. */
  readonly body: string;
  readonly state: 'open' | 'closed';
}

/** A hundred to a page, pull requests among them; further ones wait for the next triage, so that nobody waits for all of them. */
const PAGES_AT_ONCE = 10;
const MOST_PAGES = 120;
const BODY_KEPT = 1_500;
/** What changed since the last look, in one go; with more than that the oldest of it is looked up by its page only. */
const MOST_CHANGED = 500;

/**
 * The issues of a repository, newest first, as far as they were listed: to find what reads alike and which labels such issues
 * carry. A cache in memory. Whoever loses it lists them again.
 */
export class IssueShelf {
  readonly index: IssueIndex = createIssueIndex();
  readonly #issues = new Map<number, ShelvedIssue>();
  #page = 1;
  #complete = false;
  /** The latest change seen, by GitHub's clock. */
  #seen: string | null = null;
  #filling: Promise<void> | null = null;

  get(number: number): ShelvedIssue | undefined {
    return this.#issues.get(number);
  }

  /** Lists what is new since the last time, and some more of what is old. Two runs at once share the listing. */
  async refresh(host: Pick<RepositoryHost, 'issuePage' | 'issuesSince'>): Promise<void> {
    this.#filling ??= this.#fill(host).finally(() => {
      this.#filling = null;
    });
    await this.#filling;
  }

  async #fill(host: Pick<RepositoryHost, 'issuePage' | 'issuesSince'>): Promise<void> {
    if (this.#seen !== null) {
      for (const issue of await host.issuesSince(this.#seen, MOST_CHANGED)) this.#put(issue);
    }
    // By creation, so that what changes meanwhile moves between no pages; a new one shifts them, and is seen twice at most.
    for (let read = 0; read < PAGES_AT_ONCE && !this.#complete; read += 1) {
      const found = await host.issuePage(this.#page);
      for (const issue of found.issues) this.#put(issue);
      this.#page += 1;
      this.#complete = found.last || this.#page > MOST_PAGES;
    }
  }

  #put(issue: IssueFacts): void {
    if (this.#seen === null || issue.updated_at > this.#seen) this.#seen = issue.updated_at;
    if (issue.is_pull_request) return;
    const { number, title, state, labels } = issue;
    const body = issue.body.slice(0, BODY_KEPT);
    this.#issues.set(number, { title, body, state });
    this.index.put({ number, title, body: issue.body, labels });
  }
}
