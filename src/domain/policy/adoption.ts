import { canonicalJson } from '../ledger/canonical-json.ts';
import { ok, refuse, type Result } from '../result.ts';

/** A policy set as it stands in the history: what a past decision was made under can be read there, and asked again. */
export interface AdoptedPolicies {
  readonly digest: string;
  /** The files that make up the set, in order of their paths; not its tests. */
  readonly files: readonly PolicyText[];
}

export interface PolicyText {
  readonly path: string;
  readonly text: string;
}

/** Of UTF-8, as the history writes it: an event takes 1 MiB, and each change of the policies is written down whole. */
const MAX_BYTES = 256 * 1024;

/**
 * What is recorded of a set. Refused where it is too large: decisions under policies that nobody can look up afterwards
 * would have to be believed.
 */
export function adoption(
  { digest, files }: { readonly digest: string; readonly files: readonly string[] },
  texts: ReadonlyMap<string, string>,
): Result<AdoptedPolicies> {
  const adopted = files.map((path) => ({ path, text: texts.get(path) ?? '' }));
  const bytes = new TextEncoder().encode(canonicalJson(adopted)).length;
  return bytes > MAX_BYTES
    ? refuse(
        'policy.too_large',
        `the policies take ${bytes} bytes; at most ${MAX_BYTES} can be recorded with the decisions they lead to: make them shorter`,
      )
    : ok({ digest, files: adopted });
}
