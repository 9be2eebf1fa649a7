import type { Item } from '../../domain/work-item/state.ts';
import { agentOf } from './agent-of.ts';
import { budgetSpent } from './budget.ts';
import { assess, type Assessment } from './gate.ts';
import { mendFailingChecks } from './failing-checks.ts';
import { followUp } from './follow-up.ts';
import { isLapsed, lapse } from './lapse.ts';
import { passReviewOver } from './pass-over.ts';
import { recordVerdict } from './record.ts';
import { closedGate } from './milestones.ts';
import { noSandbox } from './no-sandbox.ts';
import { presentCheck } from '../effects/presentation.ts';
import type { Rules, Session } from '../session.ts';
import { returnIfEdited } from './plan-digest.ts';
import { runsSpent } from './run-caps.ts';
import { settleGate } from './settle.ts';

/** Takes every open item as far as it goes without anything outward happening. */
export async function advance(session: Session): Promise<void> {
  if (session.state.control.halted !== null) return;
  for (const id of Object.keys(session.state.items)) {
    const item = session.item(id);
    if (item === undefined || item.held !== null) continue;
    const obstacle = obstacleIn(session.rules);
    if (obstacle !== null) {
      session.give({ kind: 'block', item: id, reason: obstacle });
      continue;
    }
    await session.deps.attribute(id, () => advanceItem(session, item));
  }
}

/** Without sound rules nothing would be allowed anyway; no run is begun, and no model paid, for a proposal that must be denied. */
function obstacleIn(rules: Rules): string | null {
  if (rules.kind === 'broken') return rules.reason;
  if (rules.policies.rules.length > 0) return null;
  return `there are no policies on ${rules.branch}, so nothing is allowed: add policies/*.yml (docs/policies.md)`;
}

async function advanceItem(session: Session, item: Item): Promise<void> {
  if (await mendFailingChecks(session, item)) return;
  switch (item.authority) {
    case 'created':
      return begin(session, item);
    case 'model_unavailable':
      // Asked again it would say the same, and each time leave two lines in the history. The governor can do without.
      if (item.note !== null && item.note === session.deps.model.absent && item.kind !== 'cycle') {
        return;
      }
      return beginWhenDue(session, item);
    case 'failed':
      return beginWhenDue(session, item);
    case 'running':
      if (agentOf[item.stage] === null) await askGate(session, item);
      return;
    case 'waiting_for_human':
      return wait(session, item);
    case 'waiting_for_information':
      return followUp(session, item);
    case 'approved':
    case 'overridden':
      return act(session, item);
    default:
      return;
  }
}

async function beginWhenDue(session: Session, item: Item): Promise<void> {
  if (item.not_before !== null && item.not_before <= session.deps.now()) await begin(session, item);
}

/** Looks again where something may have changed, and before a question is let go: its answer may be there unheard. */
async function wait(session: Session, item: Item): Promise<void> {
  const lapsed = isLapsed(session, item);
  if (session.dirty.delete(item.id) || lapsed || mayHavePassed(session, item))
    await reassess(session, item);
  const now = session.item(item.id);
  if (lapsed && now !== undefined && isLapsed(session, now)) lapse(session, now);
}

/** What denies may be gone with time alone: a window opens, a limit is over. Nobody sends news of that. */
function mayHavePassed({ memory, deps }: Session, { id }: Item): boolean {
  const judged = memory.judgedAt.get(id);
  if (judged === undefined || memory.verdicts.get(id)?.effect !== 'deny') return false;
  return Date.parse(deps.now()) - Date.parse(judged) >= deps.timing.blocked_ms;
}

async function begin(session: Session, item: Item): Promise<void> {
  if (session.rules.kind === 'broken') return;
  const agent = agentOf[item.stage];
  if (agent === null) {
    if (session.give({ kind: 'start_run', item: item.id, agent: null }).ok) {
      await askGate(session, item);
    }
    return;
  }
  if (!session.rules.config.agents[agent].enabled) {
    const reason = `the ${agent} is off in .github/assent.yml`;
    if (item.stage === 'review') skipReview(session, item, reason);
    else session.give({ kind: 'block', item: item.id, reason });
    return;
  }
  if (session.state.control.disabled_agents.includes(agent)) {
    session.give({ kind: 'block', item: item.id, reason: `the ${agent} is disabled` });
    return;
  }
  // No attempt is begun, nor spent: nothing the item does brings a sandbox, and the start that has one goes on by itself.
  const obstacle =
    noSandbox(agent, session.rules.config.agents[agent].uses, session.deps.sandbox.capability()) ??
    (agent === 'contributor' ? await closedGate(session, item) : comesAfter(session, item)) ??
    budgetSpent(session, agent) ??
    runsSpent(session, item);
  if (obstacle !== null) {
    session.give({ kind: 'block', item: item.id, reason: obstacle });
    return;
  }
  session.give({ kind: 'start_run', item: item.id, agent });
}

/** Each cycle's pull request carries the same three files: made side by side, the second could not be merged after the first. */
function comesAfter({ state }: Session, { kind, number }: Item): string | null {
  if (kind !== 'cycle') return null;
  const earlier = Object.values(state.items).find(
    (other) => other.kind === 'cycle' && other.number < number,
  );
  return earlier === undefined ? null : `${earlier.title} comes first`;
}

function skipReview(session: Session, item: Item, reason: string): void {
  if (session.give({ kind: 'start_run', item: item.id, agent: null }).ok)
    passReviewOver(session, item, reason);
}

/** The first look at a gate: what policy asks, written down as what the item waits for. */
async function askGate(session: Session, before: Item): Promise<void> {
  const item = session.item(before.id);
  if (item === undefined) return;
  const assessed = await assess(session, item);
  if (assessed === null) {
    failForGood(session, item, 'nothing.to_decide', nothingToDecide(item));
    return;
  }
  recordVerdict(session, item.id, assessed);
  const { verdict } = assessed;
  session.dirty.delete(item.id);
  if (verdict.effect === 'allow') {
    session.give({ kind: 'complete_stage', item: item.id });
    return;
  }
  takeOutOfDraft(session, item);
  // A denied gate is asked all the same: what denies may pass (a window, a limit, a policy that is changed).
  session.give({ kind: 'open_gate', item: item.id, gate: assessed.gate });
  settleGate(session, item.id, assessed);
}

/** People are asked for a review once ours is done; GitHub merges no draft. */
function takeOutOfDraft(session: Session, { id, pull_request, kind, stage }: Item): void {
  if (stage !== 'merge' || kind !== 'issue' || pull_request?.ours !== true) return;
  const key = `ready/${pull_request.number}`;
  if (session.state.written[key] !== undefined || session.state.intents[key] !== undefined) return;
  const payload = { pull_request: pull_request.number };
  session.give({ kind: 'intend', item: id, key, effect: 'pull_request.ready', payload });
}

const nothingToDecide = (item: Item): string =>
  item.stage === 'plan'
    ? 'there is no plan to decide on; write more in the issue and say `/assent retry`'
    : 'the pull request is gone';

async function reassess(session: Session, item: Item): Promise<void> {
  if (await returnIfEdited(session, item)) return;
  const assessed = await assess(session, item);
  if (assessed === null) return;
  if (assessed.action !== 'plan.adopt' && assessed.digest !== item.pull_request?.head) {
    // GitHub knows of a push before its webhook reached us.
    session.give({
      kind: 'move_head',
      item: item.id,
      after: assessed.digest,
      reason: 'a push changed the head',
    });
    return;
  }
  settleGate(session, item.id, assessed);
}

/** Approved: look once more, then carry it out. */
async function act(session: Session, item: Item): Promise<void> {
  if (await returnIfEdited(session, item)) return;
  const assessed = await assess(session, item);
  if (assessed === null) return;
  if (item.gate !== null && assessed.digest !== item.gate.digest) return reassess(session, item);
  if (!assessed.sufficient) {
    settleGate(session, item.id, assessed);
    return;
  }
  if (!session.give({ kind: 'resume', item: item.id }).ok) return;
  if (assessed.action === 'plan.adopt') session.give({ kind: 'complete_stage', item: item.id });
  else {
    // A branch that requires our check must see it green before the merge is asked for.
    presentCheck(session, item.id, assessed.digest);
    intendMerge(session, item, assessed);
  }
}

function intendMerge(session: Session, item: Item, { digest }: Assessment): void {
  if (item.pull_request === null) return;
  const { number } = item.pull_request;
  session.give({
    kind: 'intend',
    item: item.id,
    key: `merge/${number}/${digest}`,
    effect: 'pull_request.merge',
    payload: { pull_request: number, head: digest },
  });
}

export function failForGood(session: Session, item: Item, code: string, reason: string): void {
  session.give({ kind: 'fail_run', item: item.id, code, reason, retry_at: null });
}
