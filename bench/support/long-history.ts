import { sha256 } from '../../src/composition.ts';
import type { EventActor, EventDraft } from '../../src/domain/ledger/envelope.ts';
import type { Command } from '../../src/domain/work-item/command.ts';
import { decide, system } from '../../src/domain/work-item/decide.ts';
import {
  initialState,
  type GatedAction,
  type GovernanceState,
} from '../../src/domain/work-item/state.ts';
import { adopted, verdictOn, type Asked } from './policy-of-history.ts';

const ours = { id: 99, login: 'assent[bot]', type: 'Bot' };

/**
 * A history as Assent writes it, as long as one likes: issues that are triaged, planned, approved, contributed, reviewed and
 * merged, their comments, labels and checks, what the policies of this repository said of each act with the facts it was said on
 * (each eleventh event or so), and a governance cycle after each five. Decided by the machine and the policies themselves, so
 * every step is a legal one. The same number gives the same history.
 */
export class LongHistory {
  state: GovernanceState = initialState;
  #number = 0;
  #clock = Date.parse('2026-01-01T00:00:00.000Z');
  #ids = 0;
  #drafts: EventDraft[] = [];

  /** The next `count` events at least: whole stories, one after another. */
  next(count: number): readonly EventDraft[] {
    if (this.state.policy === null) this.#give({ kind: 'adopt_policies', policies: adopted });
    while (this.#drafts.length < count) this.#issue();
    const drafts = this.#drafts;
    this.#drafts = [];
    return drafts;
  }

  #give(command: Command, actor: EventActor = system): void {
    this.#clock += 1000;
    const at = new Date(this.#clock).toISOString();
    const decision = decide(this.state, command, { actor, at });
    if (!decision.ok) throw new Error(`${command.kind}: ${decision.refusal.message}`);
    this.state = decision.value.state;
    for (const { type, version, item, actor: by, data } of decision.value.events) {
      this.#ids += 1;
      const id = uuidOf(`event ${this.#ids}`);
      const cause = `delivery-${this.#number}`;
      this.#drafts.push({
        id,
        at,
        type,
        version,
        item,
        actor: by,
        data,
        cause,
        policy: adopted.digest,
      });
    }
  }

  #issue(): void {
    this.#number += 1;
    const number = this.#number * 2;
    const item = `issue-${number}`;
    this.#give(
      {
        kind: 'open_item',
        item_kind: 'issue',
        number,
        title: `Widget ${number} turns the wrong way round when it is asked to turn twice`,
        author: { id: 5, login: 'ann', type: 'User' },
        pull_request: null,
      },
      { kind: 'human', id: 5, login: 'ann' },
    );
    this.#triage(item, number);
    this.#gate(item, 'plan.adopt', sha256(`plan ${number}`));
    this.#contribute(item, number + 1);
    this.#review(item, number + 1);
    this.#merge(item, number + 1, 'merged');
    this.#cycle();
  }

  #triage(item: string, number: number): void {
    this.#run(item, 'triager', 'issue.label', {
      labels: ['bug', 'area: core'],
      plan: { summary: words(40), files: ['src/widget.ts'], steps: [words(12), words(12)] },
    });
    this.#verdict({ action: 'issue.label', agent: 'triager', item, number, head: null });
    this.#effect(item, `labels/${number}`, 'labels.change', { number, add: ['bug'], remove: [] });
    this.#give({
      kind: 'record_triage',
      item,
      triage: { labels: ['bug'], duplicates: [], report: null },
    });
    const published_at = new Date(this.#clock).toISOString();
    this.#give({
      kind: 'publish_plan',
      item,
      plan: {
        digest: sha256(`plan ${number}`),
        summary: words(40),
        files: ['src/widget.ts', 'test/widget.test.ts'],
        steps: [words(12), words(12), words(12)],
        risks: [words(10)],
        tests: [words(8)],
        published_at,
      },
    });
    this.#give({ kind: 'complete_stage', item });
    this.#effect(item, `comment/${number}/1`, 'comment.upsert', { number, slot: 'comment' });
  }

  #contribute(item: string, pull: number): void {
    this.#give({ kind: 'complete_stage', item });
    this.#run(item, 'contributor', 'pull_request.open', {
      summary: words(60),
      files: [{ path: 'src/widget.ts', status: 'modified', additions: 12, deletions: 3 }],
      steps: [{ name: 'test', ok: true, seconds: 3 }],
    });
    const head = headOf(pull);
    this.#verdict({ action: 'pull_request.open', agent: 'contributor', item, number: pull, head });
    const branch = `assent/${item}`;
    this.#effect(item, `open/${branch}`, 'pull_request.open', { branch, sha: head, base: 'main' });
    const head_since = new Date(this.#clock).toISOString();
    const pull_request = { number: pull, head, head_since, branch, author: ours, ours: true };
    this.#give({ kind: 'link_pull_request', item, pull_request });
    this.#give({ kind: 'complete_stage', item });
  }

  #review(item: string, pull: number): void {
    this.#run(item, 'reviewer', 'review.publish', { summary: words(30), findings: [] });
    const head = headOf(pull);
    this.#verdict({ action: 'review.publish', agent: 'reviewer', item, number: pull, head });
    this.#effect(item, `review/${pull}/${head}`, 'review.publish', { pull_request: pull, head });
    this.#give({ kind: 'complete_stage', item });
  }

  #merge(item: string, pull: number, outcome: 'merged' | 'published'): void {
    const head = headOf(pull);
    this.#gate(item, outcome === 'merged' ? 'pull_request.merge' : 'roadmap.publish', head, pull);
    this.#effect(item, `check/${head}`, 'check.report', { head, slot: `check/${head}` });
    const key = `merge/${pull}/${head}`;
    const payload = { pull_request: pull, head };
    this.#give({ kind: 'intend', item, key, effect: 'pull_request.merge', payload });
    this.#give({ kind: 'effect_done', key, receipt: { sha: head } });
    const merge = { pull_request: pull, head, sha: headOf(-pull), by: 'assent', outcome } as const;
    this.#give({ kind: 'record_merge', item, merge });
  }

  #cycle(): void {
    const open = Object.values(this.state.items).find(({ kind }) => kind === 'cycle');
    if (open === undefined) return;
    const pull = 1_000_000 + open.number;
    this.#run(open.id, 'governor', 'pull_request.open', { flips: [], answers: words(80) });
    const head_since = new Date(this.#clock).toISOString();
    const branch = `assent/${open.id}`;
    this.#give({
      kind: 'link_pull_request',
      item: open.id,
      pull_request: {
        number: pull,
        head: headOf(pull),
        head_since,
        branch,
        author: ours,
        ours: true,
      },
    });
    this.#give({ kind: 'complete_stage', item: open.id });
    this.#merge(open.id, pull, 'published');
  }

  #run(
    item: string,
    agent: 'triager' | 'contributor' | 'reviewer' | 'governor',
    action: string,
    content: unknown,
  ): void {
    this.#give({ kind: 'start_run', item, agent });
    const run = this.state.items[item]?.run ?? '';
    const usage = { input_tokens: 4000, output_tokens: 900, usd: 0.02, model: 'a-model' };
    const proposal = { agent, run, action, digest: sha256(run), content, usage };
    this.#give({ kind: 'propose', item, proposal });
  }

  #verdict(asked: Omit<Asked, 'at' | 'approved'>, approved = false): void {
    const at = new Date(this.#clock).toISOString();
    const verdict = verdictOn({ ...asked, at, approved });
    this.#give({ kind: 'record_verdict', item: asked.item, verdict, if_new: false });
  }

  /** `pull`: of the pull request whose head is asked about; absent for a plan, of which no verdict is recorded here. */
  #gate(item: string, action: GatedAction, digest: string, pull?: number): void {
    const asked =
      pull === undefined ? null : { action, agent: null, item, number: pull, head: digest };
    const step = action === 'roadmap.publish' ? 'roadmap' : 'code';
    this.#give({ kind: 'start_run', item, agent: null });
    if (asked !== null) this.#verdict(asked);
    const gate = {
      action,
      digest,
      since: new Date(this.#clock).toISOString(),
      waiting_for: [{ step, count: 1, have: 0, from: { roles: ['maintainer'] } }],
      ignored: [],
      rules: ['merge'],
    };
    this.#give({ kind: 'open_gate', item, gate });
    if (asked !== null) this.#verdict(asked, true);
    const at = new Date(this.#clock).toISOString();
    const approval = {
      gate: action,
      login: 'bob',
      id: 2,
      by: 'review',
      digest,
      step,
      at,
    } as const;
    this.#give({
      kind: 'assess_gate',
      item,
      gate: { ...gate, waiting_for: [] },
      approvals: [approval],
      sufficient: true,
      ended_because: 'gone',
    });
    this.#give({ kind: 'resume', item });
  }

  #effect(
    item: string,
    key: string,
    effect: Extract<Command, { kind: 'intend' }>['effect'],
    payload: Readonly<Record<string, unknown>>,
  ): void {
    this.#give({ kind: 'intend', item, key, effect, payload });
    this.#give({ kind: 'effect_done', key, receipt: { id: this.#ids } });
  }
}

/** In the form that the service's own have. */
const uuidOf = (text: string): string =>
  sha256(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const headOf = (pull: number): string => sha256(`head ${pull}`).slice(0, 40);

const vocabulary =
  'the widget turns twice and then rests beside its frame until somebody asks again'.split(' ');

const words = (count: number): string =>
  Array.from({ length: count }, (_, index) => vocabulary[(index * 7) % vocabulary.length]).join(
    ' ',
  );
