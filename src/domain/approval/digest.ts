import { ok, refuse, type Result } from '../result.ts';
import type { PolicyRequest, PullRequestFacts, PushFacts } from '../policy/request.ts';
import type { Survival } from '../policy/rules.ts';

/** What an approval is given on: the head of a pull request, or a plan. */
export type Subject =
  | {
      readonly type: 'head';
      readonly digest: string;
      /** Milliseconds; null where nobody knows when the head was pushed. */
      readonly since: number | null;
      readonly pull: PullRequestFacts;
      readonly pushes: readonly PushFacts[];
    }
  | { readonly type: 'plan'; readonly digest: string; readonly since: number | null }
  | { readonly type: 'nothing' };

/** `plan.adopt` is about the plan; anything else about the pull request where there is one, else about the plan. */
export function subjectOf(request: PolicyRequest): Subject {
  const { pull_request: pull, issue, action } = request;
  if (pull !== null && action.kind !== 'plan.adopt') {
    const pushes = consistentPushes(pull);
    return { type: 'head', digest: pull.head, since: pushedAt(pull, pushes), pull, pushes };
  }
  const plan = issue?.plan ?? null;
  return plan === null
    ? { type: 'nothing' }
    : { type: 'plan', digest: plan.digest, since: time(plan.published_at) };
}

/** Milliseconds since 1970, or null for what is no time. */
export function time(at: string | null): number | null {
  const ms = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(ms) ? null : ms;
}

/** An act with what binds it: a review names its commit, labels and comments only their time. */
export interface Bound {
  readonly commit: string | null;
  readonly at: number;
}

/** The digest the act was given on, if that is the one in force or the pushes since are ones it survives. */
export function standing(act: Bound, subject: Subject, survives: Survival): Result<string> {
  if (subject.type === 'head') return headStanding(act, subject, survives);
  if (subject.type === 'plan') return planStanding(act, subject);
  return refuse('digest.none', 'there is no head and no published plan to approve');
}

function planStanding(act: Bound, plan: Extract<Subject, { type: 'plan' }>): Result<string> {
  if (act.commit !== null)
    return refuse('digest.other', `given on ${short(act.commit)}, which is no plan`);
  if (plan.since === null)
    return refuse('digest.unknown', 'when the plan was published is not known');
  if (act.at < plan.since) {
    return refuse(
      'digest.old',
      `given before the plan ${short(plan.digest)} was published, at ${iso(plan.since)}`,
    );
  }
  return ok(plan.digest);
}

function headStanding(
  act: Bound,
  head: Extract<Subject, { type: 'head' }>,
  survives: Survival,
): Result<string> {
  if (act.commit === null && head.since === null) {
    return refuse(
      'digest.unknown',
      `when the head ${short(head.digest)} was pushed is not known, so this cannot be bound to it`,
    );
  }
  const given = act.commit ?? headAt(act.at, head);
  if (given === head.digest) return ok(given);
  if (given !== null && survived(given, head, survives)) return ok(given);
  return given === null
    ? refuse(
        'digest.old',
        `given before the head ${short(head.digest)} was pushed, at ${iso(head.since ?? 0)}`,
      )
    : refuse('digest.old', `given on ${short(given)}; the head is ${short(head.digest)}`);
}

/** The head that was in force at a moment; null where only the present one is known and it came later. */
function headAt(at: number, head: Extract<Subject, { type: 'head' }>): string | null {
  if (head.since !== null && at >= head.since) return head.digest;
  const push = head.pushes.slice(0, -1).findLast((one) => (time(one.at) ?? Infinity) <= at);
  if (push === undefined) return null;
  const { known_until: until } = push;
  return until === undefined || at <= (time(until) ?? -Infinity) ? push.head : null;
}

function survived(
  given: string,
  head: Extract<Subject, { type: 'head' }>,
  survives: Survival,
): boolean {
  const from = head.pushes.findLastIndex((push) => push.head === given);
  if (from === -1) return false;
  return head.pushes.slice(from + 1).every((push, index) => {
    const before = head.pushes[from + index];
    return before !== undefined && leavesStanding(before, push, head.pull, survives);
  });
}

function leavesStanding(
  before: PushFacts,
  push: PushFacts,
  pull: PullRequestFacts,
  survives: Survival,
): boolean {
  const sameChange = push.diff_hash !== null && push.diff_hash === before.diff_hash;
  const merges = (pull.commits.find((commit) => commit.sha === push.head)?.parents.length ?? 0) > 1;
  return (
    (survives.rebase && sameChange && push.rewritten) ||
    (survives.updateMerge && sameChange && !push.rewritten && merges) ||
    (push.paths !== null &&
      push.paths.length > 0 &&
      push.paths.every((path) => survives.paths.some((pattern) => pattern.test(path))))
  );
}

/** The pushes, if they end at the head and run forward in time; otherwise none, so that nothing survives on their word. */
function consistentPushes(pull: PullRequestFacts): readonly PushFacts[] {
  const pushes = pull.pushes ?? [];
  const times = pushes.map((push) => time(push.at));
  const forward = times.every((at, index) => at !== null && at >= (times[index - 1] ?? -Infinity));
  return forward && pushes.at(-1)?.head === pull.head ? pushes : [];
}

/** The later of what the head commit and the last push say. */
function pushedAt(pull: PullRequestFacts, pushes: readonly PushFacts[]): number | null {
  const known = [
    time(pull.commits.find((commit) => commit.sha === pull.head)?.pushed_at ?? null),
    time(pushes.at(-1)?.at ?? null),
  ].filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Full shas and hashes are cut to what a reader compares. */
export const short = (digest: string) =>
  /^[0-9a-f]{40,64}$/.test(digest) ? digest.slice(0, 10) : digest;

export const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
