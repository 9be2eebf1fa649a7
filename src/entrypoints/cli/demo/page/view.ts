/** What the page of `demo` and `try` shows: plain data. Every text may be a stranger's, so whoever renders it escapes it. */
export interface DemoView {
  readonly occasion: Occasion;
  /** False until the service has opened the repository. */
  readonly open: boolean;
  readonly halted: string | null;
  /** Policies or configuration that cannot be read: everything waits. */
  readonly faults: readonly string[];
  readonly waits: readonly Wait[];
  readonly rows: readonly Row[];
  readonly cycle: CycleView;
  readonly roadmap: RoadmapView | null;
  /** Newest first. */
  readonly timeline: readonly Moment[];
  /** How many there are to tell; the page shows the last of them. */
  readonly events: number;
  readonly counts: Counts;
}

/** What does not change while the page is up. */
export interface Occasion {
  readonly kind: 'demo' | 'try';
  readonly title: string;
  /** `owner/name` */
  readonly repository: string;
  /** Whose answers the model's are, in a sentence. */
  readonly model: { readonly kind: 'tape' | 'live' | 'none'; readonly text: string };
  /** The demo's humans act, or you do. */
  readonly played: boolean;
  /** What else must be said of it, a sentence each. */
  readonly notes: readonly string[];
  /** What Assent reads of the repository, as headings with their lines. */
  readonly readings?: readonly {
    readonly title: string;
    readonly good: boolean;
    readonly lines: readonly string[];
  }[];
  /** The simulated GitHub's page, without a slash at the end. */
  readonly github: string;
  /** The governed repository on this machine, for `history verify`. */
  readonly directory: string;
}

export interface Wait {
  readonly key: string;
  readonly item: string;
  /** Issue or pull request on GitHub that an act is done on. */
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly whom: readonly string[];
  readonly what: string;
  readonly human: boolean;
  /** Digest that is asked about; null where nothing is. */
  readonly digest: string | null;
  readonly summary: string | null;
  readonly approved_by: readonly string[];
  readonly ignored: readonly string[];
  readonly acts: readonly ActName[];
  /** Whose act it is waiting for, as far as the simulator's people go. */
  readonly as: string;
  /** Why an act that one would expect is not offered. */
  readonly hint: string | null;
  readonly links: readonly Link[];
}

export type ActName =
  | 'approve_plan'
  | 'approve_merge'
  | 'approve_roadmap'
  | 'request_changes'
  | 'reject'
  | 'push'
  | 'close'
  | 'answer'
  | 'retry';

export interface Link {
  readonly text: string;
  readonly href: string;
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
  /** `waits for a human`, `merged`. */
  readonly state: string;
  readonly tone: string;
  readonly note: string | null;
  readonly pull_request: Link | null;
  readonly links: readonly Link[];
}

export interface Step {
  readonly name: string;
  readonly status: 'done' | 'now' | 'waits' | 'ended' | 'ahead';
}

export interface CycleView {
  readonly number: number;
  readonly every: number;
  readonly merges: readonly { readonly title: string; readonly pull_request: Link }[];
  /** Why it will not be full; null where nothing is known to keep it. */
  readonly short: string | null;
}

export interface RoadmapView {
  readonly pull_request: Link;
  readonly state: 'waits' | 'published' | 'ended';
  readonly diff: string;
}

export interface Moment {
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly login: string;
  readonly item: string | null;
  readonly text: string;
}

export interface Counts {
  readonly requests: number;
  readonly commits: number;
  readonly received: number;
  readonly duplicates: number;
  readonly refused: number;
}
