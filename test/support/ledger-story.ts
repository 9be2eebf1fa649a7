import { createHash } from 'node:crypto';
import type { EventActor, EventDraft, Sha256 } from '../../src/domain/ledger/envelope.ts';
import { emptyLedger, planAppend, type LedgerView } from '../../src/domain/ledger/commit.ts';
import { versions, type EventData, type EventType } from '../../src/domain/work-item/event.ts';
import type { Gate, GatedAction } from '../../src/domain/work-item/state.ts';

export const sha256: Sha256 = (content) => createHash('sha256').update(content).digest('hex');

const system: EventActor = { kind: 'system', id: null, login: 'assent' };
export const bob: EventActor = { kind: 'human', id: 2, login: 'bob' };
const triager: EventActor = { kind: 'agent', id: null, login: 'triager' };

const start = Date.parse('2026-11-20T10:00:00.000Z');

/** Events as the machine would decide them: ids and times count up from where `first` says. */
export class Story {
  readonly drafts: EventDraft[] = [];
  readonly #first: number;

  constructor(first = 1) {
    this.#first = first;
  }

  event<T extends EventType>(
    type: T,
    item: string | null,
    data: EventData[T],
    actor: EventActor = system,
  ): this {
    const count = this.#first + this.drafts.length;
    this.drafts.push({
      id: `event-${count}`,
      at: new Date(start + count * 1000).toISOString(),
      type,
      version: versions[type],
      item,
      actor,
      data,
      cause: `delivery-${count}`,
      policy: 'a'.repeat(64),
    });
    return this;
  }

  opened(number: number, title = `Widget ${number} is broken`): this {
    return this.event('item.created', `issue-${number}`, {
      kind: 'issue',
      number,
      title,
      author: { id: 7, login: 'ann', type: 'User' },
      pull_request: null,
    });
  }

  triaged(number: number): this {
    const item = `issue-${number}`;
    const run = `${item}-triage`;
    return this.event('run.started', item, { run, agent: 'triager', attempt: 1 })
      .event('triage.recorded', item, { labels: ['bug'], duplicates: [], report: null }, triager)
      .event('stage.completed', item, { stage: 'triage' });
  }

  /** To `waiting_for_human` on the plan. */
  planned(number: number, digest = 'd'.repeat(64)): this {
    const item = `issue-${number}`;
    this.event('stage.entered', item, { stage: 'plan' });
    this.event('run.started', item, { run: `${item}-plan`, agent: 'triager', attempt: 1 });
    const plan = {
      digest,
      summary: 'Guard the empty widget',
      files: ['src/widget.ts'],
      steps: ['Return early'],
      risks: [],
      tests: ['an empty widget'],
      published_at: '2026-11-20T10:00:00.000Z',
    };
    this.event('plan.published', item, { plan }, triager);
    return this.asked(item, 'plan.adopt', digest);
  }

  asked(item: string, action: GatedAction, digest: string): this {
    const step = { step: 'code', count: 1, have: 0, from: { roles: ['maintainer'] } };
    return this.event('gate.requested', item, { gate: gateWaitingFor([step], action, digest) });
  }

  approved(item: string, gate: GatedAction, digest: string): this {
    const approval = {
      gate,
      login: 'bob',
      id: 2,
      by: 'review' as const,
      digest,
      step: 'code',
      at: '2026-11-20T10:00:00.000Z',
    };
    return this.event('gate.updated', item, { gate: gateWaitingFor([], gate, digest) })
      .event('approval.given', item, { approval, given_on: digest }, bob)
      .event('gate.approved', item, { action: gate, digest })
      .event('item.resumed', item, { action: gate, digest });
  }

  /** A whole issue, from its opening to its merge. */
  merged(number: number, position: number): this {
    const item = `issue-${number}`;
    const digest = 'd'.repeat(64);
    const head = number.toString(16).padStart(40, 'c');
    const pull = number + 1000;
    this.opened(number).triaged(number).planned(number, digest);
    this.approved(item, 'plan.adopt', digest).event('stage.completed', item, { stage: 'plan' });
    for (const stage of ['contribution', 'review'] as const) {
      this.event('stage.entered', item, { stage });
      this.event('run.started', item, { run: `${item}-${stage}`, agent: null, attempt: 1 });
      if (stage === 'contribution') {
        const author = { id: 99, login: 'assent[bot]', type: 'Bot' };
        const at = '2026-11-20T10:30:00.000Z';
        const pull_request = {
          number: pull,
          head,
          head_since: at,
          branch: `assent/${item}`,
          author,
          ours: true,
        };
        this.event('pull_request.linked', item, { pull_request });
      }
      this.event('stage.completed', item, { stage });
    }
    this.event('stage.entered', item, { stage: 'merge' });
    this.event('run.started', item, { run: `${item}-merge`, agent: null, attempt: 1 });
    this.asked(item, 'pull_request.merge', head).approved(item, 'pull_request.merge', head);
    const sha = number.toString(16).padStart(40, 'e');
    const at = '2026-11-20T11:00:00.000Z';
    this.event('merge.counted', item, {
      cycle: 1,
      position,
      merge: {
        pull_request: pull,
        item,
        sha,
        at,
        title: `Fix widget ${number}`,
        issue: number,
        approvals: ['bob by review'],
        by: 'agent',
        tokens: 0,
      },
    });
    return this.event('item.merged', item, {
      pull_request: pull,
      head,
      sha,
      by: 'assent',
      outcome: 'merged',
    });
  }
}

const gateWaitingFor = (waiting_for: Gate['waiting_for'], action: GatedAction, digest: string) => ({
  action,
  digest,
  since: '2026-11-20T10:00:00.000Z',
  waiting_for,
  ignored: [],
  rules: [action],
});

/** The files of a ledger that was written in batches of `batch` events. */
export const ledgerOf = (
  drafts: readonly EventDraft[],
  batch = drafts.length,
): { readonly files: Map<string, string>; readonly view: LedgerView } => {
  const files = new Map<string, string>();
  let view = emptyLedger;
  for (let from = 0; from < drafts.length; from += batch) {
    const plan = planAppend(view, drafts.slice(from, from + batch), sha256);
    for (const { path, content } of plan.files) files.set(path, content);
    view = plan.view;
  }
  return { files, view };
};
