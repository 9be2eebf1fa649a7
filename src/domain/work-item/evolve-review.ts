import { readChangedCoverage } from '../review/coverage.ts';
import { readMemory, type ReviewMemory } from '../review/memory.ts';
import type { TimedEvent } from './event.ts';
import type { Intent, Item } from './state.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * What our reviewer has said stands in the intent of its review, and counts once that is done: said is what was published. A
 * review that was not published, because all of it was said before, tells only how far was read. `intent`: of `effect.done`, as it
 * was before.
 */
export function evolveReview(item: Item, event: TimedEvent, intent: Intent | undefined): Item {
  if (event.type === 'effect.done' && intent?.kind === 'review.publish') {
    return remembering(item, readMemory(intent.payload['memory']));
  }
  if (event.type !== 'agent.proposed' || !isRecord(event.data.content)) return item;
  const { agent, content } = event.data;
  if (agent === 'reviewer' && content['publish'] === false && item.review !== undefined) {
    return remembering(item, readMemory(content['memory']));
  }
  return agent === 'contributor' ? written(item, event.data.digest, content) : item;
}

/** Read from what was proposed: an older history names a model only with the usage, and is folded as it was. */
function written(item: Item, commit: string, content: Readonly<Record<string, unknown>>): Item {
  const { model } = content;
  const coverage = readChangedCoverage(content['coverage']);
  if (typeof model !== 'string' && coverage === null) return item;
  return {
    ...item,
    ...(typeof model === 'string' ? { written_by: model } : {}),
    ...(coverage === null ? {} : { coverage: { ...coverage, commit } }),
  };
}

const remembering = (item: Item, review: ReviewMemory | null): Item =>
  review === null ? item : { ...item, review };
