import type { PolicyCase } from '../domain/policy/expectation.ts';
import type { PolicyRequest } from '../domain/policy/request.ts';
import type { PolicySet } from '../domain/policy/rules.ts';
import type { Refusal, Result } from '../domain/result.ts';

/** One thing wrong in a file, with its place; `line` and `column` count from 1 and are null where the file has none. */
export interface PolicyFault {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** Every fault of every file at once; `message` is all of them, a line each. */
export interface PolicyRefusal extends Refusal {
  readonly code: 'policy.malformed';
  readonly faults: readonly PolicyFault[];
}

/** Contents by path. */
export type PolicyFiles = ReadonlyMap<string, string>;

/** The place of a path in a file's data; file null: in whichever policy has it. */
export type Locate = (
  file: string | null,
  path: readonly (string | number)[],
) => Pick<PolicyFault, 'file' | 'line' | 'column'>;

/** Makes policies of text. */
export interface PolicySource {
  /**
   * The files as they stand in the repository's `policies/` on its default branch; what is no policy file is left out.
   * No policy file gives a set that denies everything.
   */
  load(files: PolicyFiles): Result<PolicySet, PolicyRefusal>;
  /** Where in sound files something stands, for what `policy check` finds. Without it findings have no place. */
  readonly locate?: (files: PolicyFiles) => Locate;
}

/** Reads what the policy commands are given besides policies. */
export interface PolicyDocuments {
  request(file: string, text: string): Result<PolicyRequest, PolicyRefusal>;
  /** The cases of all `*.test.yml`. */
  cases(files: PolicyFiles): Result<readonly PolicyCase[], PolicyRefusal>;
}
