import { z } from 'zod';
import { policyTrial } from './policy-trial.ts';
import { triageReport } from './triage-report.ts';
import { toolTiers } from '../../domain/agents/tools.ts';
import type { EventData, EventType } from '../../domain/work-item/event.ts';
import {
  agentName,
  anyRecord,
  approval,
  countedMerge,
  gate,
  gatedAction,
  itemKind,
  linkedPullRequest,
  person,
  plan,
  stage,
  text,
  texts,
  whole,
  wholes,
} from './parts.ts';

const reasoned = z.strictObject({ reason: text });
const agentSwitch = z.strictObject({ agent: agentName, reason: text });
const gateOn = z.strictObject({ action: gatedAction, digest: text });

const approver = z.strictObject({
  login: text,
  by: z.enum(['review', 'label', 'command']),
  digest: text,
  step: text,
});

const usage = z.strictObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  usd: z.number().nullable(),
  model: text.nullable(),
});

const effectKind = z.enum([
  'comment.upsert',
  'labels.change',
  'branch.push',
  'pull_request.open',
  'pull_request.ready',
  'review.publish',
  'check.report',
  'pull_request.merge',
  'branch.delete',
  'issue.close',
]);

/**
 * The data of each event type in the version written now. A new field is a new version, and the shape before it moves to
 * `past-event-data.ts`: a reader of old lines must not have to guess.
 */
export const eventData = {
  'item.created': z.strictObject({
    kind: itemKind,
    number: whole,
    title: text,
    author: person.nullable(),
    pull_request: linkedPullRequest.nullable(),
  }),
  'item.retitled': z.strictObject({ title: text }),
  'stage.entered': z.strictObject({ stage }),
  'stage.returned': z.strictObject({ stage, reason: text }),
  'stage.completed': z.strictObject({ stage }),
  'run.started': z.strictObject({ run: text, agent: agentName.nullable(), attempt: whole }),
  'run.failed': z.strictObject({ run: text, code: text, reason: text, retry_at: text }),
  'run.spent': z.strictObject({ run: text, agent: agentName, usage }),
  'run.dead': z.strictObject({ run: text, reason: text }),
  'model.unavailable': z.strictObject({ run: text, reason: text, retry_at: text }),
  'agent.proposed': z.strictObject({
    agent: agentName,
    run: text,
    action: text,
    digest: text,
    content: z.unknown(),
    usage,
  }),
  'question.asked': z.strictObject({
    run: text,
    agent: agentName,
    question: text,
    checkpoint: z.unknown(),
    usage,
  }),
  'question.answered': z.strictObject({ comment: whole, answer: text }),
  'work.handed_over': z.strictObject({
    from: agentName,
    from_run: text,
    to: agentName,
    run: text,
    action: text,
    digest: text,
    because: text,
  }),
  'tools.refused': z.strictObject({
    run: text,
    agent: agentName,
    calls: z.array(
      z.strictObject({ tool: text, tier: z.enum(toolTiers).nullable(), reason: text }),
    ),
  }),
  'verdict.given': z.strictObject({
    action: text,
    effect: z.enum(['allow', 'require_human', 'deny']),
    satisfied: z.boolean().nullable(),
    approvers: z.array(approver).nullable(),
    rules: texts,
    reason: text,
    facts: anyRecord.nullable().describe('As schema/verdict-request.json'),
    facts_missing: text.nullable(),
  }),
  'policy.adopted': z.strictObject({
    digest: text,
    files: z.array(z.strictObject({ path: text, text })),
  }),
  'policy.tried': z.strictObject({ trial: policyTrial }),
  'triage.recorded': z.strictObject({
    labels: texts,
    duplicates: wholes,
    report: triageReport.nullable(),
  }),
  'text.flagged': z.strictObject({ run: text, agent: agentName, flags: texts }),
  'information.requested': z.strictObject({ missing: texts }),
  'information.reminded': z.strictObject({ asked_at: text }),
  'information.given': z.strictObject({ comment: whole.nullable() }),
  'plan.published': z.strictObject({ plan }),
  'pull_request.linked': z.strictObject({ pull_request: linkedPullRequest }),
  'head.moved': z.strictObject({ before: text, after: text }),
  'changes.requested': z.strictObject({ review: whole, head: text }),
  'gate.requested': z.strictObject({ gate }),
  'gate.updated': z.strictObject({ gate }),
  'approval.given': z.strictObject({ approval, given_on: text.nullable() }),
  'approval.ended': z.strictObject({ approval, reason: text }),
  'gate.approved': gateOn,
  'gate.overridden': z.strictObject({ action: gatedAction, digest: text, justification: text }),
  'gate.rejected': z.strictObject({ action: gatedAction, reason: text }),
  'gate.expired': z.strictObject({ action: gatedAction }),
  'gate.reopened': reasoned,
  'item.resumed': gateOn,
  'item.blocked': z.strictObject({ reason: text.nullable() }),
  'notice.posted': z.strictObject({ to: text, text }),
  'item.held': reasoned,
  'item.released': z.strictObject({}),
  'item.retried': reasoned,
  'item.merged': z.strictObject({
    pull_request: whole,
    head: text,
    sha: text,
    by: z.enum(['assent', 'human']),
    outcome: z.enum(['merged', 'published']),
  }),
  'item.terminated': z.strictObject({
    outcome: z.enum(['rejected', 'expired', 'closed']),
    reason: text,
  }),
  'merge.counted': z.strictObject({ cycle: whole, position: whole, merge: countedMerge }),
  'cycle.closed': z.strictObject({ cycle: whole, pull_requests: wholes }),
  'cycle.configured': z.strictObject({ every: whole }),
  'control.halted': reasoned,
  'control.resumed': reasoned,
  'control.resume_requested': reasoned,
  'agent.disabled': agentSwitch,
  'agent.enabled': agentSwitch,
  'agent.enable_requested': agentSwitch,
  'effect.intended': z.strictObject({ key: text, kind: effectKind, payload: anyRecord }),
  'effect.done': z.strictObject({ key: text, receipt: anyRecord }),
  'effect.refused': z.strictObject({ key: text, code: text, reason: text }),
  'effect.retried': z.strictObject({ key: text, reason: text, retry_at: text }),
  'effect.waiting': z.strictObject({ key: text, code: text, reason: text }),
  'effect.uncertain': z.strictObject({ key: text, reason: text }),
  'ledger.quarantined': z.strictObject({
    tip: text.nullable(),
    branch: text.nullable(),
    sound: z.strictObject({ commit: text, sequence: whole, hash: text }),
    reason: text,
    commits: z.array(z.strictObject({ commit: text, author: text, at: text, subject: text })),
    files: z.array(z.strictObject({ path: text, change: z.enum(['added', 'edited', 'removed']) })),
  }),
} as const satisfies { readonly [T in EventType]: z.ZodType<EventData[T]> };
