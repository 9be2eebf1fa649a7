import type { BriefHeader, BriefIssue } from '../../agents/brief.ts';
import type { SimilarText, TriageBrief } from '../../agents/triager/brief.ts';
import { itemsOf } from '../../domain/roadmap/roadmap.ts';
import { choosableLabels, knownLabels } from '../../domain/triage/label-kinds.ts';
import { guessLabels } from '../../domain/triage/labels.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import { readRoadmapText } from '../tools/roadmap-tools.ts';
import { likenessOf, type Likeness } from './likeness.ts';
import type { IssueShelf } from './issue-shelf.ts';
import type { RunContext } from './run-context.ts';

/** What the triager is told. `issue` and `header` as every agent gets them. */
export async function gatherTriage(
  context: RunContext,
  shelf: IssueShelf,
  issue: BriefIssue,
  header: BriefHeader,
): Promise<TriageBrief> {
  const { repository, item, base, config, deps, ledger } = context;
  const { host, files } = repository;
  const [existing, paths, roadmap] = await Promise.all([
    host.labels(),
    files.listFiles(base, ''),
    files.readFile(base, config.agents.governor.roadmap),
    shelf.refresh(host),
  ]);
  const labels = knownLabels(existing, config.labels);
  const { alike, trouble, spent } = await likenessOf(deps, shelf, issue, item.id);
  return {
    ...header,
    issue,
    labels_available: choosableLabels(existing, config.labels),
    labels,
    guesses: guessLabels(shelf.index, issue, labels),
    similar: similarTo(shelf, alike),
    likeness_trouble: trouble,
    spent,
    asked: triageNotesOf(ledger.state, item.id).report?.asked ?? [],
    files: paths,
    roadmap_items:
      roadmap === null
        ? []
        : itemsOf(readRoadmapText(deps.roadmap, roadmap)).map(({ text, status }) => ({
            text,
            status,
          })),
  };
}

/** An older issue is the original; a newer one would be the duplicate of this. */
const similarTo = (shelf: IssueShelf, alike: Likeness['alike']): readonly SimilarText[] =>
  alike.flatMap(({ number, similarity, meaning }) => {
    const found = shelf.get(number);
    return found === undefined ? [] : [{ number, similarity, meaning, ...found }];
  });
