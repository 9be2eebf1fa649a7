import type {
  IssueEvidence,
  PermissionFacts,
  PullRequestEvidence,
  RepositoryHost,
} from '../ports/code-host.ts';

/** What of the code host is looked at. */
type Looked = Pick<
  RepositoryHost,
  | 'pullRequestWithEvidence'
  | 'issueWithEvidence'
  | 'permission'
  | 'teamsOf'
  | 'seesTeam'
  | 'organizationsOf'
>;

/**
 * What was read from GitHub in one wake-up: asked once, after the deliveries that are being handled were in, and never kept
 * for the next. An act of our own, and the last look before a merge, drop it.
 */
export class Looks {
  readonly #host: Looked;
  readonly #pulls = new Map<number, Promise<PullRequestEvidence | null>>();
  readonly #issues = new Map<number, Promise<IssueEvidence | null>>();
  readonly #permissions = new Map<string, Promise<PermissionFacts | null>>();
  readonly #teams = new Map<string, Promise<readonly string[]>>();
  readonly #organizations = new Map<string, Promise<readonly string[]>>();
  readonly #seen = new Map<string, Promise<boolean>>();

  constructor(host: Looked) {
    this.#host = host;
  }

  pullRequest(number: number): Promise<PullRequestEvidence | null> {
    return kept(this.#pulls, number, () => this.#host.pullRequestWithEvidence(number));
  }

  issue(number: number): Promise<IssueEvidence | null> {
    return kept(this.#issues, number, () => this.#host.issueWithEvidence(number));
  }

  permission(login: string): Promise<PermissionFacts | null> {
    return kept(this.#permissions, login, () => this.#host.permission(login));
  }

  teams(login: string, of: readonly string[]): Promise<readonly string[]> {
    const key = [login, ...of].join('\n');
    return kept(this.#teams, key, () => this.#host.teamsOf(login, of));
  }

  organizations(login: string, of: readonly string[]): Promise<readonly string[]> {
    const key = [login, ...of].join('\n');
    return kept(this.#organizations, key, () => this.#host.organizationsOf(login, of));
  }

  team(name: string): Promise<boolean> {
    return kept(this.#seen, name, () => this.#host.seesTeam(name));
  }

  /** After an act of ours on an item. */
  forgetItems(): void {
    this.#pulls.clear();
    this.#issues.clear();
  }

  /** Before an act that cannot be taken back: items and people are looked at as they are now. */
  forget(): void {
    this.forgetItems();
    this.#permissions.clear();
    this.#teams.clear();
    this.#organizations.clear();
    this.#seen.clear();
  }
}

/** A failure is not kept: the next question is asked. */
function kept<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  get: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const asked = get();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}
