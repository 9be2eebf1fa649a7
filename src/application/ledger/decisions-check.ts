import type { Findings, Where } from '../../domain/ledger/findings.ts';
import { plainText } from '../../domain/ledger/plain-text.ts';
import { HISTORY_FOLDER } from '../../domain/ledger/segments.ts';
import type { KnownEvent } from '../../domain/ledger/upcast.ts';
import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import type { AdoptedPolicies } from '../../domain/policy/adoption.ts';
import { requirementsIn } from '../../domain/policy/asked.ts';
import { evaluate } from '../../domain/policy/evaluate.ts';
import type { RecordedVerdict } from '../../domain/policy/record.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { wouldCount } from '../../domain/policy/would-count.ts';
import type { PolicyDocuments, PolicyFiles, PolicySource } from '../../ports/policy-source.ts';

/** What deciding again takes. */
export interface DecisionTools {
  readonly source: PolicySource;
  readonly documents: Pick<PolicyDocuments, 'request'>;
  /** The digest of a set by its text alone, sound or not. */
  readonly digest: (files: PolicyFiles) => string;
}

type EventOf<T extends KnownEvent['type']> = Extract<KnownEvent, { readonly type: T }>;

type Given = EventOf<'approval.given'>['data'];

interface Told {
  readonly request: PolicyRequest;
  readonly verdict: Verdict;
}

const switches: ReadonlySet<string> = new Set<KnownEvent['type']>([
  'control.halted',
  'control.resumed',
  'agent.disabled',
  'agent.enabled',
]);

/**
 * Decides again what the history says was decided: on the policies it recorded and the facts it recorded, by the evaluation that
 * enforces. Hashes and the machine's table do not show an approval by somebody who could not give one.
 */
export class DecisionsCheck {
  readonly #tools: DecisionTools;
  readonly #findings: Findings;
  #adopted: string | null = null;
  #policies: PolicySet | null = null;
  /** The last verdict of each item on each action; null: it cannot be asked again. */
  readonly #verdicts = new Map<string, Told | null>();
  #unchecked = 0;

  constructor(tools: DecisionTools, findings: Findings) {
    this.#tools = tools;
    this.#findings = findings;
  }

  pass(event: KnownEvent, where: Where, order: number): void {
    const fault = (code: string, message: string): void =>
      this.#findings.add('fault', code, where(), message, order);
    const unsure = (code: string, message: string): void =>
      this.#findings.add('inconclusive', code, where(), message, order);
    if (event.type === 'policy.adopted') this.#adopt(event.data, fault, unsure);
    this.#checkPolicy(event, fault);
    switch (event.type) {
      case 'verdict.given':
        this.#decideAgain(event, fault, unsure);
        return;
      case 'approval.given':
        this.#checkApproval(event, fault);
        return;
      case 'gate.approved':
      case 'gate.overridden':
        this.#checkGate(event, fault);
        return;
      default:
        if (switches.has(event.type) && event.actor.kind !== 'human') {
          const who = plainText(event.actor.login, 40);
          fault('switch.not_human', `${event.type} by ${who}, who is no human`);
        }
    }
  }

  finish(): void {
    if (this.#unchecked === 0) return;
    const message = `${this.#unchecked} decisions were recorded without the policies or the facts they were made on, so they were not made again`;
    this.#findings.add('note', 'decisions.not_checked', { file: HISTORY_FOLDER }, message);
  }

  #adopt({ digest, files }: AdoptedPolicies, fault: Say, unsure: Say): void {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const actual = this.#tools.digest(texts);
    this.#adopted = digest;
    this.#policies = null;
    if (actual !== digest) {
      fault(
        'policy.digest',
        `adopts policies as ${plainText(digest)}, but their text hashes to ${actual}`,
      );
      return;
    }
    const loaded = this.#tools.source.load(texts);
    if (loaded.ok) this.#policies = loaded.value;
    else {
      unsure(
        'policy.unreadable',
        `adopts policies that this version of Assent cannot read, so decisions under them were not made again: ${plainText(loaded.refusal.message)}`,
      );
    }
  }

  #checkPolicy({ policy, type }: KnownEvent, fault: Say): void {
    if (this.#adopted === null || policy === this.#adopted) return;
    // While the policies cannot be read nothing is decided by them; what happens meanwhile names none.
    if (policy === null && type !== 'verdict.given') return;
    fault(
      'policy.mismatch',
      `was decided under the policies ${plainText(policy ?? 'of nobody')}, while ${plainText(this.#adopted)} were in force`,
    );
  }

  #decideAgain({ item, data }: EventOf<'verdict.given'>, fault: Say, unsure: Say): void {
    const key = keyOf(item, data.action);
    this.#verdicts.set(key, null);
    if (this.#policies === null || data.facts === null) {
      this.#unchecked += 1;
      return;
    }
    const read = this.#tools.documents.request('facts', JSON.stringify(data.facts));
    if (!read.ok) {
      unsure(
        'verdict.unreadable',
        `was given on facts that cannot be read: ${plainText(read.refusal.message)}`,
      );
      return;
    }
    const verdict = evaluate(this.#policies, read.value);
    this.#verdicts.set(key, { request: read.value, verdict });
    const difference = differenceOf(data, verdict, read.value);
    if (difference !== null) {
      fault(
        'verdict.differs',
        `is not what the policies in force say on these facts: ${difference}`,
      );
    }
  }

  #checkApproval(event: EventOf<'approval.given'>, fault: Say): void {
    const { item, actor, data } = event;
    const { login, gate, id } = data.approval;
    if (actor.kind !== 'human' || actor.id !== id) {
      fault(
        'approval.not_human',
        `counts an approval by ${plainText(login, 40)}, recorded by ${plainText(actor.login, 40)} (${actor.kind}), who is not that person`,
      );
    }
    const told = this.#lastVerdict(item, gate);
    if (told === null) return;
    if (data.approval.by === 'override') this.#checkOverride(data, told, fault);
    else this.#checkCounted(data, told, fault);
  }

  #checkCounted({ approval, given_on }: Given, told: Told, fault: Say): void {
    const { login, by, step, digest } = approval;
    const covered =
      subjectOf(told.request) === digest &&
      told.verdict.approvers.some(
        (one) =>
          one.login === login &&
          one.by === by &&
          one.step === step &&
          // Null: version 1 did not say, and the verdict alone knows.
          (given_on === null || one.digest === given_on),
      );
    if (covered) return;
    const on = plainText(digest.slice(0, 12));
    const where =
      given_on === null || given_on === digest
        ? `on ${on}`
        : `given on ${plainText(given_on.slice(0, 12))} and standing on ${on}`;
    fault(
      'approval.unauthorised',
      `counts an approval ${this.#whoAndWhat(approval, step, told)}, and the facts show no such approval ${where}`,
    );
  }

  /** An override's step is none of policy's: whoever could approve may override. */
  #checkOverride({ approval }: Given, { request, verdict }: Told, fault: Say): void {
    const { login, id, digest } = approval;
    if (this.#policies === null || request.people[login] === undefined) {
      this.#unchecked += 1;
      return;
    }
    const person = { id, login, type: 'User' };
    if (subjectOf(request) === digest && wouldCount(this.#policies, request, person, digest)) {
      return;
    }
    const asked = [...new Set(verdict.approvers.map(({ step }) => step))].join(', ');
    fault(
      'approval.unauthorised',
      `counts an override ${this.#whoAndWhat(approval, asked, { request, verdict })}, so that they could not override on ${plainText(digest.slice(0, 12))}`,
    );
  }

  #whoAndWhat({ login, by }: Given['approval'], step: string, { request }: Told): string {
    return `by ${plainText(login, 40)} (${by}), who at that time had ${plainText(request.people[login]?.permission ?? 'no known permission')}; step ${plainText(step, 40)} takes ${this.#whatTakes(step)}`;
  }

  #checkGate(
    { item, data: { action, digest } }: EventOf<'gate.approved' | 'gate.overridden'>,
    fault: Say,
  ): void {
    const told = this.#lastVerdict(item, action);
    if (told === null) return;
    const { effect, satisfied, waiting_for } = told.verdict;
    if (effect === 'require_human' && satisfied && subjectOf(told.request) === digest) return;
    const missing = waiting_for.map(
      ({ step, have, count }) => `step ${plainText(step, 40)} has ${have} of ${count}`,
    );
    fault(
      'gate.unauthorised',
      `approves ${action} on ${plainText(digest.slice(0, 12))}, which the last verdict does not: ${effect.replaceAll('_', ' ')}${missing.length > 0 ? `, ${missing.join(', ')}` : ''}, on ${plainText(subjectOf(told.request)?.slice(0, 12) ?? 'nothing')}`,
    );
  }

  #lastVerdict(item: string | null, action: string): Told | null {
    const told = this.#verdicts.get(keyOf(item, action)) ?? null;
    if (told === null) this.#unchecked += 1;
    return told;
  }

  #whatTakes(step: string): string {
    const requirements = this.#policies === null ? [] : requirementsIn(this.#policies);
    const asked = requirements.find((one) => one.step === step);
    return asked === undefined
      ? 'nobody: no policy names it'
      : plainText(canonicalJson(asked.from));
  }
}

type Say = (code: string, message: string) => void;

const keyOf = (item: string | null, action: string): string => `${item ?? ''} ${action}`;

/** The head or the plan that the question was about. */
const subjectOf = ({ pull_request, issue }: PolicyRequest): string | null =>
  pull_request?.head ?? issue?.plan?.digest ?? null;

const differenceOf = (
  recorded: RecordedVerdict,
  verdict: Verdict,
  { action }: PolicyRequest,
): string | null => {
  if (action.kind !== recorded.action) {
    return `they are about ${plainText(action.kind, 40)}, not ${plainText(recorded.action, 40)}`;
  }
  const parts = ['effect', 'satisfied', 'approvers', 'rules'] as const;
  const differing = parts.find(
    (part) => canonicalJson(recorded[part]) !== canonicalJson(verdict[part]),
  );
  return differing === undefined
    ? null
    : `${differing} is recorded as ${plainText(canonicalJson(recorded[differing]))}, they say ${plainText(canonicalJson(verdict[differing]))}`;
};
