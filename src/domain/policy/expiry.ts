import type { PolicySet } from './rules.ts';

/** What is known of a question: since when it stands, and by which rules it is asked. */
interface Question {
  readonly since: string;
  readonly rules: readonly string[];
}

/**
 * When a question lapses unanswered (ISO 8601), by the first of its rules to let it; null: it stays. By the rules in force
 * now, so a policy that gives people more time gives it to what waits already.
 */
export function lapsesAt({ rules }: PolicySet, question: Question): string | null {
  const times = rules.flatMap((rule) =>
    rule.effect === 'require_human' && rule.expires !== null && question.rules.includes(rule.id)
      ? [rule.expires]
      : [],
  );
  const since = Date.parse(question.since);
  // A time that is none must not end anything.
  if (times.length === 0 || Number.isNaN(since)) return null;
  return new Date(since + Math.min(...times)).toISOString();
}
