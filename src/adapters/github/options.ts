/** What one HTTP request cost, told to whoever counts. */
export interface RequestObservation {
  readonly method: string;
  /** With places for what varies: `/repos/{owner}/{repo}/issues/{n}`; GraphQL names its operation. */
  readonly route: string;
  /** null: no answer came. */
  readonly status: number | null;
  readonly ms: number;
  /** Counts against GitHub's limit on created content (80 a minute, 500 an hour). */
  readonly content_created: boolean;
}

export interface GitHubLog {
  debug(message: string): void;
  warn(message: string): void;
}

export interface GitHubOptions {
  readonly appId: number | string;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, `https://HOST/api/v3`, or a simulator's `http://127.0.0.1:PORT`. */
  readonly baseUrl?: string;
  readonly log?: GitHubLog;
  readonly onRequest?: (observation: RequestObservation) => void;
  /**
   * GitHub asks for a second between writes and three between notifications; true by default.
   * Only against a simulator is there nobody to be polite to.
   */
  readonly pace?: boolean;
  /** Milliseconds before the first repetition of a failed read; 1000 by default. */
  readonly retryDelay?: number;
  /** Milliseconds for one request; 30 000 by default. */
  readonly timeout?: number;
}

const DEFAULT_BASE_URL = 'https://api.github.com';

/** Without a slash at the end: routes bring their own, and `//` is another path to GitHub. */
export const baseUrlOf = (options: Pick<GitHubOptions, 'baseUrl'>): string =>
  (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '');

/** Git is served beside the API: at github.com for api.github.com, elsewhere at the root of the same host. */
export function gitHostOf(baseUrl: string): string {
  const { protocol, host } = new URL(baseUrl);
  return `${protocol}//${host.replace(/^api\.(?=github\.com$|[^.]+\.ghe\.com$)/, '')}`;
}
