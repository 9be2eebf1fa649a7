import type { EventActor } from '../../src/domain/ledger/envelope.ts';
import type { Command } from '../../src/domain/work-item/command.ts';
import { system, type Decide } from '../../src/domain/work-item/decide.ts';
import type { DomainEvent } from '../../src/domain/work-item/event.ts';
import { stagesOf, type GovernanceState, type Item } from '../../src/domain/work-item/state.ts';
import {
  approval,
  at,
  gate,
  maintainer,
  mergeOf,
  plan,
  pullNumber,
  pullRequest,
  question,
} from './machine.ts';

/**
 * What a bystander knows of the pull request without asking the machine: where its head is, and whether a human's yes on
 * that head stands. Kept beside the machine, so that the machine is not asked whether it was right.
 */
interface Truth {
  readonly head: string | null;
  readonly yes: boolean;
  /** Whether anybody was missing beside that yes when it was last counted. */
  readonly missing: boolean;
}

export interface Given {
  readonly command: Command;
  readonly actor: EventActor;
}

export interface Hole {
  readonly path: readonly string[];
  readonly event: string;
}

export interface Walk {
  readonly states: number;
  readonly edges: number;
  readonly merged: number;
  /** The first one found; one is enough to say no. */
  readonly hole: Hole | null;
}

const mergeGate = (item: Item) =>
  item.kind === 'cycle' ? ('roadmap.publish' as const) : ('pull_request.merge' as const);

/** Every command that can tell two states apart, over heads a and b, one plan and one person. */
export function commandsFor(state: GovernanceState, id: string, stops: boolean): readonly Given[] {
  const item = state.items[id];
  if (item === undefined) return [];
  const heads = ['a', 'b'] as const;
  const action = mergeGate(item);
  const number = item.pull_request?.number ?? pullNumber;
  const by = (actor: EventActor, commands: readonly Command[]): readonly Given[] =>
    commands.map((command) => ({ command, actor }));
  const later = '2026-11-21T10:01:00.000Z';
  const assess = (
    gated: Parameters<typeof gate>[0],
    digest: string,
    on: readonly string[],
    sufficient: boolean,
    waits = !sufficient,
  ): Command => ({
    kind: 'assess_gate',
    item: id,
    gate: gate(gated, digest, waits),
    approvals: on.map((given) => approval(gated, given)),
    sufficient,
    ended_because: 'gone',
  });
  const overriding = (gated: Parameters<typeof gate>[0], digest: string): Command => ({
    kind: 'override',
    item: id,
    approval: approval(gated, digest, 'override'),
    justification: 'urgent',
  });
  return [
    ...by(system, [
      { kind: 'start_run', item: id, agent: null },
      { kind: 'publish_plan', item: id, plan: plan('p') },
      { kind: 'request_information', item: id, missing: ['which?'] },
      { kind: 'ask_human', item: id, asked: question(item.run ?? '') },
      { kind: 'open_gate', item: id, gate: gate('plan.adopt', 'p') },
      ...heads.map((head): Command => ({ kind: 'open_gate', item: id, gate: gate(action, head) })),
      ...heads.flatMap((head): Command[] => [
        assess(action, head, [], false),
        assess(action, head, [], true),
        assess(action, head, [head], true),
        assess(action, head, [head], false),
        // One of two has said yes, and whoever asks calls it enough.
        assess(action, head, [head], true, true),
        assess(action, head, [head === 'a' ? 'b' : 'a'], true),
      ]),
      assess('plan.adopt', 'p', ['p'], true),
      assess('plan.adopt', 'p', [], true),
      { kind: 'resume', item: id },
      { kind: 'complete_stage', item: id },
      ...stagesOf.issue.map((stage): Command => ({
        kind: 'return_to',
        item: id,
        stage,
        reason: 'again',
      })),
      ...heads.flatMap((head): Command[] => [
        { kind: 'move_head', item: id, after: head, reason: 'pushed' },
        { kind: 'link_pull_request', item: id, pull_request: pullRequest(head, number) },
        { kind: 'link_pull_request', item: id, pull_request: pullRequest(head, number + 1) },
        {
          kind: 'intend',
          item: id,
          key: `merge/${head}`,
          effect: 'pull_request.merge',
          payload: { pull_request: number, head },
        },
        {
          kind: 'record_merge',
          item: id,
          merge: { ...mergeOf(head, 'assent', item.kind), pull_request: number },
        },
      ]),
      { kind: 'fail_run', item: id, code: 'x', reason: 'y', retry_at: later },
      { kind: 'fail_run', item: id, code: 'x', reason: 'y', retry_at: null },
      { kind: 'model_unavailable', item: id, reason: '503', retry_at: later },
      { kind: 'expire', item: id, reason: 'nobody answered' },
      // What only people may do, tried without one.
      { kind: 'reject', item: id, reason: 'no' },
      overriding(action, 'a'),
    ]),
    ...by(maintainer, [
      { kind: 'give_information', item: id, comment: 1 },
      { kind: 'answer_question', item: id, given: { comment: 1, answer: 'this one' } },
      { kind: 'reject', item: id, reason: 'no' },
      overriding('plan.adopt', 'p'),
      ...heads.map((head) => overriding(action, head)),
      { kind: 'request_changes', item: id, review: 3, head: 'a' },
      { kind: 'retry', item: id, reason: 'again' },
      { kind: 'terminate', item: id, outcome: 'closed', reason: 'closed' },
      ...(stops ? stopCommands(id) : []),
    ]),
  ];
}

const stopCommands = (id: string): readonly Command[] => [
  { kind: 'hold', item: id, reason: 'later' },
  { kind: 'release', item: id },
  { kind: 'halt', reason: 'stop' },
  { kind: 'lift_halt', reason: 'go' },
];

/** A yes on the head stands until a push, a change request, or a look that finds it gone. */
function truthAfter(before: Truth, { command }: Given, next: GovernanceState): Truth {
  const item = 'item' in command ? next.items[command.item] : undefined;
  switch (command.kind) {
    case 'link_pull_request':
      return { head: command.pull_request.head, yes: false, missing: false };
    case 'move_head':
      return { head: command.after, yes: false, missing: false };
    case 'request_changes':
      return { ...before, yes: false };
    case 'return_to':
      // Work that is done again is approved again; an adopted plan is no yes to a merge.
      return { ...before, yes: false };
    case 'assess_gate': {
      if (command.gate.action === 'plan.adopt') return before;
      const yes = command.approvals.some(({ digest }) => digest === before.head);
      const missing = command.gate.waiting_for.length > 0;
      return { ...before, yes: yes && item !== undefined, missing };
    }
    case 'override':
      return command.approval.gate === 'plan.adopt'
        ? before
        : command.approval.digest === before.head
          ? { ...before, yes: true, missing: false }
          : before;
    default:
      return before;
  }
}

/** Events by which something reaches the default branch without a hand on GitHub's own button. */
function outwardHead(event: DomainEvent): unknown {
  if (event.type === 'item.merged' && event.data.by === 'assent') return event.data.head;
  if (event.type === 'effect.intended' && event.data.kind === 'pull_request.merge') {
    return event.data.payload['head'];
  }
  return undefined;
}

/** What the machine's answers can depend on; counters and texts are left out, so the graph is finite. */
function keyOf(state: GovernanceState, id: string, truth: Truth): string {
  const item = state.items[id];
  return JSON.stringify([
    truth,
    item && [
      item.stage,
      item.authority,
      item.asked_by,
      item.plan?.digest,
      item.pull_request?.number,
      item.pull_request?.head,
      item.gate && [item.gate.action, item.gate.digest, item.gate.waiting_for.length],
      item.approvals.map(({ gate: of, digest, step }) => `${of} ${digest} ${step}`).sort(),
      item.held !== null,
    ],
    state.control.halted !== null,
    Object.keys(state.counted),
    state.finished[id]?.outcome,
  ]);
}

/** Far above what there are; a state that can grow without end would keep the walk for ever. */
const MOST_STATES = 20_000;

/** Every state that commands can reach from `start`, each edge held against the truth. */
export function walk(
  start: GovernanceState,
  id: string,
  decide: Decide,
  { stops = false }: { readonly stops?: boolean } = {},
): Walk {
  const head = start.items[id]?.pull_request?.head ?? null;
  const first = {
    state: start,
    truth: { head, yes: false, missing: false } as Truth,
    path: [] as readonly string[],
  };
  const seen = new Set([keyOf(first.state, id, first.truth)]);
  const open = [first];
  let edges = 0;
  let merged = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const given of commandsFor(node.state, id, stops)) {
      const decision = decide(node.state, given.command, { actor: given.actor, at });
      if (!decision.ok) continue;
      edges += 1;
      const path = [...node.path, given.command.kind];
      const { truth } = node;
      for (const event of decision.value.events) {
        const outward = outwardHead(event);
        if (outward === undefined) continue;
        merged += 1;
        if (!truth.yes || truth.missing || truth.head !== outward) {
          return { states: seen.size, edges, merged, hole: { path, event: event.type } };
        }
      }
      // An intent stands in the way of nothing but itself; with it, each state would be there eight times.
      const next = { ...decision.value.state, intents: {} };
      const after = truthAfter(truth, given, next);
      const key = keyOf(next, id, after);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > MOST_STATES) throw new RangeError(`the graph has no end: ${key}`);
      open.push({ state: next, truth: after, path });
    }
  }
  return { states: seen.size, edges, merged, hole: null };
}
