import type { ChainHead, RecordedEvent } from './envelope.ts';
import { gateName } from './story.ts';
import { upcast, type KnownEvent } from './upcast.ts';

const HEAD_TRAILER = 'Assent-Head';

/** Lines of the body that name events; a batch can be larger. */
const EVENTS_NAMED = 30;

export const bodyOf = (events: readonly RecordedEvent[], head: ChainHead): string => {
  const more = events.length - EVENTS_NAMED;
  return [
    ...events
      .slice(0, EVENTS_NAMED)
      .map(
        ({ sequence, type, item }) =>
          `${sequence} ${type}${item === null ? '' : ` ${named(item)}`}`,
      ),
    ...(more > 0 ? [`and ${more} more`] : []),
    '',
    `${HEAD_TRAILER}: ${head.sequence} ${head.hash}`,
  ].join('\n');
};

/** The value of the trailer; null if it is none. */
export const parseHeadTrailer = (value: string): ChainHead | null => {
  const match = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(value.trim());
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { sequence: Number(match[1]), hash: match[2] };
};

/** Item ids are ours; anything else stays out of a commit message, where `closes #1` or `@name` would act. */
const named = (item: string): string => (/^[a-z]{1,10}-\d{1,10}$/.test(item) ? item : 'an item');

/** What happened, most telling first. The subject of a commit is the first of these that occurs in it. */
const headlines: readonly [KnownEvent['type'], (event: KnownEvent) => string][] = [
  ['ledger.quarantined', () => "other hands' commits are set aside"],
  ['control.halted', () => 'everything is halted'],
  ['control.resumed', () => 'everything is resumed'],
  ['control.resume_requested', () => 'somebody asks to resume everything'],
  ['item.merged', (event) => headline(event, 'is merged')],
  ['item.terminated', (event) => headline(event, 'has ended')],
  ['gate.rejected', (event) => headline(event, 'is rejected')],
  ['gate.overridden', (event) => headline(event, 'is overridden')],
  ['gate.approved', (event) => headline(event, 'is approved')],
  ['gate.expired', (event) => headline(event, 'has expired')],
  ['cycle.closed', () => 'a cycle is closed'],
  ['gate.requested', (event) => headline(event, waitingFor(event))],
  ['gate.reopened', (event) => headline(event, 'waits for a human again')],
  ['information.requested', (event) => headline(event, 'waits for information')],
  ['run.dead', (event) => headline(event, "waits for a human's retry")],
  ['model.unavailable', (event) => headline(event, 'waits for the model')],
  ['effect.uncertain', (event) => headline(event, 'has an act nobody can vouch for')],
  ['changes.requested', (event) => headline(event, 'has changes requested')],
  ['approval.ended', (event) => headline(event, 'lost an approval')],
  ['approval.given', (event) => headline(event, 'got an approval')],
  ['item.held', (event) => headline(event, 'is held')],
  ['item.released', (event) => headline(event, 'is released')],
  ['item.retried', (event) => headline(event, 'is tried again')],
  ['run.failed', (event) => headline(event, 'failed and is tried again')],
  ['item.created', (event) => headline(event, 'is opened')],
  ['stage.returned', (event) => headline(event, 'went back a stage')],
  ['stage.entered', (event) => headline(event, 'entered a stage')],
  ['policy.adopted', () => 'other policies are in force'],
  ['run.started', (event) => headline(event, 'is worked on')],
  ['merge.counted', () => 'a merge is counted'],
  ['effect.done', (event) => headline(event, 'has an effect done')],
];

const headline = ({ item }: KnownEvent, what: string): string =>
  `${item === null ? 'the repository' : named(item)} ${what}`;

const waitingFor = (event: KnownEvent): string =>
  event.type === 'gate.requested'
    ? `waits for a human (${gateName(event.data.gate.action)})`
    : 'waits for a human';

export const subjectOf = (events: readonly RecordedEvent[]): string => {
  const known = events.map(upcast).filter((event) => event !== null);
  for (const [type, say] of headlines) {
    const event = known.findLast((one) => one.type === type);
    if (event !== undefined) return subject(say(event), known, event.item);
  }
  const [first] = events;
  return subject(first === undefined ? 'nothing happened' : first.type, known, first?.item ?? null);
};

const subject = (what: string, events: readonly KnownEvent[], item: string | null): string => {
  const others = new Set(events.map((event) => event.item).filter((one) => one !== null));
  if (item !== null) others.delete(item);
  return `ledger: ${what}${others.size > 0 ? `, and ${others.size} more` : ''} [skip ci]`;
};
