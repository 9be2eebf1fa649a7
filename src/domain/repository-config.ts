import { builtIn, type AgentUses } from './agents/uses.ts';
import { usualLabels, type ChangeLabels } from './changelog/classify.ts';
import { everyTool, type ToolAllowance } from './agents/tools.ts';

/** Where it stands in a repository. */
export const REPOSITORY_CONFIG_PATH = '.github/assent.yml';

/** `.github/assent.yml`, read from the default branch only (CONTRACTS.md, "In a repository"). */
export interface RepositoryConfig {
  readonly version: 1;
  readonly ledger: {
    readonly branch: string;
    /** Where other hands wrote to it: wait for a human, or set that aside and go on from the last sound head. */
    readonly on_foreign_commit: 'stop' | 'quarantine';
  };
  readonly agents: {
    readonly triager: AgentConfig & FollowUp;
    readonly contributor: AgentConfig & { readonly steps: readonly StepConfig[] };
    readonly reviewer: AgentConfig;
    readonly governor: AgentConfig & {
      /** Merges in a cycle. */
      readonly every: number;
      /** Path of the roadmap in the repository. */
      readonly roadmap: string;
      /** Labels that say what a merged change is; all empty: the usual ones. */
      readonly change_labels: ChangeLabels;
      /** Path of the changelog, made where there is none; null: CHANGELOG.md where it is there; false: none. */
      readonly changelog: string | false | null;
    };
  };
  /** The labels a triager may choose from, by what they say; empty: those the repository has. */
  readonly labels: {
    readonly type: readonly string[];
    readonly priority: readonly string[];
    readonly area: readonly string[];
  };
  /** What agents are reminded of; 0 days: of nothing. */
  readonly memory: { readonly days: number };
}

/** What becomes of a question that nobody answers, in milliseconds; null: nothing. */
export interface FollowUp {
  /** From the question on. */
  readonly remind_after: number | null;
  /** From the reminder on, or from the question where nobody is reminded. */
  readonly stale_after: number | null;
}

export interface AgentConfig {
  readonly enabled: boolean;
  /** null: the service's own. */
  readonly model: string | null;
  readonly uses: AgentUses;
  readonly tools: ToolAllowance;
}

/** A command of the repository's own, run in the contributor's workspace. */
export interface StepConfig {
  readonly name: string;
  readonly run: string;
  /** Files and folders to keep once it is over, by path in the workspace. */
  readonly artifacts: readonly string[];
}

const DAY = 86_400_000;
const agent: AgentConfig = { enabled: true, model: null, uses: builtIn, tools: everyTool };

/** What holds where a repository says nothing. */
export const defaultRepositoryConfig: RepositoryConfig = {
  version: 1,
  ledger: { branch: 'assent/ledger', on_foreign_commit: 'stop' },
  agents: {
    triager: { ...agent, remind_after: 7 * DAY, stale_after: null },
    contributor: { ...agent, steps: [] },
    reviewer: agent,
    governor: {
      ...agent,
      every: 5,
      roadmap: 'ROADMAP.md',
      change_labels: usualLabels,
      changelog: null,
    },
  },
  labels: { type: [], priority: [], area: [] },
  memory: { days: 180 },
};
