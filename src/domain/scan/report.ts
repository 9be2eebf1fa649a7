import type { FoundSecret } from '../secrets/find.ts';
import type { EcosystemSummary, Lock, Manifest, UnreadManifest } from './dependencies.ts';
import type { HygieneCheck } from './hygiene.ts';
import type { TrackedUnwanted } from './ignore-proposal.ts';
import type { LanguageShare } from './languages.ts';

export interface SecretAt extends Pick<
  FoundSecret,
  'rule' | 'title' | 'line' | 'column' | 'excerpt' | 'confidence'
> {
  readonly path: string;
  /** Who saw it, each that did. */
  readonly by: readonly SecretSource[];
  /** In a test or an example by its path: shown like any other, since real ones are left there too. */
  readonly in_tests: boolean;
}

export type SecretSource = 'assent' | 'secretlint' | 'gitleaks';

export interface BinaryFile {
  readonly path: string;
  readonly bytes: number;
  /** `PNG image`; '' where its first bytes tell nothing. */
  readonly kind: string;
}

/** What was not looked at, or not to its end, and why; then the answer is not whole. */
export interface NotLookedAt {
  readonly path: string;
  readonly why: string;
}

export interface ModuleReport {
  readonly files: number;
  readonly imports: number;
  readonly cycles: readonly (readonly string[])[];
}

/** The document of `assent scan --json`. */
export interface ScanReport {
  readonly version: 1;
  /** As it was named. */
  readonly path: string;
  /** `git`: the files git tracks; `folder`: all there are. */
  readonly source: 'git' | 'folder';
  readonly files: number;
  readonly bytes: number;
  readonly languages: readonly LanguageShare[];
  readonly dependencies: {
    readonly ecosystems: readonly EcosystemSummary[];
    readonly manifests: readonly Manifest[];
    readonly locks: readonly Lock[];
    readonly unread: readonly UnreadManifest[];
  };
  readonly modules: ModuleReport;
  readonly secrets: {
    readonly found: readonly SecretAt[];
    /** Which programs and rule sets looked. */
    readonly by: readonly SecretSource[];
  };
  readonly binaries: readonly BinaryFile[];
  readonly hygiene: readonly HygieneCheck[];
  readonly gitignore: {
    readonly lines: readonly string[];
    readonly tracked: readonly TrackedUnwanted[];
  };
  /** Folders that hold what others wrote, passed over in a folder without git. */
  readonly left_out: readonly NotLookedAt[];
  readonly not_looked_at: readonly NotLookedAt[];
}

/** `found`: something that must not be there; `unclear`: not all of it was seen. */
export type ScanOutcome = 'fine' | 'found' | 'unclear';

export function outcomeOf({ secrets, not_looked_at }: ScanReport): ScanOutcome {
  if (secrets.found.some(({ confidence }) => confidence !== 'low')) return 'found';
  return not_looked_at.length > 0 ? 'unclear' : 'fine';
}
