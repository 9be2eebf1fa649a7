import type { RecordedEvent } from '../../domain/ledger/envelope.ts';
import { upcast } from '../../domain/ledger/upcast.ts';
import type { AdoptedPolicies } from '../../domain/policy/adoption.ts';
import { changeOf, outcomeOf, type Change, type Outcome } from '../../domain/policy/difference.ts';
import { evaluate } from '../../domain/policy/evaluate.ts';
import { needsOf, unanswered, type Needs } from '../../domain/policy/needs.ts';
import type { RecordedVerdict } from '../../domain/policy/record.ts';
import { denials } from '../../domain/policy/render.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Verdict, Waiting } from '../../domain/policy/verdict.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import type { PolicyDocuments, PolicySource } from '../../ports/policy-source.ts';
import { readEvents } from '../ledger/read-story.ts';

/** A decision of the past, by its event. */
interface Decision {
  readonly sequence: number;
  readonly at: string;
  readonly item: string | null;
  readonly title: string | null;
  readonly action: string;
}

/** A decision that would have come out otherwise. */
export interface Difference extends Decision {
  readonly change: Change;
  readonly was: { readonly outcome: Outcome; readonly rules: readonly string[] };
  readonly would_be: {
    readonly outcome: Outcome;
    readonly rules: readonly string[];
    readonly reasons: readonly string[];
    readonly waiting_for: readonly Waiting[];
  };
}

/** A decision that these policies cannot be asked about, and why. */
export interface Untold extends Decision {
  readonly why: string;
}

export interface Simulation {
  /** Of the policies that were tried. */
  readonly digest: string;
  readonly decisions: number;
  readonly same: number;
  /** In the order of the history. */
  readonly differences: readonly Difference[];
  readonly could_not_tell: readonly Untold[];
}

interface Tools {
  readonly source: PolicySource;
  readonly documents: PolicyDocuments;
}

/**
 * The history under other policies: each recorded decision is decided again on the facts it was made on, by the evaluation
 * that enforces (law 11). Nothing else changes with it: what followed from a decision stands as it happened.
 */
export async function simulatePolicies(
  policies: PolicySet,
  folder: LedgerFolder,
  tools: Tools,
): Promise<Simulation> {
  const past = new Past(tools);
  const differences: Difference[] = [];
  const untold: Untold[] = [];
  let decisions = 0;
  for await (const event of readEvents(folder)) {
    const verdict = past.pass(event);
    if (verdict === null) continue;
    decisions += 1;
    const decision = past.decision(event, verdict);
    const asked = askAgain(policies, past.gathered(), verdict, tools.documents);
    if (!asked.ok) untold.push({ ...decision, why: asked.refusal.message });
    else if (asked.value !== null) differences.push({ ...decision, ...asked.value });
  }
  const same = decisions - differences.length - untold.length;
  return { digest: policies.digest, decisions, same, differences, could_not_tell: untold };
}

/** What has to be remembered of the history on the way: the policies in force, and what the items are called. */
class Past {
  readonly #tools: Tools;
  readonly #titles = new Map<string, string>();
  #gathered: Result<Needs> = refuse('policies.unknown', 'the policies of that time are unknown');

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Takes the event in; gives the verdict that it is, if it is one. */
  pass(event: RecordedEvent): RecordedVerdict | null {
    const known = upcast(event);
    if (known?.type === 'policy.adopted') this.#gathered = this.#needs(known.data);
    if (known?.type === 'item.created' || known?.type === 'item.retitled') {
      this.#titles.set(known.item ?? '', known.data.title);
    }
    return known?.type === 'verdict.given' ? known.data : null;
  }

  decision({ sequence, at, item }: RecordedEvent, { action }: RecordedVerdict): Decision {
    return { sequence, at, item, title: this.#titles.get(item ?? '') ?? null, action };
  }

  /** What was looked up in those days. */
  gathered(): Result<Needs> {
    return this.#gathered;
  }

  #needs({ files }: AdoptedPolicies): Result<Needs> {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const loaded = this.#tools.source.load(texts);
    return loaded.ok
      ? ok(needsOf(loaded.value))
      : refuse('policies.unread', 'the policies of that time cannot be read any more');
  }
}

type Outcomes = Pick<Difference, 'change' | 'was' | 'would_be'>;

/** Null: it comes out as it did. */
function askAgain(
  policies: PolicySet,
  gathered: Result<Needs>,
  past: RecordedVerdict,
  documents: PolicyDocuments,
): Result<Outcomes | null> {
  const request = requestIn(past, documents);
  if (!request.ok) return request;
  if (!gathered.ok) return gathered;
  const lacking = unanswered(policies, request.value, gathered.value);
  if (lacking.length > 0) {
    return refuse('facts.lacking', `not looked up at that time: ${lacking.join(', ')}`);
  }
  const verdict = evaluate(policies, request.value);
  const was = outcomeOf({ effect: past.effect, satisfied: past.satisfied === true });
  const outcome = outcomeOf(verdict);
  const change = changeOf(was, outcome);
  if (change === null) return ok(null);
  const { rules, waiting_for } = verdict;
  const would_be = { outcome, rules, reasons: reasonsOf(verdict), waiting_for };
  return ok({ change, was: { outcome: was, rules: past.rules }, would_be });
}

function requestIn(
  { facts, facts_missing }: RecordedVerdict,
  documents: PolicyDocuments,
): Result<PolicyRequest> {
  if (facts === null) {
    return refuse(
      'facts.none',
      `recorded without its facts: ${facts_missing ?? 'nobody knows why'}`,
    );
  }
  const request = documents.request('facts', JSON.stringify(facts));
  return request.ok
    ? request
    : refuse('facts.unread', `its facts cannot be read: ${request.refusal.message}`);
}

const reasonsOf = ({ effect, reasons }: Verdict): readonly string[] =>
  effect === 'deny' ? denials(reasons) : [];
