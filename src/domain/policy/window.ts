import { weekdays, type Weekday, type Window } from './rules.ts';

/** A moment on a zone's wall clock. `day` counts days since 1970-01-01 there, `minute` minutes since midnight. */
interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

/** Null if the windows are open at the moment (ISO), else why not and when the next one opens. Windows are alternatives. */
export function closedReason(windows: readonly Window[], at: string): string | null {
  const openings: { local: LocalTime; wait: number; timezone: string }[] = [];
  for (const window of windows) {
    const now = localTime(at, window.timezone);
    if (now === null) continue;
    if (isOpen(window, now)) return null;
    const next = nextOpening(window, now);
    if (next !== null)
      openings.push({ local: next, wait: minutesBetween(now, next), timezone: window.timezone });
  }
  const [first] = openings.sort((a, b) => a.wait - b.wait);
  const hours = windows.map(describeWindow).join(', or ');
  return first === undefined
    ? `outside its window (${hours}), which never opens`
    : `outside its window (${hours}); opens ${describeTime(first.local)} ${first.timezone}`;
}

function isOpen({ days, opens, closes }: Window, { day, minute }: LocalTime): boolean {
  const today = days.includes(weekdayOf(day));
  if (closes > opens) return today && minute >= opens && minute < closes;
  const yesterday = days.includes(weekdayOf(day - 1));
  return (today && minute >= opens) || (yesterday && minute < closes);
}

/** On the wall clock, so that "opens Monday 09:00" stays true across a change of summer time. */
function nextOpening({ days, opens }: Window, now: LocalTime): LocalTime | null {
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const day = now.day + ahead;
    if (days.includes(weekdayOf(day)) && (ahead > 0 || now.minute < opens))
      return { day, minute: opens };
  }
  return null;
}

const minutesBetween = (from: LocalTime, to: LocalTime) =>
  (to.day - from.day) * 1440 + to.minute - from.minute;

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): Weekday => weekdays[(((day + 3) % 7) + 7) % 7] ?? 'mon';

/** Null where the moment or the zone cannot be read. */
function localTime(at: string, timezone: string): LocalTime | null {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return null;
  try {
    const parts = clockOf(timezone).formatToParts(ms);
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      Number(parts.find((each) => each.type === type)?.value);
    const day = Date.UTC(part('year'), part('month') - 1, part('day')) / 86_400_000;
    return { day, minute: part('hour') * 60 + part('minute') };
  } catch {
    // A zone this platform does not know. The window then never opens, which is the safe reading.
    return null;
  }
}

/** Making one takes longer than the rest of a verdict, and policies name few zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  if (clocks.size >= 100) clocks.clear();
  clocks.set(timezone, made);
  return made;
}

const pad = (value: number) => String(value).padStart(2, '0');
const clock = (minute: number) => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;

const describeWindow = ({ days, opens, closes, timezone }: Window) =>
  `${days.join(' ')} ${clock(opens)}-${clock(closes)} ${timezone}`;

const describeTime = ({ day, minute }: LocalTime) =>
  `${weekdayOf(day)} ${new Date(day * 86_400_000).toISOString().slice(0, 10)} ${clock(minute)}`;
