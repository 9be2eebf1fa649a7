import type { TimedEvent } from '../work-item/event.ts';
import { copying, newest, type Growth } from '../work-item/growth.ts';
import {
  emptyMemory,
  type Ending,
  type Memory,
  type Note,
  type NoteKind,
  type OpenMemory,
} from './note.ts';

/** Beyond these the oldest are forgotten: a memory grows with what happens, and is read at each run. */
export const mostNotes = 300;
const mostEndings = 200;
const longestText = 400;
const longestTitle = 120;

/** Folds one event in; the memory itself where the event is none to remember. */
export function foldMemory(growth: Growth, memory: Memory, event: TimedEvent): Memory {
  if (event.item === null) return memory;
  if (event.type === 'item.created') {
    const title = event.data.title.slice(0, longestTitle);
    return withOpen(growth, memory, event.item, { title, question: '', plan: '', failing: null });
  }
  const open = memory.open[event.item];
  return open === undefined ? memory : foldOpen(growth, memory, event, { item: event.item, open });
}

interface Of {
  readonly item: string;
  readonly open: OpenMemory;
}

function foldOpen(growth: Growth, memory: Memory, event: TimedEvent, of: Of): Memory {
  const { item, open } = of;
  const note = (kind: NoteKind, text: string) =>
    withNote(growth, memory, {
      kind,
      item,
      title: open.title,
      text: text.slice(0, longestText),
      by: event.actor.kind === 'human' ? event.actor.login : null,
      at: event.at,
      event: event.type,
    });
  switch (event.type) {
    case 'item.retitled':
      return withOpen(growth, memory, item, {
        ...open,
        title: event.data.title.slice(0, longestTitle),
      });
    case 'plan.published':
      return withOpen(growth, memory, item, {
        ...open,
        plan: event.data.plan.summary.slice(0, longestText),
      });
    case 'question.asked':
      return withOpen(growth, memory, item, {
        ...open,
        question: event.data.question.slice(0, longestText),
      });
    case 'question.answered':
      return note('answered', `${open.question} → ${event.data.answer}`);
    case 'gate.rejected':
      return note('rejected', event.data.reason);
    case 'gate.overridden':
      return note('overridden', event.data.justification);
    case 'run.started':
    case 'run.failed':
    case 'agent.proposed':
    case 'run.dead':
      return foldRun(growth, memory, event, of, note);
    case 'item.merged':
      return withoutOpen(growth, note('merged', mergedBy(event.data.pull_request, open)), item);
    case 'item.terminated':
      return withoutOpen(
        growth,
        event.data.outcome === 'rejected' ? memory : note('closed', event.data.reason),
        item,
      );
    default:
      return memory;
  }
}

const mergedBy = (pullRequest: number, { plan }: OpenMemory): string =>
  `by #${pullRequest}${plan === '' ? '' : `: ${plan}`}`;

type RunEvent = Extract<
  TimedEvent,
  { type: 'run.started' | 'run.failed' | 'agent.proposed' | 'run.dead' }
>;

function foldRun(
  growth: Growth,
  memory: Memory,
  event: RunEvent,
  { item, open }: Of,
  note: (kind: NoteKind, text: string) => Memory,
): Memory {
  const { failing } = open;
  const now = (next: OpenMemory['failing'], of = memory) =>
    withOpen(growth, of, item, { ...open, failing: next });
  switch (event.type) {
    case 'run.started': {
      const { agent } = event.data;
      if (agent === null || failing?.agent === agent) return memory;
      return now({ agent, code: '', reason: '', failures: 0 });
    }
    case 'run.failed': {
      if (failing === null) return memory;
      const { code, reason } = event.data;
      return now({ ...failing, code, reason, failures: failing.failures + 1 });
    }
    case 'agent.proposed': {
      if (failing === null || failing.agent !== event.data.agent) return memory;
      if (failing.failures === 0) return now(null);
      return now(null, withEnding(growth, note('mended', failing.reason), failing, true));
    }
    case 'run.dead': {
      const told = note('given_up', event.data.reason);
      // A first failure that is final says nothing about trying again.
      return failing === null || failing.failures === 0
        ? told
        : now(
            null,
            withEnding(growth, told, { ...failing, failures: failing.failures + 1 }, false),
          );
    }
  }
}

const withOpen = (growth: Growth, memory: Memory, item: string, open: OpenMemory): Memory =>
  withOpenOnes(memory, growth.put(memory.open, item, open));

const withoutOpen = (growth: Growth, memory: Memory, item: string): Memory =>
  withOpenOnes(memory, growth.drop(memory.open, item));

/** The memory itself where its part is: a fold that owns it changes it in place, here and below. */
const withOpenOnes = (memory: Memory, open: Memory['open']): Memory =>
  open === memory.open ? memory : { ...memory, open };

function withNote(growth: Growth, memory: Memory, note: Note): Memory {
  const notes = growth.append(memory.notes, note, newest(memory.notes, mostNotes));
  return notes === memory.notes ? memory : { ...memory, notes };
}

function withEnding(
  growth: Growth,
  memory: Memory,
  { agent, code, failures }: Omit<Ending, 'mended'>,
  mended: boolean,
): Memory {
  const ending = { agent, code, failures, mended };
  const endings = growth.append(memory.endings, ending, newest(memory.endings, mostEndings));
  return endings === memory.endings ? memory : { ...memory, endings };
}

/** What a whole history leaves. */
export const memoryOf = (events: Iterable<TimedEvent>): Memory => {
  let memory = emptyMemory;
  for (const event of events) memory = foldMemory(copying, memory, event);
  return memory;
};
