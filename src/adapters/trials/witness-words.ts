import type { Weakening } from './documents.ts';

const LINE_LENGTH = 100;

/** The counterexample as a reviewer wants to hear of it: whose word is enough, what happens today, what else is special. */
export function inWords({ id, witness }: Weakening): readonly string[] {
  if (witness === null) return [];
  const { before, unusual } = witness;
  const today = before.effect === 'deny' ? 'today it is denied' : 'today it waits for a human';
  const special = unusual
    // Who approves is said already, and an issue is there wherever a plan is.
    .filter((line) => !/^(?:evidence\.|people:|issue:)/.test(line))
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line));
  const enough = id.endsWith('/objections') ? 'an objection does not stop it' : wordOf(witness);
  return [`${enough}, ${today}`, ...special];
}

function wordOf({ request, after }: NonNullable<Weakening['witness']>): string {
  if (after.effect === 'allow') return 'nobody is asked';
  const words = after.approvers.map(({ login, by }) => {
    const permission = request.people[login]?.permission ?? 'unknown';
    return `the ${by} of somebody with ${permission} permission`;
  });
  return words.length === 0
    ? 'the word of nobody is enough'
    : `enough is ${[...new Set(words)].join(' and ')}`;
}
