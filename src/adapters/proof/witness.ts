import { countOf, minuteAt, other, weekdayAt } from './hindrance.ts';
import type { Model } from './solver.ts';
import { presenceOf, type FactTypes } from './variables.ts';

/** A request in the making: JSON, checked by the schema of requests before anybody believes it. */
export type Draft = Readonly<Record<string, unknown>>;

/** No witness lists more than this; a longer one would prove as much and be read by nobody. */
const longest = 200;

const actor = { id: 50, login: 'ann', type: 'User' };

/** What a request is where the model says nothing: an ordinary pull request by ann, on which nobody has spoken. */
const ordinary: Draft = {
  at: '2026-01-05T12:00:00Z',
  repository: { full_name: 'acme/widgets', default_branch: 'main' },
  action: { kind: 'pull_request.merge', agent: null, item: 'pull-12' },
  pull_request: {
    number: 12,
    author: actor,
    head: 'c3',
    base: 'main',
    branch: 'feature',
    title: 'A change',
    body: '',
    draft: false,
    labels: [],
    files: [{ path: 'src/example.ts', status: 'modified', additions: 1, deletions: 0 }],
    commits: [
      {
        sha: 'c3',
        author: 'ann',
        committer: 'ann',
        parents: ['c2'],
        pushed_at: '2026-01-05T10:00:00Z',
      },
    ],
    checks: [],
  },
  issue: null,
  evidence: { reviews: [], labels: [], comments: [] },
  people: {},
  control: { halted: false, disabled_agents: [] },
  usage: { tokens_today: 0, usd_today: 0, counts: [] },
};

/** What the members of lists, and what was null, are made of. */
const samples: Readonly<Record<string, Draft>> = {
  Actor: actor,
  File: { path: 'src/example.ts', status: 'modified', additions: 1, deletions: 0 },
  Commit: {
    sha: 'c2',
    author: 'ann',
    committer: 'ann',
    parents: ['c1'],
    pushed_at: '2026-01-05T10:00:00Z',
  },
  Check: { name: 'ci', app_id: 15368, conclusion: 'success' },
  Push: { head: 'c3', at: '2026-01-05T10:00:00Z', diff_hash: null, rewritten: false, paths: null },
  MadeWith: { agent: 'contributor', tools: [], tier: 'none' },
  Plan: { digest: 'p1', published_at: '2026-01-05T10:00:00Z' },
  Issue: {
    number: 3,
    author: actor,
    title: 'An issue',
    body: '',
    labels: [],
    state: 'open',
    plan: null,
  },
  // Remarks: whatever they say, they approve nothing.
  Review: {
    id: 7,
    user: actor,
    state: 'commented',
    commit: 'c3',
    at: '2026-01-05T11:00:00Z',
    edited_at: null,
    body: '',
  },
  Label: { name: 'bug', action: 'labeled', user: actor, at: '2026-01-05T11:00:00Z' },
  Comment: { id: 9, user: actor, body: 'A remark.', at: '2026-01-05T11:00:00Z', edited_at: null },
  Person: { permission: 'read', teams: [], organizations: [] },
  Count: { agent: 'contributor', action: 'issue.label', hour: 0, day: 0 },
};

/** The request that a model describes; ordinary wherever it says nothing. */
export function draftOf(model: Model, kind: string, facts: FactTypes): Draft {
  const builder = new Builder(model, facts);
  const draft = Object.fromEntries(
    Object.entries(facts.names).map(([name, type]) => {
      const value = builder.value(name, type, ordinary[name], presenceOf(null, name) !== 'certain');
      return [name, value === null && !(name in ordinary) ? undefined : value];
    }),
  );
  const action = { ...record(draft['action']), kind, item: itemOf(kind) };
  return withClock(withCounts({ ...draft, action }, model), model);
}

const itemOf = (kind: string) =>
  kind === 'roadmap.publish' ? 'cycle-1' : kind.startsWith('pull_request.') ? 'pull-12' : 'issue-3';

/** What a request has that an ordinary one has not, a line each. */
export const unusual = (request: unknown): readonly string[] =>
  differences('', request, ordinary).filter((line) => !/^action\.(?:kind|item)\b/.test(line));

function differences(path: string, one: unknown, usual: unknown): readonly string[] {
  if (JSON.stringify(one) === JSON.stringify(usual)) return [];
  const alike =
    Array.isArray(one) && Array.isArray(usual)
      ? one.length === usual.length
      : isRecord(one) && isRecord(usual) && Object.keys(usual).length > 0;
  if (!alike) return [`${path}: ${brief(one)}`];
  return Object.entries(record(one, true)).flatMap(([key, value]) =>
    differences(
      Array.isArray(one) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      value,
      record(usual, true)[key],
    ),
  );
}

function brief(value: unknown): string {
  const written = JSON.stringify(value) ?? 'nothing';
  return written.length > 160 ? `${written.slice(0, 160)}…` : written;
}

class Builder {
  private readonly model: Model;
  private readonly facts: FactTypes;
  constructor(model: Model, facts: FactTypes) {
    this.model = model;
    this.facts = facts;
  }

  /** Undefined where the key is to be left out. */
  value(path: string, type: string, usual: unknown, mayBeNull: boolean): unknown {
    if (this.model.get(`${path}?absent`) === true) return undefined;
    if (mayBeNull && this.model.get(`${path}?null`) === true) return null;
    const spoken =
      this.model.has(`${path}?null`) || this.model.has(`${path}?absent`) || this.speaksOf(path);
    const member = /^list<(.*)>$/.exec(type)?.[1];
    if (member !== undefined) return spoken ? this.list(path, member, usual) : usual;
    const entry = /^map<string, (.*)>$/.exec(type)?.[1];
    if (entry !== undefined) return this.map(path, entry, usual);
    const fields = this.facts.types[type];
    if (fields === undefined)
      return this.model.get(path) ?? (spoken ? (usual ?? plain[type]) : usual);
    if (!spoken) return usual;
    return this.object(path, type, fields, record(usual ?? samples[type]));
  }

  private object(
    path: string,
    type: string,
    fields: Readonly<Record<string, string>>,
    usual: Draft,
  ): Draft {
    const entries = Object.entries(fields).map(([name, of]) => {
      const presence = presenceOf(type, name);
      return [
        name,
        this.value(`${path}.${name}`, of, usual[name], presence !== 'certain'),
      ] as const;
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  private list(path: string, member: string, usual: unknown): unknown {
    const length = this.model.get(`${path}#`);
    const sample = samples[member] ?? plain[member];
    const members: unknown[] = [];
    for (let index = 0; this.model.has(`${path}[${index}]?`); index += 1) {
      if (this.model.get(`${path}[${index}]?`) !== true) continue;
      members.push(this.value(`${path}[${index}]`, member, sample, false));
    }
    if (typeof length !== 'number' && members.length === 0) return usual ?? [];
    // Members that nobody speaks of are like one that somebody speaks of: then they change nothing.
    const [first = sample] = members;
    while (members.length < Math.min(Number(length ?? 0), longest)) members.push(first);
    return members;
  }

  private map(path: string, entry: string, usual: unknown): unknown {
    const keys = [...this.model.keys()].flatMap((name) => {
      const found = name.startsWith(`${path}[`)
        ? /^\[("(?:[^"\\]|\\.)*")\]/.exec(name.slice(path.length))
        : null;
      return found === null ? [] : [found[1] ?? ''];
    });
    const entries = [...new Set(keys)].map(
      (key) =>
        [
          String(JSON.parse(key)),
          this.value(`${path}[${key}]`, entry, samples[entry] ?? plain[entry], false),
        ] as const,
    );
    return {
      ...record(usual),
      ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    };
  }

  private speaksOf(path: string): boolean {
    return (
      [...this.model.keys()].some(
        (name) => name.startsWith(path) && /^[.[#]/.test(name.slice(path.length)),
      ) || this.model.has(path)
    );
  }
}

const plain: Readonly<Record<string, unknown>> = { string: 'x', int: 0, double: 0, bool: false };

const isRecord = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const record = (value: unknown, lists = false): Draft =>
  typeof value === 'object' && value !== null && (lists || !Array.isArray(value))
    ? { ...value }
    : {};

function withCounts(draft: Draft, model: Model): Draft {
  const pairs = [...model.keys()].flatMap((name) => {
    const found = /^count\[(.*)\]\[(.*)\]\.(?:hour|day)$/.exec(name);
    return found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const];
  });
  const counts = [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()].flatMap(
    ([agent, action]) => {
      const often = (span: 'hour' | 'day') => Number(model.get(countOf(agent, action, span)) ?? 0);
      const [hour, day] = [often('hour'), often('day')];
      const name = {
        agent: agent === other ? 'somebody' : agent,
        action: action === other ? 'something.else' : action,
      };
      return hour + day === 0 ? [] : [{ ...name, hour, day }];
    },
  );
  return counts.length === 0 ? draft : { ...draft, usage: { ...record(draft['usage']), counts } };
}

/** A moment at which the clocks of all zones show what the model says; if there is none, the usual one. */
function withClock(draft: Draft, model: Model): Draft {
  const zones = [...model.keys()].flatMap((name) => /^clock\[(.*)\]\.\w+$/.exec(name)?.[1] ?? []);
  const wanted = [...new Set(zones)].map((timezone) => ({
    clock: clockOf(timezone),
    weekday: model.get(weekdayAt(timezone)),
    minute: model.get(minuteAt(timezone)),
  }));
  if (wanted.length === 0) return draft;
  const start = Date.UTC(2026, 0, 5);
  for (let minute = 0; minute < 7 * 1440; minute += 1) {
    const at = start + minute * 60_000;
    const fits = wanted.every(({ clock, ...want }) => {
      const shown = clock(at);
      return (
        (want.minute === undefined || want.minute === shown.minute) &&
        (want.weekday === undefined || want.weekday === shown.weekday)
      );
    });
    if (fits) return { ...draft, at: new Date(at).toISOString().replace('.000Z', 'Z') };
  }
  return draft;
}

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function clockOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (at: number) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      weekday: names.indexOf(parts.get('weekday') ?? ''),
      minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  };
}

/** The same model without what the witness does not need: each part is left out once, and stays out if it still holds. */
export function shrunk(model: Model, holds: (model: Model) => boolean): Model {
  const groups = [
    ...new Set([...model.keys()].map((name) => /^[a-z_]+(?:\.[a-z_]+)?/.exec(name)?.[0] ?? name)),
  ];
  const without = (from: Model, drop: (name: string) => boolean): Model => {
    const less = new Map([...from].filter(([name]) => !drop(name)));
    return less.size < from.size && holds(less) ? less : from;
  };
  const coarse = groups.reduce(
    (from, group) => without(from, (name) => name.startsWith(group)),
    model,
  );
  return [...coarse.keys()].reduce((from, name) => without(from, (each) => each === name), coarse);
}
