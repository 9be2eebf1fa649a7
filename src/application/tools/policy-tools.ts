import { adoption } from '../../domain/policy/adoption.ts';
import { candidatesIn } from '../../domain/approval/candidate.ts';
import { evaluate, explain } from '../../domain/policy/evaluate.ts';
import { differences, type PolicyCase } from '../../domain/policy/expectation.ts';
import type { Finding } from '../../domain/policy/finding.ts';
import { inspect } from '../../domain/policy/inspect.ts';
import { knownActions } from '../../domain/policy/actions.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { ok, type Result } from '../../domain/result.ts';
import type {
  Locate,
  PolicyDocuments,
  PolicyFault,
  PolicyFiles,
  PolicyRefusal,
  PolicySource,
} from '../../ports/policy-source.ts';

/** What `policy check` found. `valid` is false where there is a fault. */
export interface PolicyCheck {
  readonly valid: boolean;
  readonly digest: string | null;
  readonly files: readonly string[];
  readonly rules: number;
  readonly faults: readonly PolicyFault[];
  readonly warnings: readonly PolicyFault[];
}

export function checkPolicies(source: PolicySource, files: PolicyFiles): PolicyCheck {
  const loaded = source.load(files);
  if (!loaded.ok) {
    return {
      valid: false,
      digest: null,
      files: [...files.keys()],
      rules: 0,
      faults: loaded.refusal.faults,
      warnings: [],
    };
  }
  const { digest, files: read, rules } = loaded.value;
  const place = source.locate?.(files) ?? nowhere;
  const told = (level: Finding['level']) =>
    inspect(loaded.value, knownActions)
      .filter((finding) => finding.level === level)
      .map((finding) => asFault(finding, place))
      .toSorted(byPlace);
  const faults = [...tooLarge(loaded.value, files), ...told('fault')];
  const warnings = told('warning');
  return { valid: faults.length === 0, digest, files: read, rules: rules.length, faults, warnings };
}

/** Sound in itself, and yet nothing that a service would decide under. */
function tooLarge(policies: PolicySet, files: PolicyFiles): readonly PolicyFault[] {
  const adopted = adoption(policies, files);
  const [file] = policies.files;
  return adopted.ok || file === undefined
    ? []
    : [{ file, line: null, column: null, message: adopted.refusal.message }];
}

const asFault = ({ file, rule, path, message }: Finding, place: Locate): PolicyFault => ({
  ...place(file, path),
  message: rule === null ? message : `rule ${rule} ${message}`,
});

const nowhere: Locate = (file) => ({ file: file ?? '', line: null, column: null });

const byPlace = (one: PolicyFault, other: PolicyFault) =>
  one.file.localeCompare(other.file) ||
  (one.line ?? 0) - (other.line ?? 0) ||
  (one.column ?? 0) - (other.column ?? 0);

/** The verdict on a request given as text. Either may be malformed, and then the faults of both are told. */
export function judge(
  tools: { readonly source: PolicySource; readonly documents: PolicyDocuments },
  files: PolicyFiles,
  request: { readonly file: string; readonly text: string },
): Result<Verdict, PolicyRefusal> {
  const policies = tools.source.load(files);
  const asked = tools.documents.request(request.file, request.text);
  if (policies.ok && asked.ok)
    return ok(explain(policies.value, asked.value, candidatesIn(asked.value)));
  const refusals = [policies, asked].flatMap((result) => (result.ok ? [] : [result.refusal]));
  return {
    ok: false,
    refusal: {
      code: 'policy.malformed',
      message: refusals.map(({ message }) => message).join('\n'),
      faults: refusals.flatMap(({ faults }) => faults),
    },
  };
}

/** One case as it came out; no differences means it passed. */
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly differences: readonly string[];
  readonly verdict: Verdict;
}

export function testPolicies(
  tools: { readonly source: PolicySource; readonly documents: PolicyDocuments },
  files: PolicyFiles,
): Result<readonly CaseResult[], PolicyRefusal> {
  const policies = tools.source.load(files);
  if (!policies.ok) return policies;
  const cases = tools.documents.cases(files);
  if (!cases.ok) return cases;
  return ok(
    cases.value.map((each: PolicyCase) => {
      const verdict = evaluate(policies.value, each.request);
      return {
        file: each.file,
        name: each.name,
        differences: differences(each.expect, verdict),
        verdict,
      };
    }),
  );
}
