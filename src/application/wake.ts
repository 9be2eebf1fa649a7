import type { StoredDelivery } from '../ports/inbox.ts';
import { readFinishedRun, RUN_FINISHED } from './runs/finished-run.ts';
import { PERSON_ACT } from './intake/person-act.ts';
import { POLICIES_TRIED } from './trials/trial-job.ts';
import { isSetAside } from './intake/set-aside.ts';
import { takeOrSetAside, type Taken } from './taking.ts';
import { advance } from './decisions/advance.ts';
import { budgetAgainAt } from './decisions/budget.ts';
import { runsAgainAt } from './decisions/run-caps.ts';
import { followUpTimes } from './decisions/follow-up.ts';
import { lapseOf } from './decisions/lapse.ts';
import { isEcho } from './intake/echo.ts';
import { roadmapDigest } from './decisions/milestones.ts';
import { isLast } from './effects/effect-outcomes.ts';
import { isHeldBack, perform } from './effects/effects.ts';
import { isDue, nextLooks } from './effects/waiting.ts';
import { stopRuns } from './runs/stop-runs.ts';
import { present } from './effects/presentation.ts';
import { startTrials } from './trials/start-trials.ts';
import { reconcile } from './intake/reconcile.ts';
import type { Deps, Repository } from './repository.ts';
import { readRules } from './rules.ts';
import { LedgerRefusedError, Session, type RepositoryMemory, type Rules } from './session.ts';
import { stimulusOf } from './intake/stimulus-of.ts';

/** Rounds of decide → record → act in one wake-up; a bound on the cause chain (SECURITY.md, "Runaway loops"). */
const MAX_ROUNDS = 50;

export interface WakeInput {
  readonly deps: Deps;
  readonly repository: Repository;
  readonly memory: RepositoryMemory;
  /** The default branch, as last heard. */
  readonly branch: string;
  /** Our own account's login: its events are echoes. */
  readonly ourselves: string;
  /** Compare with GitHub first: after a start, and when asked. */
  readonly reconcile: boolean;
}

export interface Woken {
  /** When to look again; null: nothing waits for time. */
  readonly again_at: string | null;
  /** The default branch, as GitHub calls it now. */
  readonly branch: string;
}

/** Takes all that waits for one repository as far as it goes. */
export async function wake(given: WakeInput): Promise<Woken> {
  const { deps, repository } = given;
  const deliveries = await deps.inbox.take(repository.ref.full_name);
  const input = { ...given, branch: await defaultBranch(given, deliveries) };
  const { branch } = input;
  const { rest } = input.memory;
  if (rest !== null && isNothingNew(input, rest, deliveries)) {
    for (const { id } of deliveries) await deps.inbox.settle(id, 'ignored', 'our own act');
    return { again_at: rest.until, branch };
  }
  input.memory.rest = null;
  const began = deps.now();
  await repository.files.fetch();
  const session = await openSession(input, deliveries);
  configureCycle(session);
  if (input.reconcile) await reconcile(session, input.branch);

  const before = session.state;
  const settled: Settled[] = [];
  // Reports of runs come last: a person's halt, hold or push that came meanwhile is news to them.
  const reports = deliveries.filter(({ event }) => event === RUN_FINISHED);
  const news = deliveries.filter(({ event }) => event !== RUN_FINISHED);
  for (const delivery of [...news, ...reports]) {
    if (isSetAside(session.memory, delivery, began)) continue;
    const taken = await takeOrSetAside(session, delivery, input.ourselves);
    if (taken !== 'later') settled.push({ id: delivery.id, ...taken });
  }
  stopRuns(session.memory, session.state);
  if (news.some(({ event }) => event === PERSON_ACT)) await answerPeople(session, news, settled);
  await judgeAgainUnderNewRules(session);
  await run(session, before.items);
  for (const { id, outcome, reason } of settled) await deps.inbox.settle(id, outcome, reason);
  const ended = new Set(settled.map(({ id }) => id));
  const undecided = reports.filter(({ id }) => !ended.has(id));
  await startJobs(session, new Set(undecided.map(({ payload }) => readFinishedRun(payload).run)));
  await startTrials(session);
  if (isPast(deps, receiptsDue(input.memory))) await session.flushAll();
  forgetEnded(session);
  input.memory.rest = { until: nextLook(session, began) };
  return { again_at: input.memory.rest.until, branch };
}

/** A delivery that names another one is a hint that it was renamed, and GitHub is asked; an old delivery hints in vain. */
async function defaultBranch(
  { repository, branch }: WakeInput,
  deliveries: readonly StoredDelivery[],
): Promise<string> {
  const isOther = deliveries.some((delivery) => {
    const ours = [RUN_FINISHED, POLICIES_TRIED].includes(delivery.event);
    const stimulus = ours ? null : stimulusOf(delivery);
    const named = stimulus?.ok === true ? stimulus.value.repository?.default_branch : undefined;
    return named !== undefined && named !== branch;
  });
  return isOther ? (await repository.host.describe()).default_branch : branch;
}

interface Settled extends Taken {
  readonly id: string;
}

/** Somebody waits for the answer, and it stands once it is recorded: all that follows from it need not be done first. */
async function answerPeople(
  session: Session,
  news: readonly StoredDelivery[],
  settled: readonly Settled[],
): Promise<void> {
  await session.flush();
  const acts = new Set(news.filter(({ event }) => event === PERSON_ACT).map(({ id }) => id));
  for (const { id, outcome, reason } of settled) {
    if (acts.has(id)) await session.deps.inbox.settle(id, outcome, reason);
  }
}

/** Only the echo of our own acts, as after every commit and comment, and no time has come: nobody need be asked anything. */
const isNothingNew = (
  { deps, reconcile: isFirst, ourselves }: WakeInput,
  rest: { readonly until: string | null },
  deliveries: readonly StoredDelivery[],
): boolean =>
  deliveries.length > 0 &&
  !isFirst &&
  !isPast(deps, rest.until) &&
  deliveries.every((delivery) => isEcho(delivery, ourselves));

const isPast = ({ now }: Deps, time: string | null): boolean => time !== null && time <= now();

async function openSession(
  { deps, repository, memory, branch }: WakeInput,
  deliveries: readonly StoredDelivery[],
): Promise<Session> {
  const reading = await readLedger(repository, memory);
  memory.reading = reading;
  const rules: Rules = await readRules(deps, repository, branch, memory);
  memory.fault = rules.kind === 'broken' ? rules.reason : null;
  const taken = deliveries.map(({ id }) => id);
  return new Session({ deps, repository, rules, memory, reading, taken });
}

/** What this process knows, unless the mirror, just fetched, shows that another one wrote. */
async function readLedger(repository: Repository, { reading }: RepositoryMemory) {
  const head = await repository.files.head(repository.ledgerBranch);
  if (reading !== null && reading.oid === head) return reading;
  const loaded = await repository.ledger.load();
  if (!loaded.ok) throw new LedgerRefusedError(loaded.refusal.code, loaded.refusal.message);
  return loaded.value;
}

function configureCycle(session: Session): void {
  if (session.rules.kind === 'broken') return;
  const { every } = session.rules.config.agents.governor;
  if (every !== session.state.cycle.every) session.give({ kind: 'configure_cycle', every });
}

/** A changed policy, or a roadmap that policies ask about, is a new question to everything that waits. */
async function judgeAgainUnderNewRules(session: Session): Promise<void> {
  const { rules } = session;
  const digest =
    rules.kind === 'sound' ? `${rules.policies.digest} ${await roadmapDigest(session)}` : null;
  if (digest === session.memory.judgedBy) return;
  session.memory.judgedBy = digest;
  for (const id of Object.keys(session.state.items)) session.dirty.add(id);
}

/** Decide, record, act; and again on what came of it. */
async function run(session: Session, before: Readonly<Record<string, unknown>>): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await settleDecisions(session);
    if (isQuiet(session)) present(session, changedSince(session, before));
    await session.flush();
    const moved = await perform(session);
    if (session.interrupted) {
      await session.flush();
      return;
    }
    if (!moved && isQuiet(session) && changedSince(session, before).size === 0) return;
    if (!moved && !(await session.flush())) return;
  }
  session.deps.log.error(
    { repository: session.repository.ref.full_name },
    'too many rounds in one wake-up',
  );
}

/** Decides until nothing follows from what was decided, so that it becomes one commit and one edit of a comment. */
async function settleDecisions(session: Session): Promise<void> {
  for (let step = 0; step < MAX_ROUNDS; step += 1) {
    const before = session.decided;
    await advance(session);
    if (session.decided === before) return;
  }
}

/**
 * Nothing but presentation is outstanding, or what waits for GitHub and is mostly found as it was: what people are shown now
 * will not be overtaken at once.
 */
function isQuiet(session: Session): boolean {
  return !Object.values(session.state.intents).some(
    (intent) =>
      !isLast(intent) &&
      !intent.uncertain &&
      intent.waiting === undefined &&
      !isHeldBack(session, intent) &&
      isDue(session, intent),
  );
}

function changedSince(
  session: Session,
  before: Readonly<Record<string, unknown>>,
): ReadonlySet<string> {
  const { items } = session.state;
  const ids = new Set([...Object.keys(items), ...Object.keys(before)]);
  return new Set([...ids].filter((id) => items[id] !== before[id]));
}

/**
 * An agent's run is a job of its own: minutes long, beside the repository's other work. `undecided`: runs whose work is in the inbox;
 * begun again, they would be paid for twice.
 */
async function startJobs(session: Session, undecided: ReadonlySet<string>): Promise<void> {
  const { deps, repository, memory } = session;
  for (const item of Object.values(session.state.items)) {
    if (item.authority !== 'running' || item.run === null || undecided.has(item.run)) continue;
    // Where others work too, it may have been broken off without a word to this process; a job that waits already serves.
    if (memory.running.has(item.run) && !deps.shared) continue;
    if (item.held !== null || session.state.control.halted !== null) continue;
    if (item.proposal !== null || ['plan', 'merge'].includes(item.stage)) continue;
    memory.running.add(item.run);
    await deps.queue.enqueue({
      queue: 'agent',
      key: `${repository.ref.full_name}#${item.run}`,
      data: { ...repositoryData(repository), item: item.id, run: item.run },
    });
  }
}

const repositoryData = ({ ref }: Repository): Readonly<Record<string, unknown>> => ({
  repository: { ...ref },
});

/** Receipts alone are worth a commit once nothing else has made one for so long. */
const RECEIPTS_WAIT_MS = 60_000;

const receiptsDue = ({ receiptsSince }: RepositoryMemory): string | null =>
  receiptsSince === null
    ? null
    : new Date(Date.parse(receiptsSince) + RECEIPTS_WAIT_MS).toISOString();

function forgetEnded({ dirty, state }: Session): void {
  for (const id of dirty) if (state.items[id] === undefined) dirty.delete(id);
}

/** `began`: what was due when this wake-up looked and is there still waits for something else than time. */
function nextLook(session: Session, began: string): string | null {
  const { state, deps, memory } = session;
  if (state.control.halted !== null) return receiptsDue(memory);
  const times = [
    ...Object.values(state.items).map(({ not_before }) => not_before),
    ...Object.values(state.intents).map(({ not_before }) => not_before),
    ...Object.values(state.items).map((item) => lapseOf(session, item)),
    ...Object.values(state.items).flatMap((item) => followUpTimes(session, item)),
    ...Object.values(state.items).map((item) => budgetAgainAt(session, item)),
    ...Object.values(state.items).map((item) => runsAgainAt(session, item)),
    ...nextLooks(session),
    ...[...memory.failing.values()].map(({ next }) => next),
    receiptsDue(memory),
  ].filter((time): time is string => time !== null && time > began);
  if (Object.keys(state.items).some((id) => isBlocked(session, id)))
    times.push(new Date(Date.parse(deps.now()) + deps.timing.blocked_ms).toISOString());
  return times.sort()[0] ?? null;
}

/** Waits for time or for somebody to mend a file, not for a person's decision. */
const isBlocked = ({ rules, memory }: Session, id: string): boolean =>
  rules.kind === 'broken' || memory.verdicts.get(id)?.effect === 'deny';
