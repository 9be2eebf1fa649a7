import { headline, whom } from '../../../../domain/presentation.ts';
import { isSortedOnly } from '../../../../domain/triage/present.ts';
import { triageNotesOf } from '../../../../domain/work-item/triage-notes.ts';
import type { Gate, GovernanceState, Item } from '../../../../domain/work-item/state.ts';
import { demoIssues } from '../issues.ts';
import { itemAddress } from '../../../server/dashboard/parts.ts';
import type { ActName, Occasion, Wait } from './view.ts';

/** What an item waits for, with the acts that lead somewhere; nothing where it works by itself. */
export function waitOf(occasion: Occasion, state: GovernanceState, item: Item): readonly Wait[] {
  const asked = askedOf(occasion, state, item);
  if (asked === null) return [];
  const number = item.stage === 'plan' ? item.number : (item.pull_request?.number ?? item.number);
  const page = item.stage === 'plan' || item.pull_request === null ? 'issues' : 'pull';
  const { gate } = item;
  return [
    {
      key: `${item.id}-${item.stage}-${item.authority}-${gate?.digest.slice(0, 12) ?? ''}`,
      item: item.id,
      number,
      name: item.kind === 'cycle' ? `Cycle ${item.number}` : `#${item.number}`,
      title: item.title,
      digest: gate?.digest ?? null,
      summary: item.stage === 'plan' ? (item.plan?.summary ?? null) : null,
      approved_by: item.approvals
        .filter((approval) => approval.gate === gate?.action && approval.digest === gate.digest)
        .map(({ login, by }) => `${login} by ${by}`),
      ignored: gate?.ignored.map(({ evidence, reason }) => `${evidence}: ${reason}`) ?? [],
      links: [
        {
          text: page === 'pull' ? `Pull request #${number}` : `Issue #${number}`,
          href: `${occasion.github}/repos/${occasion.repository}/${page}/${number}`,
        },
        { text: 'story', href: itemAddress(occasion.repository, item.id) },
      ],
      ...asked,
      acts: occasion.played ? [] : asked.acts,
      hint: occasion.played ? null : asked.hint,
    },
  ];
}

type Asked = Pick<Wait, 'whom' | 'what' | 'human' | 'acts' | 'as' | 'hint'>;

function askedOf(occasion: Occasion, state: GovernanceState, item: Item): Asked | null {
  switch (item.authority) {
    case 'waiting_for_human':
      return item.stage === 'plan' ? planAsked(occasion, state, item) : mergeAsked(occasion, item);
    case 'waiting_for_information':
      return informationAsked(occasion, item);
    case 'dead':
      return {
        whom: ['somebody with write permission'],
        what: item.note ?? 'it did not work out',
        human: true,
        acts: ['retry', 'close'],
        as: 'maintainer',
        hint: null,
      };
    case 'model_unavailable':
      return {
        whom: [isSortedOnly(item, triageNotesOf(state, item.id)) ? 'a model' : 'the model'],
        what: item.note ?? headline(item, triageNotesOf(state, item.id)),
        human: false,
        acts: [],
        as: 'maintainer',
        hint: null,
      };
    case 'created':
      return blocked(item);
    default:
      return null;
  }
}

/** Its first run may not begin: the rules are malformed, or none allows it. A rework that is about to begin has a note, too. */
const blocked = ({ note, revisions }: Item): Asked | null =>
  note === null || revisions > 0
    ? null
    : {
        whom: ['somebody who mends the rules'],
        what: note,
        human: true,
        acts: [],
        as: 'maintainer',
        hint: null,
      };

const whomOf = (gate: Gate | null): readonly string[] =>
  gate?.waiting_for.map(
    ({ from, count, have }) => `${count - have > 1 ? `${count - have} of ` : ''}${whom(from)}`,
  ) ?? [];

/** The one of the simulator's people who is likeliest meant: only an owner has admin permission. */
const personOf = (gate: Gate | null): string => {
  const from = JSON.stringify(gate?.waiting_for[0]?.from ?? {});
  return /admin|owner/.test(from) ? 'owner' : 'maintainer';
};

function planAsked(occasion: Occasion, state: GovernanceState, item: Item): Asked {
  const before = occasion.model.kind === 'tape' ? openBefore(state, item.number) : null;
  return {
    whom: whomOf(item.gate),
    what: 'approve the plan',
    human: true,
    acts: before === null ? ['approve_plan', 'reject'] : [],
    as: personOf(item.gate),
    hint:
      before === null
        ? null
        : `#${before} comes first: the tape was recorded one issue after the other, each on what the one before had changed.`,
  };
}

/** The first open issue before this one that the tape brings to a merge. */
function openBefore(state: GovernanceState, number: number): number | null {
  const first = demoIssues.find(
    (issue) =>
      issue.expected === 'plan' &&
      issue.number < number &&
      state.finished[`issue-${issue.number}`] === undefined,
  );
  return first?.number ?? null;
}

/** The one issue that the tape holds a second round for. */
const REWORKED_ON_TAPE = 2;

function mergeAsked(occasion: Occasion, item: Item): Asked {
  const cycle = item.kind === 'cycle';
  const reworks =
    occasion.model.kind !== 'tape' || (item.number === REWORKED_ON_TAPE && item.round === 0);
  const ours = item.pull_request?.ours === true;
  const acts: readonly ActName[] = [
    cycle ? 'approve_roadmap' : 'approve_merge',
    ...(reworks && ours && !cycle ? (['request_changes'] as const) : []),
    'reject',
    ...(cycle ? [] : (['push'] as const)),
  ];
  return {
    whom: whomOf(item.gate),
    what: cycle ? 'approve the roadmap update' : 'approve the merge',
    human: true,
    acts,
    as: personOf(item.gate),
    hint:
      reworks || cycle
        ? null
        : 'Request changes is not offered: the tape holds no second round for this one (it does for #2). With a live model it would.',
  };
}

function informationAsked(occasion: Occasion, item: Item): Asked {
  const live = occasion.model.kind !== 'tape';
  return {
    whom: [`@${item.author?.login ?? 'the author'}`],
    what: `answer: ${item.missing[0] ?? 'what is missing'}`,
    human: true,
    acts: live ? ['answer', 'close'] : ['close'],
    as: live ? (item.author?.login ?? 'maintainer') : 'maintainer',
    hint: live
      ? null
      : 'The tape holds no second answer here; a maintainer may close it. With a live model the author could answer.',
  };
}
