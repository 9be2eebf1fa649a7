import { inFile } from '../changelog/entries.ts';
import type { DriftFinding } from '../drift/finding.ts';
import type { GovernanceState, Item } from '../work-item/state.ts';
import { codeSpan } from './plain-text.ts';
import { gateName, tell } from './story.ts';
import type { KnownEvent } from './upcast.ts';

/** What a cycle leaves to whoever takes over after it. */
export interface Succession {
  readonly cycle: number;
  readonly merges: readonly {
    readonly pull_request: number;
    readonly title: string;
    readonly approvals: readonly string[];
    /** Summary of the plan it carried out; null where it had none. */
    readonly plan: string | null;
  }[];
  /** Oldest first. */
  readonly decided: readonly KnownEvent[];
  /** As measured. */
  readonly risks: readonly string[];
  /** Null: it could not be told. */
  readonly drift: readonly DriftFinding[] | null;
  /** Rows of the roadmap that are begun or come next, in the order to take them. */
  readonly next: readonly {
    readonly line: number;
    readonly text: string;
    readonly status: string;
  }[];
}

const MOST_DECISIONS = 30;
const MOST_WAITING = 5;
const MOST_ROWS = 3;
const MOST_FINDINGS = 20;

/** A part of `INTERNAL_LOG.md`: what to do first, what was decided and why, what is known to be wrong. */
export const renderSuccession = (state: GovernanceState, left: Succession): readonly string[] => [
  `## Taking over after cycle ${left.cycle}`,
  '',
  '### Where to begin',
  '',
  ...firstSteps(state, left).map((step, index) => `${index + 1}. ${step}`),
  '',
  `### What was decided in cycle ${left.cycle}, and why`,
  '',
  ...left.merges.map(mergeLine),
  ...decisionLines(left.decided),
  '',
  '### Known risks',
  '',
  ...(left.risks.length === 0
    ? ['None was measured.']
    : left.risks.map((risk) => `- ${inFile(risk)}`)),
  '',
  '### Drift: what is written and what is there',
  '',
  ...driftLines(left.drift),
  '',
];

function firstSteps(state: GovernanceState, { drift, next }: Succession): readonly string[] {
  const { halted } = state.control;
  const items = Object.values(state.items).toSorted(
    (a, b) => compare(a.updated_at, b.updated_at) || compare(a.id, b.id),
  );
  const uncertain = Object.values(state.intents).filter((intent) => intent.uncertain).length;
  const dead = items.filter(({ authority }) => authority === 'dead');
  const waiting = items.filter(waitsForPeople);
  const steps = [
    ...(halted === null
      ? []
      : [
          `Everything is halted by ${codeSpan(halted.by)}: find out whether it may go on, then \`/assent resume\`.`,
        ]),
    ...(uncertain === 0
      ? []
      : [
          `Look at ${uncertain === 1 ? 'the act' : `the ${uncertain} acts`} that nobody can vouch for (below): did it happen?`,
        ]),
    ...dead
      .slice(0, MOST_WAITING)
      .map(
        ({ id, note }) =>
          `**${id}** was given up${why(note)}. Mend that, then \`/assent retry ${id}\`.`,
      ),
    ...waiting.slice(0, MOST_WAITING).map(askOf),
    ...(waiting.length > MOST_WAITING
      ? [
          `Then the other ${waiting.length - MOST_WAITING} that wait for people (below), longest first.`,
        ]
      : []),
    ...next
      .slice(0, MOST_ROWS)
      .map(
        ({ line, text, status }) =>
          `On the roadmap: ${codeSpan(text, 120)} (line ${line}, ${status.replace('_', ' ')}).`,
      ),
    ...(drift === null || drift.length === 0 ? [] : ['Bring in step what has drifted (below).']),
  ];
  return steps.length === 0
    ? ['Nothing waits for a person, and no row of the roadmap is open.']
    : steps;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const why = (note: string | null): string => (note === null ? '' : `: ${codeSpan(note)}`);

const waitsForPeople = ({ authority, asked_by }: Item): boolean =>
  authority === 'waiting_for_human' ||
  (authority === 'waiting_for_information' && asked_by !== undefined);

const askOf = ({ id, gate, title, updated_at, pull_request, asked_by }: Item): string => {
  const where = pull_request === null ? '' : `, pull request ${pull_request.number}`;
  const what =
    asked_by === undefined
      ? `Decide on **${id}** (${gate === null ? 'its gate' : gateName(gate.action)}${where})`
      : `Answer the ${asked_by} on **${id}**`;
  return `${what}: ${codeSpan(title)}, waiting since ${updated_at.slice(0, 10)}.`;
};

const mergeLine = ({
  pull_request,
  title,
  approvals,
  plan,
}: Succession['merges'][number]): string => {
  const by =
    approvals.length === 0
      ? 'approved by nobody'
      : `approved by ${approvals.map((one) => codeSpan(one, 60)).join(', ')}`;
  const because = plan === null ? '' : `; its plan: ${codeSpan(plan, 200)}`;
  return `- Merged pull request ${pull_request} ${codeSpan(title)}, ${by}${because}`;
};

/** What the merges above do not say already. */
function decisionLines(decided: readonly KnownEvent[]): readonly string[] {
  const others = decided.filter(({ type }) => !told.has(type));
  const left = others.length - MOST_DECISIONS;
  return [
    ...(left > 0 ? [`- and ${left} earlier ones, in the history`] : []),
    ...others.slice(-MOST_DECISIONS).map((event) => {
      const who = codeSpan(event.actor.login, 40);
      const on = event.item === null ? '' : ` on **${codeSpan(event.item, 40)}**`;
      return `- ${event.at.slice(0, 10)} ${who}${on}: ${tell(event, codeSpan)}`;
    }),
  ];
}

const told: ReadonlySet<string> = new Set([
  'item.merged',
  'approval.given',
  'cycle.closed',
  'policy.adopted',
]);

const driftLines = (drift: Succession['drift']): readonly string[] => {
  if (drift === null) return ['It could not be told.'];
  if (drift.length === 0) return ['None was found.'];
  const left = drift.length - MOST_FINDINGS;
  return [
    ...drift
      .slice(0, MOST_FINDINGS)
      .map(
        ({ path, line, text }) =>
          `- ${codeSpan(path, 120)}${line === null ? '' : ` line ${line}`}: ${inFile(text)}`,
      ),
    ...(left > 0 ? [`- and ${left} more, in the history`] : []),
  ];
};
