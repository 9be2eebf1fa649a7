import type { GovernanceState, Quarantine } from '../work-item/state.ts';
import { planAppend, type AppendPlan, type LedgerView } from './commit.ts';
import type { EventDraft, Sha256 } from './envelope.ts';
import { plainText } from './plain-text.ts';

/** More commits than this are not set aside by a program: somebody has to look. Verification needs every one by name. */
export const COMMITS_SET_ASIDE = 50;
const FILES_NAMED = 50;
const TEXT_KEPT = 100;

/** Commits that the history says are not Assent's: what they claim binds nobody. */
export const commitsSetAside = ({
  quarantines,
}: Pick<GovernanceState, 'quarantines'>): ReadonlySet<string> =>
  new Set(quarantines.flatMap(({ commits }) => commits.map(({ commit }) => commit)));

/** What a quarantine is made of, beside the view it goes on from. */
export interface Finding {
  readonly tip: string | null;
  readonly branch: string | null;
  /** The commit that the sound view was read at. */
  readonly soundCommit: string;
  readonly reason: string;
  readonly commits: readonly {
    readonly oid: string;
    readonly author: string;
    readonly at: string;
    readonly subject: string;
  }[];
  /** The ledger's files at the sound commit, and at the tip. */
  readonly sound: ReadonlyMap<string, string>;
  readonly found: ReadonlyMap<string, string>;
}

export interface QuarantinePlan extends AppendPlan {
  readonly deletions: readonly string[];
}

/** The commit that puts the sound files back on top of what was found, and says so. Nothing is forced, nothing is lost. */
export const planQuarantine = (
  view: LedgerView,
  finding: Finding,
  { id, at }: Pick<EventDraft, 'id' | 'at'>,
  sha256: Sha256,
): QuarantinePlan => {
  const files = changesOf(finding);
  const { tip, branch, soundCommit, reason, commits } = finding;
  const data: Quarantine = {
    tip,
    branch,
    sound: { commit: soundCommit, sequence: view.head.sequence, hash: view.head.hash },
    reason: plainText(reason, 1000),
    commits: commits.map((one) => ({
      commit: one.oid,
      author: plainText(one.author, TEXT_KEPT),
      at: plainText(one.at, TEXT_KEPT),
      subject: plainText(one.subject, TEXT_KEPT),
    })),
    files: files
      .slice(0, FILES_NAMED)
      .map(({ path, change }) => ({ path: plainText(path, 300), change })),
  };
  const draft: EventDraft = {
    id,
    at,
    type: 'ledger.quarantined',
    version: 1,
    item: null,
    actor: { kind: 'system', id: null, login: 'assent' },
    data,
    cause: null,
    policy: view.state.policy,
  };
  const plan = planAppend(view, [draft], sha256);
  const planned = new Set(plan.files.map(({ path }) => path));
  const restored = files.filter(({ path, change }) => change !== 'added' && !planned.has(path));
  return {
    ...plan,
    files: [
      ...restored.map(({ path }) => ({ path, content: finding.sound.get(path) ?? '' })),
      ...plan.files,
    ],
    deletions: files
      .filter(({ path, change }) => change === 'added' && !planned.has(path))
      .map(({ path }) => path),
  };
};

type Change = Quarantine['files'][number];

/** How what was found differs from what is sound, in order of the paths. */
const changesOf = ({ sound, found }: Finding): readonly Change[] => {
  const changes: Change[] = [];
  for (const [path, content] of sound) {
    const now = found.get(path);
    if (now !== content) changes.push({ path, change: now === undefined ? 'removed' : 'edited' });
  }
  for (const path of found.keys()) {
    if (!sound.has(path)) changes.push({ path, change: 'added' });
  }
  return changes.toSorted((left, right) => (left.path < right.path ? -1 : 1));
};
