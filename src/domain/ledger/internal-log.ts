import { isSortedOnly, sortedHeadline } from '../triage/present.ts';
import { triageNotesOf } from '../work-item/triage-notes.ts';
import type { GovernanceState, Intent, Item, WaitingFor } from '../work-item/state.ts';
import type { ChainHead } from './envelope.ts';
import type { LedgerFold } from './governance.ts';
import { codeSpan } from './plain-text.ts';
import { gateName, tell } from './story.ts';
import { renderSuccession, type Succession } from './succession.ts';
import type { KnownEvent } from './upcast.ts';

export const INTERNAL_LOG_PATH = 'INTERNAL_LOG.md';

/** Items listed by name; `queue.json` has the rest. Bounds the file. */
const ITEMS_LISTED = 100;
const INTENTS_LISTED = 20;

/**
 * `INTERNAL_LOG.md`, the bus-factor log: what somebody who takes over needs to know, from the same events as
 * `queue.json`. Text by contributors and models stands in code spans, where it is inert.
 */
export const renderInternalLog = (
  { state, decisions }: LedgerFold,
  head: ChainHead,
  /** What a cycle leaves to whoever takes over; the log on the ledger's own branch has none. */
  succession: Succession | null = null,
): string =>
  [
    '# Internal log',
    '',
    `Rendered by Assent from \`.ai_metadata/history\`, as of event ${head.sequence} (\`${head.hash.slice(0, 12)}\`). Edits are overwritten.`,
    '',
    ...(succession === null ? [] : renderSuccession(state, succession)),
    '## The switch',
    '',
    ...controlLines(state),
    '',
    '## What waits for whom',
    '',
    ...itemLines(state),
    '',
    `## Cycle ${state.cycle.number}`,
    '',
    ...cycleLines(state),
    '',
    '## Acts nobody can vouch for',
    '',
    ...uncertainLines(state),
    '',
    '## Last decisions',
    '',
    ...decisionLines(decisions),
    '',
    '## Taking over',
    '',
    '1. Check that this log can be trusted: `assent history verify DIR`, DIR being a checkout of this branch.',
    '2. Read the story of an item: `assent history show DIR issue-1`.',
    '3. Start the service with the same repository: it reads the history and goes on from here. No database is needed.',
    '4. To stop everything first: `assent halt`, or the command `/assent halt` on any issue.',
    '',
  ].join('\n');

const controlLines = ({ control }: GovernanceState): string[] => {
  const { halted, disabled_agents } = control;
  return [
    halted === null
      ? 'On: effects are carried out.'
      : `**Halted** by ${codeSpan(halted.by)} since ${halted.at}: ${codeSpan(halted.reason)}`,
    ...requested(control),
    ...(disabled_agents.length > 0 ? ['', `Disabled agents: ${disabled_agents.join(', ')}.`] : []),
  ];
};

const requested = ({ requests }: GovernanceState['control']): string[] =>
  (requests ?? []).flatMap(({ act, agent, login, at, reason }) => [
    '',
    `${codeSpan(login)} asked to ${act} ${agent === null ? 'everything' : `the ${agent}`} at ${at}: ${codeSpan(reason)}. It takes somebody else, too.`,
  ]);

const itemLines = (state: GovernanceState): string[] => {
  const { items } = state;
  // Longest waiting first; the id decides between equals, so that the rendering has one order.
  const open = Object.values(items).toSorted((left, right) =>
    compare(left.updated_at, right.updated_at) === 0
      ? compare(left.id, right.id)
      : compare(left.updated_at, right.updated_at),
  );
  if (open.length === 0) return ['Nothing is open.'];
  const more = open.length - ITEMS_LISTED;
  return [
    ...open.slice(0, ITEMS_LISTED).map((item) => itemLine(state, item)),
    ...(more > 0 ? [`- and ${more} more, in \`.ai_metadata/queue.json\``] : []),
  ];
};

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const itemLine = (state: GovernanceState, item: Item): string =>
  [
    `- **${item.id}** ${codeSpan(item.title)}: ${item.stage}, ${waitsFor(state, item)}, since ${item.updated_at}`,
    ...(item.held === null
      ? []
      : [`held by ${codeSpan(item.held.by)}: ${codeSpan(item.held.reason)}`]),
    ...(item.note === null ? [] : [codeSpan(item.note)]),
  ].join('; ');

const waitsFor = (state: GovernanceState, item: Item): string => {
  switch (item.authority) {
    case 'waiting_for_human':
      return item.gate === null
        ? 'waits for a human'
        : `waits for a human (${gateName(item.gate.action)})${item.gate.waiting_for.map(wanted).join('')}`;
    case 'waiting_for_information':
      return item.asked_by === undefined
        ? 'waits for its author'
        : `waits for a human: the ${item.asked_by} asks`;
    case 'model_unavailable':
      return isSortedOnly(item, triageNotesOf(state, item.id))
        ? sortedHeadline.toLowerCase()
        : 'waits for the model';
    case 'dead':
      return "waits for a human's retry";
    default:
      return item.authority.replaceAll('_', ' ');
  }
};

const wanted = ({ step, count, have, from }: WaitingFor): string =>
  `, ${codeSpan(step, 40)} ${have} of ${count} from ${codeSpan(JSON.stringify(from))}`;

const cycleLines = ({ cycle, closed_cycles }: GovernanceState): string[] => [
  `${cycle.merges.length} of ${cycle.every} merges${cycle.merges.map(({ pull_request }, index) => `${index === 0 ? ': ' : ', '}pull ${pull_request}`).join('')}.`,
  ...Object.keys(closed_cycles)
    .toSorted(compare)
    .map((id) => `\n${codeSpan(id)} is closed; its roadmap update is not merged yet.`),
];

const uncertainLines = ({ intents }: GovernanceState): string[] => {
  const uncertain = Object.values(intents)
    .filter(({ uncertain }: Intent) => uncertain)
    .toSorted((left, right) => compare(left.key, right.key));
  if (uncertain.length === 0) return ['None.'];
  const more = uncertain.length - INTENTS_LISTED;
  return [
    ...uncertain
      .slice(0, INTENTS_LISTED)
      .map(({ key, kind, item }) => `- ${codeSpan(item, 40)}: ${kind} (${codeSpan(key)})`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
};

/** Newest first: the end of the story is what a successor reads. */
const decisionLines = (decisions: readonly KnownEvent[]): string[] => {
  if (decisions.length === 0) return ['None yet.'];
  return decisions
    .toReversed()
    .map(
      (event) =>
        `- ${event.at} ${event.item === null ? '' : `**${codeSpan(event.item, 40)}** `}${codeSpan(event.actor.login, 40)}: ${tell(event, codeSpan)}`,
    );
};
