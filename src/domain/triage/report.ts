import type { IssueType, LabelKind } from './label-kinds.ts';

export const priorities = ['critical', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];
export const sizes = ['small', 'medium', 'large'] as const;
export type Size = (typeof sizes)[number];

export interface SimilarIssue {
  readonly number: number;
  readonly title: string;
  readonly similarity: number;
  /** Why a model takes it for the same; null where words alone were compared. */
  readonly reason: string | null;
}

/** What triage found, as people read it. Null is not known: what is not known is said, never guessed. */
export interface TriageReport {
  readonly by: 'model' | 'rules';
  readonly type: IssueType | null;
  readonly priority: Priority | null;
  readonly size: Size | null;
  readonly labels: readonly {
    readonly label: string;
    /** How sure past issues make us; null where a model chose it. */
    readonly confidence: number | null;
    readonly like: readonly number[];
  }[];
  readonly similar: readonly SimilarIssue[];
  /** Of which kinds the repository has labels and none was sure enough. */
  readonly unknown: readonly LabelKind[];
  /** To the author, by a model. */
  readonly comment: string | null;
  /** What the author was asked, so that nobody asks it twice. */
  readonly asked: readonly string[];
  /** Why earlier issues were compared by words alone where meaning was asked for, too; null: nothing is to be said of it. */
  readonly without_meaning: string | null;
}

/** What triage found out about an open item, for people to read: no part of `queue.json`, and gone when the item ends. */
export interface TriageNotes {
  /** Null: not triaged yet, or by a version that recorded none. */
  readonly report: TriageReport | null;
  /** What was odd about the text an agent of it last read. */
  readonly flags: readonly string[];
  /** When its author was asked the question that is open. */
  readonly asked_at: string | null;
  /** When they were reminded of it. */
  readonly reminded_at: string | null;
}
