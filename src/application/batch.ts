import type { EventActor, EventDraft } from '../domain/ledger/envelope.ts';
import type { AdoptedPolicies } from '../domain/policy/adoption.ts';
import type { Result } from '../domain/result.ts';
import type { Command } from '../domain/work-item/command.ts';
import { decide, system } from '../domain/work-item/decide.ts';
import type { GovernanceState } from '../domain/work-item/state.ts';

interface Given {
  readonly command: Command;
  readonly actor: EventActor;
  readonly at: string;
  readonly cause: string | null;
  /** The work in hand that it ends or carries on; null: it is about none. */
  readonly about: string | null;
  /** One id for each event the command gave when first decided; kept so that deciding again names them the same. */
  readonly ids: string[];
}

interface BatchContext {
  readonly now: () => string;
  readonly newId: () => string;
}

/**
 * Commands that go into the history as one commit. Each is decided at once on the state as it would be, so the next one sees
 * it; where the branch turns out to have moved, all of them are decided again on what stands there.
 */
export class Batch {
  #state: GovernanceState;
  readonly #given: Given[] = [];
  readonly #context: BatchContext;
  /** The policies in force while deciding; null: they could not be read. */
  readonly #policies: AdoptedPolicies | null;
  readonly #adoptionId: string;

  constructor(
    state: GovernanceState,
    context: BatchContext,
    policies: AdoptedPolicies | null = null,
  ) {
    this.#state = state;
    this.#context = context;
    this.#policies = policies;
    this.#adoptionId = context.newId();
  }

  get state(): GovernanceState {
    return this.#state;
  }

  /** How many commands were taken. */
  get size(): number {
    return this.#given.length;
  }

  /** Takes back what is given after this. */
  mark(): () => void {
    const [state, size] = [this.#state, this.#given.length];
    return () => {
      this.#state = state;
      this.#given.length = size;
    };
  }

  give(command: Command, actor: EventActor = system, cause: string | null = null): Result<null> {
    const at = this.#context.now();
    const about = workInHand(this.#state, command);
    const decision = decide(this.#state, command, { actor, at });
    if (!decision.ok) return decision;
    this.#state = decision.value.state;
    const ids = decision.value.events.map(() => this.#context.newId());
    this.#given.push({ command, actor, at, cause, about, ids });
    return { ok: true, value: null };
  }

  /**
   * Decides everything again on `state`. What is refused there was overtaken, and so is what is about another piece of work than is
   * in hand there: the fresh state has the last word.
   */
  drafts(state: GovernanceState): readonly EventDraft[] {
    let folded = state;
    const drafts: EventDraft[] = [];
    for (const { command, actor, at, cause, about, ids } of this.#given) {
      if (about !== workInHand(folded, command)) continue;
      const decision = decide(folded, command, { actor, at });
      if (!decision.ok) continue;
      folded = decision.value.state;
      decision.value.events.forEach((event, index) => {
        const id = (ids[index] ??= this.#context.newId());
        drafts.push({ ...event, id, at, cause, policy: this.#policies?.digest ?? null });
      });
    }
    return [...this.#adoption(state, drafts[0]), ...drafts];
  }

  /** Before the first event that names them, and only with one: policies under which nothing was decided are not told of. */
  #adoption(state: GovernanceState, first: EventDraft | undefined): readonly EventDraft[] {
    if (this.#policies === null || first === undefined) return [];
    const command = { kind: 'adopt_policies', policies: this.#policies } as const;
    const decision = decide(state, command, { actor: system, at: first.at });
    if (!decision.ok) return [];
    const { at, policy } = first;
    const id = this.#adoptionId;
    return decision.value.events.map((event) => ({ ...event, id, at, cause: null, policy }));
  }
}

/** What says that a piece of work is begun or over: said of another stage or run than it was meant for, it would end that one. */
const carriesOn: ReadonlySet<Command['kind']> = new Set([
  'start_run',
  'request_information',
  'record_triage',
  'publish_plan',
  'open_gate',
  'resume',
  'complete_stage',
  'fail_run',
  'model_unavailable',
  'intend',
]);

/** Which stage and run of its item a command is about, by what the item is at when it is given. */
function workInHand({ items }: GovernanceState, command: Command): string | null {
  if (!carriesOn.has(command.kind) || !('item' in command)) return null;
  // People are shown how things stand whatever they have come to.
  if (command.kind === 'intend' && !worksOn.has(command.effect)) return null;
  const item = items[command.item];
  return item === undefined ? null : `${item.stage} ${item.revisions} ${item.run ?? ''}`;
}

const worksOn: ReadonlySet<string> = new Set([
  'branch.push',
  'pull_request.open',
  'review.publish',
  'pull_request.merge',
]);
