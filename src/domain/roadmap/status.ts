/** Where an item or a milestone stands; `unknown` where the document does not say, or says it in words we do not know. */
export type Status = 'done' | 'in_progress' | 'planned' | 'blocked' | 'unknown';

/** What a status may be set to. */
export type SettableStatus = Exclude<Status, 'unknown'>;

export const settableStatuses: readonly SettableStatus[] = [
  'done',
  'in_progress',
  'planned',
  'blocked',
];

/** `in-progress`, `In Progress` and `in_progress` are one word; null for anything that is no settable status. */
export function settableStatus(word: string): SettableStatus | null {
  const name = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return settableStatuses.find((status) => status === name) ?? null;
}

/** The words that roadmaps use, as found in public ones; the first of each is what we write where a document has none. */
const phrases: Readonly<Record<SettableStatus, readonly string[]>> = {
  done: [
    'done',
    'complete',
    'completed',
    'implemented',
    'shipped',
    'released',
    'finished',
    'delivered',
    'merged',
    'closed',
    'achieved',
    'stable',
  ],
  in_progress: [
    'in progress',
    'in-progress',
    'in_progress',
    'work in progress',
    'wip',
    'partial',
    'partially done',
    'partially implemented',
    'partially complete',
    'ongoing',
    'started',
    'active',
    'underway',
    'under way',
    'in development',
    'under development',
    'in design',
    'in review',
    'in testing',
    'doing',
    'current',
  ],
  planned: [
    'planned',
    'todo',
    'to do',
    'to-do',
    'not started',
    'not yet started',
    'not done',
    'not implemented',
    'backlog',
    'proposed',
    'upcoming',
    'future',
    'next',
    'later',
    'pending',
    'open',
    'queued',
    'tbd',
  ],
  blocked: ['blocked', 'on hold', 'on-hold', 'paused', 'stalled', 'deferred'],
};

/** The word we write where a document has none of its own for a status. */
export function defaultWord(status: SettableStatus): string {
  const [word] = phrases[status];
  return word === undefined ? status : titleCase(word);
}

const statusOfPhrase = new Map(
  settableStatuses.flatMap((status) => phrases[status].map((phrase) => [phrase, status] as const)),
);

const longestFirst = [...statusOfPhrase.keys()].sort((a, b) => b.length - a.length);
const phraseHere = new RegExp(`(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}_-])`, 'iuy');

export interface FoundWord {
  readonly text: string;
  readonly status: SettableStatus;
}

/** The status word that begins exactly at `offset`, the longest that fits. */
export function wordAt(text: string, offset: number): FoundWord | null {
  phraseHere.lastIndex = offset;
  const found = phraseHere.exec(text)?.[0];
  if (found === undefined) return null;
  const status = statusOfPhrase.get(found.toLowerCase());
  return status === undefined ? null : { text: found, status };
}

/** A percentage says it too: all, nothing, or on the way. */
export function statusOfPercent(percent: number): SettableStatus {
  if (percent >= 100) return 'done';
  return percent <= 0 ? 'planned' : 'in_progress';
}

/** Writes a word as another one is written: `COMPLETED` asks for `BLOCKED`, `done` for `blocked`. */
export function inTheCaseOf(model: string, word: string): string {
  if (model.length > 1 && model === model.toUpperCase()) return word.toUpperCase();
  if (model === model.toLowerCase()) return word.toLowerCase();
  return titleCase(word);
}

function titleCase(text: string): string {
  return text.replaceAll(/\b\p{L}/gu, (letter) => letter.toUpperCase());
}
