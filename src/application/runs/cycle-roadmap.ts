import type { GovernorBrief } from '../../agents/governor/brief.ts';
import type { GovernorProposal, RoadmapFlip } from '../../agents/governor/proposal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { nextToOpen } from '../../domain/roadmap/milestone.ts';
import type { Flip, Revision } from '../../domain/roadmap/revise.ts';
import type { Milestone, Roadmap } from '../../domain/roadmap/roadmap.ts';
import { readRoadmapText, reviseRoadmap, type RevisedRoadmap } from '../tools/roadmap-tools.ts';
import type { RunContext } from './run-context.ts';

export interface RevisedForCycle extends RevisedRoadmap {
  readonly proposal: GovernorProposal;
  /** Flips that the document cannot say, or only by hand, with the reason. */
  readonly by_hand: readonly { readonly flip: RoadmapFlip; readonly why: string }[];
  /** Gates that the change would open, and those that it cannot, as where a heading says no status. */
  readonly opens: readonly Milestone[];
  readonly to_open_by_hand: readonly Milestone[];
}

/** The roadmap as the cycle leaves it. A row that cannot be changed by code is left to people, and holds up no other. */
export function revisedRoadmap(
  context: RunContext,
  brief: GovernorBrief,
  whole: GovernorProposal,
): Result<RevisedForCycle> {
  const { deps, policies } = context;
  const roadmap = readRoadmapText(deps.roadmap, brief.roadmap.text);
  const by_hand = whole.flips.flatMap((flip) => {
    const alone = { flips: [flipOf(brief, flip)], version: null, history: null };
    const tried = reviseRoadmap(deps.roadmap, roadmap, alone);
    return tried.ok ? [] : [{ flip, why: tried.refusal.message }];
  });
  const possible = whole.flips.filter((flip) => !by_hand.some((other) => other.flip === flip));
  // What is not written is not proposed: it would look as if somebody had taken it back.
  const proposal = { ...whole, flips: possible };
  const revision = revisionOf(context, brief, proposal, roadmap);
  const revised = reviseRoadmap(deps.roadmap, roadmap, revision);
  if (!revised.ok) return revised;
  const gates = policies.milestones.filter(({ gated }) => gated).map(({ name }) => name);
  const next = nextToOpen(readRoadmapText(deps.roadmap, revised.value.text), gates);
  const [opens, to_open_by_hand] = [
    next.filter(({ slots }) => slots.length > 0),
    next.filter(({ slots }) => slots.length === 0),
  ];
  const told = { proposal, by_hand, opens, to_open_by_hand };
  if (opens.length === 0) return ok({ ...revised.value, ...told });
  const flips = opens.flatMap(({ title }) => openingFlip(roadmap, title));
  const opening = reviseRoadmap(deps.roadmap, roadmap, {
    ...revision,
    flips: [...revision.flips, ...flips],
  });
  // The cycle's own lines are not held up by a heading that cannot be changed.
  return ok(
    opening.ok
      ? { ...opening.value, ...told }
      : { ...revised.value, ...told, opens: [], to_open_by_hand: next },
  );
}

/** A line of the history may have moved the heading; its words have not. */
function openingFlip({ milestones }: Roadmap, title: string): readonly Flip[] {
  const heading = milestones.find((milestone) => milestone.title === title);
  return heading === undefined ? [] : [{ line: heading.line, text: title, to: 'in_progress' }];
}

function revisionOf(
  { item }: RunContext,
  brief: GovernorBrief,
  proposal: GovernorProposal,
  roadmap: Roadmap,
): Revision {
  const { version } = proposal;
  return {
    flips: proposal.flips.map((flip) => flipOf(brief, flip)),
    version: version?.to ?? null,
    history:
      version === null || roadmap.history === null
        ? null
        : {
            version: version.to,
            date: item.opened_at.slice(0, 10),
            type: versionType(version),
            summary: `Cycle ${brief.cycle}: ${[...brief.carried, ...brief.merges].map(({ pull_request }) => `#${pull_request}`).join(', ')}`,
          },
  };
}

/** By the roadmap's own words: a proposal's are made harmless for people to read, and differ. */
const flipOf = ({ roadmap }: GovernorBrief, { line, item, to }: RoadmapFlip): Flip => ({
  line,
  text: roadmap.items.find((one) => one.line === line)?.text ?? item,
  to,
});

function versionType({ from, to }: { readonly from: string; readonly to: string }): string {
  const [a, b] = [from, to].map((version) => version.replace(/^v/, '').split('.'));
  if (a?.[0] !== b?.[0]) return 'Major';
  return a?.[1] === b?.[1] ? 'Patch' : 'Minor';
}
