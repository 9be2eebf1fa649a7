import { machine, type Transition } from './machine.ts';
import { authorities } from './state.ts';

/** The machine as a Mermaid state diagram and a table, from the very table that decides: docs/machine.md is this text. */
export function describeMachine(): string {
  const moves = Object.entries<Transition>(machine).filter(([, { to }]) => to !== 'same');
  const stays = Object.entries<Transition>(machine).filter(([, { to }]) => to === 'same');
  return [
    '# The canonical machine',
    '',
    'Made from `src/domain/work-item/machine.ts`; a test holds this page to it. An event that is not named for a state is refused there.',
    'Stages follow one another by kind: issue = triage → plan → contribution → review → merge; pull request = review → merge;',
    'cycle = roadmap → merge. What a gate takes beside the state (a human, on the digest in force) is in `authority-law.ts`.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> created: item.created',
    ...moves.filter(([, { from }]) => !isFromAnywhere(from)).flatMap(arrows),
    '```',
    '',
    'From any state that is not final:',
    '',
    ...moves
      .filter(([, { from }]) => isFromAnywhere(from))
      .map(([event, { to }]) => `- \`${event}\` leads to \`${to}\``),
    '',
    'Events that change what is known and not the state:',
    '',
    '| Event | In |',
    '|---|---|',
    ...stays.map(
      ([event, { from }]) =>
        `| \`${event}\` | ${isFromAnywhere(from) ? 'any state that is not final' : from.map((state) => `\`${state}\``).join(', ')} |`,
    ),
    '',
  ].join('\n');
}

const finals = 3;

const isFromAnywhere = (from: Transition['from']): boolean =>
  from.length >= authorities.length - finals;

const arrows = ([event, { from, to }]: [string, Transition]): string[] =>
  from.map((state) => `  ${state} --> ${to}: ${event}`);
