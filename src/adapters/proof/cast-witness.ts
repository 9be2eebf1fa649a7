import { APPROVE_LABEL } from '../../domain/approval/acts.ts';
import { permissions, type Way } from '../../domain/policy/rules.ts';
import { person, type Who } from './cast.ts';
import type { Model } from './solver.ts';
import type { Draft } from './witness.ts';

const hour = 3_600_000;
const ways: readonly Way[] = ['review', 'label', 'command'];
const names = 'bea cal dan eva flo gus hal ida jon kim leo max ned ona pam ray'.split(' ');

/** Adds to a draft the people of a model, and what they did. */
export function withCast(draft: Draft, model: Model): Draft {
  const at = Date.parse(String(draft['at']));
  const cast = members(model);
  const ages = cast.flatMap(({ who }) =>
    ways.map((way) => Number(model.get(person.age(who, way)) ?? 0)),
  );
  const stage: Stage = {
    model,
    at,
    since: at - Math.max(...ages, hour) - hour,
    onPlan: draft['pull_request'] === null || record(draft['action'])['kind'] === 'plan.adopt',
  };
  const acts = cast.map((each) => actsOf(each, stage));
  const evidence = record(draft['evidence']);
  return {
    ...draft,
    people: {
      ...record(draft['people']),
      ...Object.fromEntries(cast.map((each) => [each.login, facts(each, model)])),
    },
    evidence: {
      ...evidence,
      reviews: [...list(evidence['reviews']), ...acts.flatMap(({ reviews }) => reviews)],
      labels: [...list(evidence['labels']), ...acts.flatMap(({ labels }) => labels)],
      comments: [...list(evidence['comments']), ...acts.flatMap(({ comments }) => comments)],
    },
    ...(draft['pull_request'] === null
      ? {}
      : { pull_request: withHistory(record(draft['pull_request']), cast, stage) }),
    ...(stage.onPlan ? withPlan(draft, stage) : {}),
    ...withPrior(draft, cast, model),
  };
}

interface Stage {
  readonly model: Model;
  /** When it is asked, and since when the head or the plan is what it is. */
  readonly at: number;
  readonly since: number;
  /** Whether the plan is what is approved. */
  readonly onPlan: boolean;
}

interface Member {
  readonly who: Who;
  readonly id: number;
  readonly login: string;
}

/** Whoever does something in the model. */
function members(model: Model): readonly Member[] {
  const said = new Set([...model].flatMap(([name, value]) => (value === true ? [name] : [])));
  const acting = names
    .map((_, who) => who)
    .filter(
      (who) => ways.some((way) => said.has(person.act(who, way))) || said.has(person.author(who)),
    );
  const objects = [...model.keys()].some((name) => name.startsWith('person[objector]'));
  return [...acting, ...(objects ? (['objector'] as const) : [])].map((who, index) => {
    const prefix = person.is(who, '').slice(0, -1);
    const login = [...said].find((name) => name.startsWith(prefix))?.slice(prefix.length, -1);
    const id = /^id:(\d+)$/.exec(login ?? '')?.[1];
    return {
      who,
      id: Number(id ?? 101 + index),
      login:
        (id === undefined ? login : undefined) ??
        (who === 'objector' ? 'olaf' : (names[who] ?? 'zoe')),
    };
  });
}

function facts({ who }: Member, model: Model) {
  const prefix = person.member(who, '').slice(0, -1);
  const groups = [...model].flatMap(([name, value]) =>
    value === true && name.startsWith(prefix) ? [name.slice(prefix.length, -1)] : [],
  );
  return {
    permission: permissions[Number(model.get(person.permission(who)) ?? 1)] ?? 'none',
    teams: groups.filter((group) => group.includes('/')),
    organizations: groups.filter((group) => !group.includes('/')),
  };
}

const user = ({ id, login }: Member) => ({ id, login, type: 'User' });
const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

function actsOf(member: Member, { model, at, since, onPlan }: Stage) {
  const { who, id } = member;
  if (who === 'objector') {
    const review = {
      id,
      user: user(member),
      state: 'changes_requested',
      commit: onPlan ? null : 'c3',
      at: iso(at - hour / 2),
      edited_at: null,
      body: '',
    };
    return { reviews: [review], labels: [], comments: [] };
  }
  const fresh = (way: Way) => model.get(person.fresh(who, way)) === true;
  const when = (way: Way) =>
    iso(fresh(way) ? at - Number(model.get(person.age(who, way)) ?? hour) : since - hour / 2);
  const does = (way: Way) => model.get(person.act(who, way)) === true;
  const edited = model.get(person.edited(who)) === true;
  return {
    reviews: does('review')
      ? [
          {
            id,
            user: user(member),
            state: 'approved',
            commit: onPlan ? null : fresh('review') ? 'c3' : 'c2',
            at: when('review'),
            edited_at: null,
            body: '',
          },
        ]
      : [],
    labels: does('label')
      ? [{ name: APPROVE_LABEL, action: 'labeled', user: user(member), at: when('label') }]
      : [],
    comments: does('command')
      ? [
          {
            id: id + 100,
            user: user(member),
            body: '/assent approve',
            at: when('command'),
            edited_at: edited ? when('command') : null,
          },
        ]
      : [],
  };
}

/** The head since when it has to be, who wrote what, and the push that some approvals are to survive. */
function withHistory(pull: Draft, cast: readonly Member[], { model, since }: Stage): Draft {
  const author = cast.find(({ who }) => model.get(person.author(who)) === true);
  const contributors = cast.filter(({ who }) => model.get(person.contributor(who)) === true);
  const pushed = [...model].flatMap(([name, value]) => {
    const found = /\.(rebased|merged|within)(?:\[(.*)\])?$/.exec(name);
    return value === true && found !== null ? [{ how: found[1], paths: found[2] ?? '' }] : [];
  });
  const [push] = pushed;
  const merges = push?.how === 'merged';
  const [first = {}, ...others] = list(pull['commits']).map((each) => record(each));
  const head = {
    ...first,
    sha: pull['head'],
    pushed_at: iso(since),
    parents: merges ? ['c2', 'm1'] : ['c2'],
  };
  const commits = contributors.map(({ login }, index) => ({
    sha: `b${index}`,
    author: login,
    committer: login,
    parents: ['c0'],
    pushed_at: null,
  }));
  const path = push?.paths.split(' ')[0]?.replaceAll('**', 'x').replaceAll(/[*?]/g, 'x');
  const same = push !== undefined && push.how !== 'within';
  return {
    ...pull,
    ...owned(pull, cast, model),
    ...(author === undefined ? {} : { author: user(author) }),
    commits: [head, ...others, ...commits],
    ...(push === undefined
      ? {}
      : {
          pushes: [
            { head: 'c2', at: iso(since - hour), diff_hash: 'd1', rewritten: false, paths: null },
            {
              head: pull['head'],
              at: iso(since),
              diff_hash: same ? 'd1' : 'd2',
              rewritten: push.how === 'rebased',
              paths: same ? null : [path],
            },
          ],
        }),
  };
}

/** Each file has the same owners; none, where nobody here is one. */
function owned(pull: Draft, cast: readonly Member[], model: Model): Draft {
  if (![...model.keys()].some((name) => name.endsWith('.owns'))) return {};
  const owners = cast
    .filter(({ who }) => model.get(person.owns(who)) === true)
    .map(({ login }) => `@${login}`);
  return { files: list(pull['files']).map((file) => ({ ...record(file), owners })) };
}

const withPlan = (draft: Draft, { since }: Stage): Draft => ({
  issue: {
    number: 3,
    author: { id: 50, login: 'ann', type: 'User' },
    title: 'An issue',
    body: '',
    labels: [],
    state: 'open',
    ...record(draft['issue']),
    plan: { digest: 'p1', published_at: iso(since) },
  },
});

function withPrior(draft: Draft, cast: readonly Member[], model: Model): Draft {
  const prior = cast.flatMap(({ who, id, login }) => {
    const prefix = person.before(who, '').slice(0, -1);
    return [...model].flatMap(([name, value]) => {
      const step = name.startsWith(prefix) ? name.slice(prefix.length, -1) : null;
      return value === true && step !== null ? [{ gate: step, step, id, login }] : [];
    });
  });
  const given = list(draft['prior_approvals']);
  return prior.length === 0 ? {} : { prior_approvals: [...given, ...prior] };
}

const record = (value: unknown): Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
