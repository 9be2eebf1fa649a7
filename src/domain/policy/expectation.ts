import type { PolicyRequest } from './request.ts';
import type { Effect } from './rules.ts';
import type { Reason, Verdict } from './verdict.ts';

/** What a policy test expects. What it leaves out may be anything. */
export interface Expectation {
  readonly effect: Effect;
  readonly satisfied?: boolean;
  /** Steps that wait, in order. */
  readonly waiting_for?: readonly string[];
  /** Logins that count, in order. */
  readonly approvers?: readonly string[];
  /** Evidence that does not count, such as `review 7`, in order. */
  readonly ignored?: readonly string[];
  readonly rules?: readonly string[];
  /** A text that stands somewhere in the reasons. */
  readonly reason?: string;
}

/** One request and what the policies should say of it. */
export interface PolicyCase {
  readonly file: string;
  readonly name: string;
  readonly request: PolicyRequest;
  readonly expect: Expectation;
}

/** Each difference in a sentence; none where the verdict is as expected. */
export function differences(expected: Expectation, verdict: Verdict): readonly string[] {
  return [
    ...differs('effect', expected.effect, verdict.effect),
    ...differs('satisfied', expected.satisfied, verdict.satisfied),
    ...differs(
      'waiting_for',
      expected.waiting_for,
      verdict.waiting_for.map(({ step }) => step),
    ),
    ...differs(
      'approvers',
      expected.approvers,
      verdict.approvers.map(({ login }) => login),
    ),
    ...differs(
      'ignored',
      expected.ignored,
      verdict.ignored.map(({ evidence }) => evidence),
    ),
    ...differs('rules', expected.rules, verdict.rules),
    ...(expected.reason === undefined || mentions(verdict.reasons, expected.reason)
      ? []
      : [`no reason says "${expected.reason}"`]),
  ];
}

/** Lists and words alike compare as JSON, which is how both are written. */
function differs(name: string, expected: unknown, actual: unknown): readonly string[] {
  const [want, have] = [JSON.stringify(expected), JSON.stringify(actual)];
  return expected === undefined || want === have ? [] : [`${name} is ${have}, expected ${want}`];
}

const mentions = ({ text, children }: Reason, part: string): boolean =>
  text.includes(part) || children.some((child) => mentions(child, part));
