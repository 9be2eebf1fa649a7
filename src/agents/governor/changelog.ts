import { classify } from '../../domain/changelog/classify.ts';
import { entriesOf, type ChangelogEntry } from '../../domain/changelog/entries.ts';
import type { GovernorBrief } from './brief.ts';
import { changeOf, lasting } from './version.ts';

export interface ProposedChangelog {
  readonly entries: readonly ChangelogEntry[];
  /** Pull requests that its users would not notice. */
  readonly internal: readonly number[];
}

/** What the cycle's merges come to for whoever uses the project; a model has no say in it. */
export function proposeChangelog(brief: GovernorBrief): ProposedChangelog {
  const changes = lasting(brief).map((merge) => ({
    pull_request: merge.pull_request,
    kind: classify(changeOf(merge), brief.change_labels).kind,
    title: merge.title,
    author: merge.author,
    breaks: merge.breaks,
  }));
  return {
    entries: entriesOf(changes),
    internal: changes
      .filter(({ kind }) => kind === 'internal')
      .map(({ pull_request }) => pull_request),
  };
}
