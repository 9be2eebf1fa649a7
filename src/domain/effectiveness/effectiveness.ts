import type { TimedEvent } from '../work-item/event.ts';
import { agentNames, type AgentName } from '../work-item/state.ts';

/** What an agent did, and what people made of it. Counts of nothing but the history's own events. */
export interface AgentRecord {
  readonly runs: number;
  readonly failed: number;
  /** Runs given up: only a human tries again. */
  readonly dead: number;
  /** Runs in which the model could not be reached: no fault of the agent's. */
  readonly outages: number;
  readonly proposals: number;
  /** Decided by a human as first proposed. */
  readonly accepted_at_first: number;
  readonly accepted_after_rework: number;
  readonly rejected: number;
  readonly refused_calls: number;
  readonly tokens: number;
  /** Of these, what runs took that led to no proposal and no question. */
  readonly tokens_in_vain: number;
  /** Of the runs with a price. */
  readonly usd: number;
  /** Runs of models whose price is not known. */
  readonly unpriced: number;
  /** From each question to a human to its decision, in seconds, in the order of the decisions. */
  readonly waits: readonly number[];
}

/** Between two closed cycles; the last is still open. */
export interface Period {
  readonly cycle: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly agents: Readonly<Record<AgentName, AgentRecord>>;
}

type Counts = Omit<AgentRecord, 'waits'>;

/** Owned by whoever counts: a copy with each event would copy all waits with each. */
type Tally = { -readonly [K in keyof Counts]: number } & { readonly waits: number[] };

const blank = (): Tally => ({
  runs: 0,
  failed: 0,
  dead: 0,
  outages: 0,
  proposals: 0,
  accepted_at_first: 0,
  accepted_after_rework: 0,
  rejected: 0,
  refused_calls: 0,
  tokens: 0,
  tokens_in_vain: 0,
  usd: 0,
  unpriced: 0,
  waits: [],
});

const blankEach = (): Record<AgentName, Tally> => ({
  triager: blank(),
  contributor: blank(),
  reviewer: blank(),
  governor: blank(),
});

function count(tally: Tally, { waits = [], ...counts }: Partial<AgentRecord>): void {
  for (const [name, more] of Object.entries(counts)) tally[name as keyof Counts] += more;
  for (const wait of waits) tally.waits.push(wait);
}

/** Whose work a gate is about: the plan is the triager's, a merge of an issue's pull request the contributor's. */
interface Open {
  readonly owner: AgentName | null;
  readonly since: string;
}

interface ItemSoFar {
  readonly kind: string;
  plans: number;
  contributions: number;
  updates: number;
  runs: Map<string, AgentName>;
  gate: Open | null;
}

/** Reads a history from its beginning, one event after the other; `periods` may be asked for at any point. */
export class EffectivenessFold {
  readonly #closed: Period[] = [];
  #cycle = 1;
  #from: string | null = null;
  #agents = blankEach();
  readonly #items = new Map<string, ItemSoFar>();

  take(event: TimedEvent): void {
    this.#from ??= event.at;
    // Its item may have ended, and it was paid for all the same.
    if (event.type === 'run.spent') {
      const cost = spent(event.data.usage);
      this.#add(event.data.agent, { ...cost, tokens_in_vain: cost.tokens });
    }
    if (event.item !== null) this.#takeItems(event, event.item);
    if (event.type === 'cycle.closed') this.#close(event.data.cycle, event.at);
  }

  /** Of each cycle that was closed, and of the one that is open. */
  periods(): readonly Period[] {
    const open = { cycle: this.#cycle, from: this.#from, to: null, agents: this.#agents };
    return structuredClone([...this.#closed, open]);
  }

  #close(cycle: number, at: string): void {
    this.#closed.push({ cycle, from: this.#from, to: at, agents: this.#agents });
    this.#cycle = cycle + 1;
    this.#from = at;
    this.#agents = blankEach();
  }

  #add(agent: AgentName, more: Partial<AgentRecord>): void {
    count(this.#agents[agent], more);
  }

  #takeItems(event: TimedEvent, id: string): void {
    if (event.type === 'item.created') {
      const { kind } = event.data;
      this.#items.set(id, {
        kind,
        plans: 0,
        contributions: 0,
        updates: 0,
        runs: new Map(),
        gate: null,
      });
      return;
    }
    const item = this.#items.get(id);
    if (item === undefined) return;
    this.#takeRun(event, item);
    this.#takeGate(event, item);
    if (event.type === 'item.merged' || event.type === 'item.terminated') this.#items.delete(id);
  }

  #takeRun(event: TimedEvent, item: ItemSoFar): void {
    switch (event.type) {
      case 'run.started':
        if (event.data.agent === null) return;
        item.runs.set(event.data.run, event.data.agent);
        return this.#add(event.data.agent, { runs: 1 });
      case 'run.failed':
        return this.#ofRun(item, event.data.run, { failed: 1 });
      case 'run.dead':
        return this.#ofRun(item, event.data.run, { dead: 1 });
      case 'model.unavailable':
        return this.#ofRun(item, event.data.run, { outages: 1 });
      case 'tools.refused':
        return this.#add(event.data.agent, { refused_calls: event.data.calls.length });
      case 'question.asked':
        return this.#add(event.data.agent, spent(event.data.usage));
      case 'agent.proposed': {
        const { agent, action, usage } = event.data;
        if (agent === 'contributor' && action === 'pull_request.open') item.contributions += 1;
        if (agent === 'governor') item.updates += 1;
        return this.#add(agent, { proposals: 1, ...spent(usage) });
      }
      case 'plan.published':
        item.plans += 1;
        return;
      default:
    }
  }

  #ofRun(item: ItemSoFar, run: string, more: Partial<AgentRecord>): void {
    const agent = item.runs.get(run);
    if (agent !== undefined) this.#add(agent, more);
  }

  #takeGate(event: TimedEvent, item: ItemSoFar): void {
    switch (event.type) {
      case 'gate.requested':
        item.gate = { owner: ownerOf(event.data.gate.action, item), since: event.at };
        return;
      case 'gate.reopened':
      case 'gate.expired':
        item.gate = null;
        return;
      case 'gate.approved':
      case 'gate.overridden':
        if (event.data.action === 'plan.adopt') this.#decided('triager', item.plans, true);
        return this.#answered(item, event.at);
      case 'gate.rejected':
        this.#rejected(event.data.action, item);
        return this.#answered(item, event.at);
      case 'item.merged':
        if (item.kind === 'issue') this.#decided('contributor', item.contributions, true);
        if (item.kind === 'cycle') this.#decided('governor', item.updates, true);
        return;
      default:
    }
  }

  #rejected(action: string, item: ItemSoFar): void {
    const owner = ownerOf(action, item);
    if (owner !== null) this.#decided(owner, 1, false);
  }

  /** `proposals`: how many it took. None: what was decided was no work of the agent's. */
  #decided(agent: AgentName, proposals: number, accepted: boolean): void {
    if (!accepted) this.#add(agent, { rejected: 1 });
    else if (proposals === 1) this.#add(agent, { accepted_at_first: 1 });
    else if (proposals > 1) this.#add(agent, { accepted_after_rework: 1 });
  }

  #answered(item: ItemSoFar, at: string): void {
    const { gate } = item;
    item.gate = null;
    if (gate === null || gate.owner === null) return;
    // Clocks go back; nobody waited less than nothing.
    const seconds = Math.max(0, (Date.parse(at) - Date.parse(gate.since)) / 1000);
    this.#add(gate.owner, { waits: [seconds] });
  }
}

function ownerOf(action: string, { kind }: ItemSoFar): AgentName | null {
  if (action === 'plan.adopt') return 'triager';
  if (kind === 'cycle') return 'governor';
  return kind === 'issue' ? 'contributor' : null;
}

const spent = (usage: {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly usd: number | null;
}) => ({
  tokens: usage.input_tokens + usage.output_tokens,
  usd: usage.usd ?? 0,
  // What took no tokens has its price: nothing.
  unpriced: usage.usd === null && usage.input_tokens + usage.output_tokens > 0 ? 1 : 0,
});

/** Of several periods together. */
export function totalOf(
  periods: readonly Pick<Period, 'agents'>[],
): Readonly<Record<AgentName, AgentRecord>> {
  const total = blankEach();
  for (const { agents } of periods)
    for (const agent of agentNames) count(total[agent], agents[agent]);
  return total;
}

/** Of what humans decided, the part that was accepted as first proposed; null where they decided nothing. */
export function acceptance(record: AgentRecord): number | null {
  const { accepted_at_first: first, accepted_after_rework: later, rejected } = record;
  const decided = first + later + rejected;
  return decided === 0 ? null : first / decided;
}

/** In seconds; null where nobody waited. */
export function medianWait({ waits }: Pick<AgentRecord, 'waits'>): number | null {
  const sorted = waits.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
