import { trialLine } from '../policy/trial-text.ts';
import type { EventData, EventType, TimedEvent } from '../work-item/event.ts';
import type { EffectKind, Gate } from '../work-item/state.ts';

/** Puts untrusted text into a sentence, harmless for where the sentence goes. */
export type Quote = (text: string) => string;

const gateNames: Readonly<Record<Gate['action'], string>> = {
  'plan.adopt': 'plan',
  'pull_request.merge': 'merge',
  'roadmap.publish': 'roadmap',
};

export const gateName = (action: Gate['action']): string => gateNames[action];

/** Twelve characters name a digest to a person; the history has all of it. Letters and digits, so it needs no quotes. */
const short = (digest: string): string => digest.slice(0, 12).replace(/[^0-9A-Za-z]/g, '?');

const reason = (text: string, quote: Quote): string =>
  text.trim() === '' ? '' : `: ${quote(text)}`;

const numbers = (all: readonly number[]): string => all.map((one) => `#${one}`).join(', ');

const phrases: { readonly [T in EventType]: (data: EventData[T], quote: Quote) => string } = {
  'item.created': ({ title }, q) => `opened ${q(title)}`,
  'item.retitled': ({ title }, q) => `changed the title to ${q(title)}`,
  'stage.entered': ({ stage }) => `stage ${stage} began`,
  'stage.returned': (data, q) => `went back to ${data.stage}${reason(data.reason, q)}`,
  'stage.completed': ({ stage }) => `stage ${stage} completed`,
  'run.started': ({ agent, attempt }) =>
    `${agent ?? 'a run'} started${attempt > 1 ? ` (attempt ${attempt})` : ''}`,
  'run.failed': (data, q) =>
    `run failed (${q(data.code)}), again at ${data.retry_at}${reason(data.reason, q)}`,
  'run.spent': ({ usage }) =>
    `spent ${usage.input_tokens + usage.output_tokens} tokens without a proposal${usage.usd === null ? '' : ` (${usage.usd.toFixed(2)} USD)`}`,
  'run.dead': (data, q) => `gave up, waits for a human's retry${reason(data.reason, q)}`,
  'model.unavailable': (data, q) =>
    `the model is unavailable, again at ${data.retry_at}${reason(data.reason, q)}`,
  'agent.proposed': ({ action, digest }, q) => `proposed ${q(action)} (${short(digest)})`,
  'verdict.given': (data, q) =>
    `policy on ${q(data.action)}: ${data.effect.replaceAll('_', ' ')}${reason(data.reason, q)}`,
  'policy.adopted': ({ digest, files }, q) =>
    `decides under the policies ${short(digest)} from here on: ${files.map(({ path }) => q(path)).join(', ') || 'none, so nothing is allowed'}`,
  'policy.tried': ({ trial }, q) =>
    `tried the policies of ${short(trial.head)}: ${q(trialLine(trial))}`,
  'triage.recorded': ({ labels, duplicates }, q) =>
    [
      `triaged with ${labels.map((label) => q(label)).join(', ') || 'no label'}`,
      ...(duplicates.length > 0 ? [`perhaps the same as ${numbers(duplicates)}`] : []),
    ].join(', '),
  'text.flagged': ({ flags }, q) =>
    `read a text that is not what it looks like: ${flags.map((one) => q(one)).join(', ')}`,
  'information.reminded': () => 'reminded the author of the open question',
  'information.requested': ({ missing }, q) =>
    `waits for information: ${missing.map((one) => q(one)).join(', ')}`,
  'question.asked': ({ question }, q) => `asks a human${reason(question, q)}`,
  'question.answered': ({ answer }, q) => `answered the question${reason(answer, q)}`,
  'work.handed_over': ({ from, from_run, to, because }, q) =>
    `took over from the ${from} (${q(from_run)}) as the ${to}${reason(because, q)}`,
  'tools.refused': ({ agent, calls }, q) =>
    `refused the ${agent} ${calls.map(({ tool, tier }) => `${q(tool)}${tier === null ? '' : ` (${tier})`}`).join(', ')}${reason(calls[0]?.reason ?? '', q)}`,
  'information.given': () => 'information was given',
  'plan.published': ({ plan }, q) =>
    `published a plan (${short(plan.digest)})${reason(plan.summary, q)}`,
  'pull_request.linked': ({ pull_request: { number, head } }) =>
    `linked pull request #${number} at ${short(head)}`,
  'head.moved': ({ before, after }) => `head moved from ${short(before)} to ${short(after)}`,
  'changes.requested': ({ review, head }) =>
    `requested changes on ${short(head)} (review ${review})`,
  'gate.requested': ({ gate }) =>
    `waits for a human (${gateName(gate.action)}) on ${short(gate.digest)}`,
  'gate.updated': ({ gate }) =>
    `still waits for a human (${gateName(gate.action)}) on ${short(gate.digest)}`,
  'approval.given': ({ approval: { gate, digest, by }, given_on }) =>
    given_on === null || given_on === digest
      ? `approved the ${gateName(gate)} on ${short(digest)} by ${by}`
      : `approved the ${gateName(gate)} by ${by} on ${short(given_on)}, which stands on ${short(digest)}`,
  'approval.ended': ({ approval, ...data }, q) =>
    `approval of the ${gateName(approval.gate)} by ${q(approval.login)} ended${reason(data.reason, q)}`,
  'gate.approved': ({ action, digest }) => `${gateName(action)} is approved on ${short(digest)}`,
  'gate.overridden': ({ action, digest, justification }, q) =>
    `overrode the ${gateName(action)} gate on ${short(digest)}${reason(justification, q)}`,
  'gate.rejected': (data, q) => `rejected the ${gateName(data.action)}${reason(data.reason, q)}`,
  'gate.expired': ({ action }) => `nobody decided on the ${gateName(action)} in time`,
  'gate.reopened': (data, q) => `the gate asks again${reason(data.reason, q)}`,
  'item.resumed': ({ action, digest }) =>
    `goes on with the ${gateName(action)} on ${short(digest)}`,
  'item.blocked': (data, q) =>
    data.reason === null ? 'is blocked no longer' : `is blocked${reason(data.reason, q)}`,
  'notice.posted': ({ to, text }, q) => `told ${q(to)}${reason(text, q)}`,
  'item.held': (data, q) => `held${reason(data.reason, q)}`,
  'item.released': () => 'released the hold',
  'item.retried': (data, q) => `asked for another try${reason(data.reason, q)}`,
  'item.merged': ({ pull_request, head, by, outcome }) =>
    `pull request #${pull_request} ${outcome === 'published' ? 'published' : 'merged'} at ${short(head)}${by === 'human' ? ', on GitHub by hand' : ''}`,
  'item.terminated': (data, q) => `ended: ${data.outcome}${reason(data.reason, q)}`,
  'merge.counted': ({ merge, cycle, position }) =>
    `pull request #${merge.pull_request} is merge ${position} of cycle ${cycle}`,
  'cycle.closed': ({ cycle, pull_requests }) =>
    `cycle ${cycle} closed with ${numbers(pull_requests)}`,
  'cycle.configured': ({ every }) => `a cycle takes ${every} merges`,
  'control.halted': (data, q) => `halted everything${reason(data.reason, q)}`,
  'control.resumed': (data, q) => `resumed everything${reason(data.reason, q)}`,
  'control.resume_requested': (data, q) => `asked to resume everything${reason(data.reason, q)}`,
  'agent.disabled': (data, q) => `disabled the ${data.agent}${reason(data.reason, q)}`,
  'agent.enabled': (data, q) => `enabled the ${data.agent}${reason(data.reason, q)}`,
  'agent.enable_requested': (data, q) =>
    `asked to enable the ${data.agent}${reason(data.reason, q)}`,
  'effect.intended': ({ kind }) => `means to ${effects[kind]}`,
  'effect.done': ({ key }, q) => `done: ${q(key)}`,
  'effect.refused': (data, q) =>
    `refused (${q(data.code)}): ${q(data.key)}${reason(data.reason, q)}`,
  'effect.retried': (data, q) =>
    `not done yet, again at ${data.retry_at}: ${q(data.key)}${reason(data.reason, q)}`,
  'effect.waiting': (data, q) => `waits (${q(data.code)}): ${q(data.key)}${reason(data.reason, q)}`,
  'ledger.quarantined': ({ sound, commits, branch, reason: why }, q) =>
    [
      `set aside what other hands did to the ledger, and goes on from event ${sound.sequence}`,
      ...(commits.length > 0
        ? [`commits ${commits.map((one) => `${short(one.commit)} by ${q(one.author)}`).join(', ')}`]
        : []),
      ...(branch === null ? [] : [`kept as ${q(branch)}`]),
    ].join('; ') + reason(why, q),
  'effect.uncertain': (data, q) =>
    `nobody can tell whether it happened, a human must look: ${q(data.key)}${reason(data.reason, q)}`,
};

const effects: Readonly<Record<EffectKind, string>> = {
  'comment.upsert': 'write its comment',
  'labels.change': 'change the labels',
  'branch.push': 'push its branch',
  'pull_request.open': 'open a pull request',
  'pull_request.ready': 'mark the pull request ready',
  'review.publish': 'publish a review',
  'check.report': 'report the check',
  'pull_request.merge': 'merge the pull request',
  'branch.delete': 'delete its branch',
  'issue.close': 'close the issue',
};

/** What an event says, as a clause without subject or full stop. */
export const tell = (event: TimedEvent, quote: Quote): string =>
  phrase(event.type)(event.data, quote);

/** The table gives each type the phrase for its own data; TypeScript cannot carry that through a union. */
const phrase = (type: EventType): ((data: TimedEvent['data'], quote: Quote) => string) =>
  phrases[type] as (data: TimedEvent['data'], quote: Quote) => string;

/** What somebody taking over has to know was decided, by humans above all. */
const decisions: ReadonlySet<string> = new Set<EventType>([
  'approval.given',
  'approval.ended',
  'question.answered',
  'gate.overridden',
  'gate.rejected',
  'gate.expired',
  'changes.requested',
  'item.held',
  'item.released',
  'item.retried',
  'item.merged',
  'item.terminated',
  'run.dead',
  'cycle.closed',
  'cycle.configured',
  'policy.adopted',
  'control.halted',
  'control.resumed',
  'control.resume_requested',
  'agent.disabled',
  'agent.enabled',
  'agent.enable_requested',
  'effect.uncertain',
  'ledger.quarantined',
]);

export const isDecision = ({ type }: { readonly type: string }): boolean => decisions.has(type);
