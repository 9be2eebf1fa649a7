/** What our users leak most. Finds shapes, not truth: a match stops a contribution and is shown to a human, never silently dropped. */
const rules: readonly { readonly rule: string; readonly pattern: RegExp }[] = [
  { rule: 'GitHub token', pattern: /\b(?:ghp|gho|ghu|ghr)_[A-Za-z0-9]{36,}/ },
  { rule: 'GitHub installation token', pattern: /\bghs_[A-Za-z0-9._-]{36,}/ },
  { rule: 'GitHub fine-grained token', pattern: /\bgithub_pat_[A-Za-z0-9_]{50,}/ },
  { rule: 'GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { rule: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { rule: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { rule: 'Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{20,}/ },
  { rule: 'OpenAI key', pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}/ },
  { rule: 'Stripe key', pattern: /\b(?:sk|rk)_live_[A-Za-z0-9]{20,}/ },
  { rule: 'Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  {
    rule: 'Slack webhook',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{20,}/,
  },
  { rule: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { rule: 'PyPI token', pattern: /\bpypi-[A-Za-z0-9_-]{50,}/ },
  { rule: 'Private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { rule: 'Credentials in a URL', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@]{6,}@/i },
];

const telling =
  /(?:secret|token|passw(?:or)?d|api[_-]?key|access[_-]?key|credential)s?["'`]?\s*[:=]\s*["'`]([^"'`\s]{16,})["'`]/i;
const minimumEntropy = 3.8;

/** The names of the rules a line breaks; never the secret itself. */
export function secretsIn(line: string): readonly string[] {
  const found = rules.filter(({ pattern }) => pattern.test(line)).map(({ rule }) => rule);
  const value = telling.exec(line)?.[1];
  if (found.length === 0 && value !== undefined && entropy(value) >= minimumEntropy)
    found.push('high-entropy value beside a telling name');
  return found;
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
