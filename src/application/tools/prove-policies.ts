import type { PolicySet } from '../../domain/policy/rules.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Comparison, PolicyProver, Proof } from '../../ports/policy-prover.ts';
import type { PolicyFiles, PolicyRefusal, PolicySource } from '../../ports/policy-source.ts';

/** Where a rule stands; `line` counts from 1, null where it was not found. */
export interface RulePlace {
  readonly rule: string;
  readonly file: string;
  readonly line: number | null;
}

export type Placed<Report> = Report & {
  readonly digest: string;
  /** Of every rule the report names. */
  readonly places: readonly RulePlace[];
};

export async function provePolicies(
  source: PolicySource,
  prover: PolicyProver,
  files: PolicyFiles,
): Promise<Result<Placed<Proof>, PolicyRefusal>> {
  const loaded = source.load(files);
  if (!loaded.ok) return loaded;
  const proof = await prover.prove(loaded.value);
  const named = [...proof.questions.flatMap(({ rules }) => rules), ...proof.dead];
  return ok(placed(proof, named, loaded.value, files));
}

export async function comparePolicyFiles(
  source: PolicySource,
  prover: PolicyProver,
  files: { readonly before: PolicyFiles; readonly after: PolicyFiles },
): Promise<Result<Placed<Comparison>, PolicyRefusal>> {
  const before = source.load(files.before);
  if (!before.ok) return before;
  const after = source.load(files.after);
  if (!after.ok) return after;
  const comparison = await prover.compare(before.value, after.value);
  const named = comparison.questions.flatMap(({ rules }) => rules);
  return ok(placed(comparison, named, after.value, files.after));
}

const placed = <Report>(
  report: Report,
  named: readonly string[],
  policies: PolicySet,
  files: PolicyFiles,
): Placed<Report> => ({
  ...report,
  digest: policies.digest,
  places: policies.rules
    .filter(({ id }) => named.includes(id))
    .map(({ id, file }) => ({ rule: id, file, line: lineOf(id, files.get(file) ?? '') })),
});

/** The entry of a rule begins with a dash, which no other `id` does. */
function lineOf(id: string, text: string): number | null {
  const escaped = id.replaceAll('.', String.raw`\.`);
  const entry = new RegExp(
    String.raw`^\s*(?:rules:\s*\[)?.*?\bid:\s*['"]?${escaped}['"]?\s*(?:[,}#].*)?$`,
  );
  const lines = text.split(/\r?\n/);
  const begins = lines.findIndex((line) => /^\s*-/.test(line) && entry.test(line));
  const found = begins === -1 ? lines.findIndex((line) => entry.test(line)) : begins;
  return found === -1 ? null : found + 1;
}
