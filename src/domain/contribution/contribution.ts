/** What an agent would propose, as git has it; nothing of it is the agent's own word. */
export interface Contribution {
  readonly files: readonly ContributedFile[];
  /** Text forced, so that no attribute of the change hides anything from it. */
  readonly patch: string;
  /** By path: those files whose gates read them whole (`readsWhole`), and the project's own manifests and licence. */
  readonly texts: ReadonlyMap<string, WholeText>;
}

export interface ContributedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed';
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
}

/** null: not there on that side, or nothing that reads as text. */
export interface WholeText {
  readonly before: string | null;
  readonly after: string | null;
}

export interface GateReport {
  /** Each is a reason not to propose it. */
  readonly faults: readonly string[];
  /** What only people can judge: it is proposed, and they are told. */
  readonly flags: readonly string[];
}

/** A gate reads the change alone, and no opinion of a model about it. */
export type Gate = (contribution: Contribution) => GateReport;

export const faults = (...lines: readonly string[]): GateReport => ({ faults: lines, flags: [] });

export const nameOf = (path: string): string => path.toLowerCase().split('/').at(-1) ?? '';
