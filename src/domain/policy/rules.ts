import type { Result } from '../result.ts';
import type { MilestoneEntry } from './milestones.ts';
import type { PolicyRequest } from './request.ts';

/** What a rule says of an action; `deny` beats `require_human` beats `allow`. */
export type Effect = 'allow' | 'require_human' | 'deny';

/** The acts by which a human approves. */
export type Way = 'review' | 'label' | 'command';

/** GitHub's repository roles, weakest first. */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** A compiled expression. `test` answers a refusal where evaluation fails; it never throws. */
export interface Condition {
  readonly source: string;
  /** What it says of every request, where that is certain. */
  readonly constant?: boolean;
  /** A part of it that stands twice in one `&&` or `||`. */
  readonly repeats?: string;
  test(request: PolicyRequest): Result<boolean>;
}

/** A compiled glob. */
export interface PathPattern {
  readonly source: string;
  test(path: string): boolean;
}

/** Who qualifies: whoever any of the keys names. No key, nobody. */
export interface From {
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
  readonly organizations?: readonly string[];
  /** At least that. */
  readonly permission?: Permission;
  /** Those who own a changed file by CODEOWNERS; each owned file then takes approvals of its own owners. */
  readonly codeowners?: true;
  readonly roles?: readonly string[];
}

export type Role = Omit<From, 'roles'>;

/** A number of people, of a kind, by certain acts. `step` names it in verdicts. */
export interface Requirement {
  readonly type: 'requirement';
  readonly step: string;
  readonly when: Condition | null;
  readonly from: From;
  readonly count: number;
  readonly by: readonly Way[];
  /** May the pull request's author approve? */
  readonly author: boolean;
  /** May those who authored or committed one of its commits? */
  readonly contributors: boolean;
  /** Do edited comments count? */
  readonly edited: boolean;
  readonly survives: Survival;
  /** Milliseconds after which an approval counts for nothing; null: it does not age. */
  readonly validFor: number | null;
  /** Steps or gates of this item: whoever approved one of them earlier may not approve here. */
  readonly notBy: readonly string[];
}

/** Which pushes leave an approval standing. */
export interface Survival {
  /** A force push that leaves the diff as it was. */
  readonly rebase: boolean;
  /** A merge of the base that leaves the diff as it was. */
  readonly updateMerge: boolean;
  /** Pushes that change nothing outside these paths. */
  readonly paths: readonly PathPattern[];
}

/** `steps` are asked in order; `all` and `any` are asked at once. A part whose `when` is false is not asked at all. */
export interface Composite {
  readonly type: 'steps' | 'all' | 'any';
  readonly when: Condition | null;
  readonly parts: readonly Approval[];
}

export type Approval = Requirement | Composite;

interface RuleBase {
  /** Unique in the whole set. */
  readonly id: string;
  readonly file: string;
  /** Null: any agent, and Assent itself. */
  readonly agents: readonly string[] | null;
  readonly actions: readonly string[];
  readonly when: Condition | null;
  readonly reason: string | null;
  /** It asks or forbids besides others, and alone permits nothing: so a rule made of a milestone's entry can only tighten. */
  readonly tightens?: true;
  /** The reason, where it depends on the request. */
  readonly explain?: (request: PolicyRequest) => string;
}

export type Rule =
  | (RuleBase & { readonly effect: 'allow' | 'deny' })
  | (RuleBase & {
      readonly effect: 'require_human';
      readonly approval: Approval;
      /** Milliseconds after which the question lapses unanswered; null: it stays. */
      readonly expires: number | null;
    });

/** At most so many actions, of all that the entry names together. */
export interface Limit {
  readonly file: string;
  readonly agents: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly perHour: number | null;
  readonly perDay: number | null;
}

export interface Budget {
  readonly file: string;
  readonly agents: readonly string[] | null;
  readonly tokensPerDay: number | null;
  readonly usdPerDay: number | null;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * When actions may happen, on the wall clock of `timezone` (IANA). Minutes since midnight, `opens` included, `closes` not;
 * `closes` at or before `opens` means the next day. A day is the day on which the window opens.
 */
export interface Window {
  readonly file: string;
  readonly agents: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly days: readonly Weekday[];
  readonly opens: number;
  readonly closes: number;
  readonly timezone: string;
}

/** Policy's bounds on how often an agent's failed run is tried again; without them nothing adapts. */
export interface RetryBounds {
  readonly file: string;
  /** Null: any. */
  readonly agents: readonly string[] | null;
  readonly atLeast: number;
  readonly atMost: number;
}

/** All policy files of a repository, read as one. */
export interface PolicySet {
  /** SHA-256 of the files in force; recorded with each decision. */
  readonly digest: string;
  readonly files: readonly string[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly rules: readonly Rule[];
  readonly limits: readonly Limit[];
  readonly budgets: readonly Budget[];
  readonly windows: readonly Window[];
  readonly milestones: readonly MilestoneEntry[];
  readonly retries: readonly RetryBounds[];
}
