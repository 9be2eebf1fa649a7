import type { EventActor } from '../../src/domain/ledger/envelope.ts';
import type { Command } from '../../src/domain/work-item/command.ts';
import { decide, system, type Decide } from '../../src/domain/work-item/decide.ts';
import {
  initialState,
  type Approval,
  type Gate,
  type GatedAction,
  type GovernanceState,
  type Item,
  type ItemKind,
  type LinkedPullRequest,
  type Plan,
} from '../../src/domain/work-item/state.ts';

export const at = '2026-11-21T10:00:00.000Z';

export const maintainer: EventActor = { kind: 'human', id: 1, login: 'maintainer' };
export const owner: EventActor = { kind: 'human', id: 2, login: 'owner' };

export const pullNumber = 7;

export const pullRequest = (head: string, number = pullNumber): LinkedPullRequest => ({
  number,
  head,
  head_since: at,
  branch: 'assent/issue-1',
  author: { id: 9, login: 'assent[bot]', type: 'Bot' },
  ours: true,
});

export const plan = (digest: string): Plan => ({
  digest,
  summary: 'Guard the empty widget',
  files: ['src/widget.ts'],
  steps: ['Return early'],
  risks: [],
  tests: ['an empty widget'],
  published_at: at,
});

/** Waits for one maintainer, or for nobody any more. */
export const question = (run: string) =>
  ({
    run,
    agent: 'contributor',
    question: 'Which of the two?',
    checkpoint: { step: 2 },
    usage: { input_tokens: 10, output_tokens: 1, usd: null, model: null },
  }) as const;

export const gate = (action: GatedAction, digest: string, waits = true): Gate => ({
  action,
  digest,
  since: at,
  waiting_for: waits ? [{ step: 'code', count: 1, have: 0, from: { roles: ['maintainer'] } }] : [],
  ignored: [],
  rules: ['merge'],
});

export const approval = (
  action: GatedAction,
  digest: string,
  by: Approval['by'] = 'review',
  person: EventActor = maintainer,
): Approval => ({
  gate: action,
  login: person.login,
  id: person.id ?? 0,
  by,
  digest,
  step: by === 'override' ? 'override' : 'code',
  at,
});

export const mergeOf = (head: string, by: 'assent' | 'human' = 'assent', kind?: ItemKind) => ({
  pull_request: pullNumber,
  head,
  sha: 'merged',
  by,
  outcome: kind === 'cycle' ? ('published' as const) : ('merged' as const),
});

/** Commands that name no item are about the one item of the story. */
type Short = Command extends infer C
  ? C extends { readonly item: string }
    ? Omit<C, 'item'> & { readonly item?: string }
    : C
  : never;

/** A history told by commands: given, when, then. Whatever is refused on the way to the scene is a fault of the test. */
export class Tale {
  readonly id: string;
  state: GovernanceState;
  readonly #decide: Decide;

  constructor(id: string, state: GovernanceState = initialState, rules: Decide = decide) {
    this.id = id;
    this.state = state;
    this.#decide = rules;
  }

  get item(): Item {
    const item = this.state.items[this.id];
    if (item === undefined) throw new Error(`${this.id} is not open`);
    return item;
  }

  try(short: Short, actor: EventActor = system) {
    const command = { item: this.id, ...short } as Command;
    return this.#decide(this.state, command, { actor, at });
  }

  do(short: Short, actor: EventActor = system): this {
    const decision = this.try(short, actor);
    if (!decision.ok) throw new Error(`${short.kind}: ${decision.refusal.message}`);
    this.state = decision.value.state;
    return this;
  }

  /** What the command gives, in one line a test can name: its events, or the code it is refused with. */
  outcome(short: Short, actor: EventActor = system): string {
    const decision = this.try(short, actor);
    return decision.ok
      ? decision.value.events.map(({ type }) => type).join(', ')
      : decision.refusal.code;
  }
}

export const issue = (): Tale =>
  new Tale('issue-1').do({
    kind: 'open_item',
    item_kind: 'issue',
    number: 1,
    title: 'Widgets break',
    author: { id: 5, login: 'reader', type: 'User' },
    pull_request: null,
  });

export const pull = (head = 'a'): Tale =>
  new Tale(`pull-${pullNumber}`).do({
    kind: 'open_item',
    item_kind: 'pull_request',
    number: pullNumber,
    title: 'Mend widgets',
    author: { id: 5, login: 'reader', type: 'User' },
    pull_request: { ...pullRequest(head), ours: false },
  });

/** A cycle item, opened by the one merge by hand that its cycle takes here; its pull request has that number + 1. */
export function cycle(): Tale {
  const first = pull().do({ kind: 'configure_cycle', every: 1 });
  first.do({ kind: 'record_merge', merge: mergeOf('a', 'human') }, owner);
  return new Tale('cycle-1', first.state);
}

const planAction = 'plan.adopt' as const;

export const planned = (digest = 'p'): Tale =>
  issue()
    .do({ kind: 'start_run', agent: 'triager' })
    .do({ kind: 'publish_plan', plan: plan(digest) })
    .do({ kind: 'complete_stage' });

export const planAsked = (digest = 'p'): Tale =>
  planned(digest)
    .do({ kind: 'start_run', agent: null })
    .do({ kind: 'open_gate', gate: gate(planAction, digest) });

export const assessed = (
  action: GatedAction,
  digest: string,
  approvals: readonly Approval[],
  sufficient = approvals.length > 0,
) =>
  ({
    kind: 'assess_gate',
    gate: gate(action, digest, !sufficient),
    approvals,
    sufficient,
    ended_because: 'dismissed',
  }) as const;

export const contributed = (head = 'a'): Tale =>
  planAsked()
    .do(assessed(planAction, 'p', [approval(planAction, 'p', 'label')]))
    .do({ kind: 'resume' })
    .do({ kind: 'complete_stage' })
    .do({ kind: 'start_run', agent: 'contributor' })
    .do({ kind: 'link_pull_request', pull_request: pullRequest(head) })
    .do({ kind: 'complete_stage' });

export const reviewed = (tale: Tale = contributed()): Tale =>
  tale.do({ kind: 'start_run', agent: 'reviewer' }).do({ kind: 'complete_stage' });

/** Waits for a human at the merge, on head `a`. */
export const mergeAsked = (tale: Tale = reviewed()): Tale =>
  tale
    .do({ kind: 'start_run', agent: null })
    .do({ kind: 'open_gate', gate: gate('pull_request.merge', 'a') });

export const mergeApproved = (tale: Tale = mergeAsked()): Tale =>
  tale.do(assessed('pull_request.merge', 'a', [approval('pull_request.merge', 'a')]));

export const mergeResumed = (): Tale => mergeApproved().do({ kind: 'resume' });

export const roadmapAsked = (): Tale =>
  cycle()
    .do({ kind: 'start_run', agent: 'governor' })
    .do({ kind: 'link_pull_request', pull_request: pullRequest('a', 8) })
    .do({ kind: 'complete_stage' })
    .do({ kind: 'start_run', agent: null })
    .do({ kind: 'open_gate', gate: gate('roadmap.publish', 'a') });
