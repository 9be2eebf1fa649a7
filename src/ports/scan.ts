import type { Lock, Manifest, UnreadManifest } from '../domain/scan/dependencies.ts';
import type { LanguageFile } from '../domain/scan/languages.ts';
import type { NotLookedAt, SecretSource } from '../domain/scan/report.ts';
import type { Confidence } from '../domain/secrets/format.ts';

export interface ScanEntry {
  /** From the root, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly bytes: number;
  /** Of a symlink: what it says, and whether that lies outside the root. */
  readonly target: { readonly text: string; readonly outside: boolean } | null;
}

export interface ScanListing {
  readonly source: 'git' | 'folder';
  readonly entries: readonly ScanEntry[];
  /** `.git` below the root. */
  readonly nested_git: readonly string[];
  readonly left_out: readonly NotLookedAt[];
  readonly not_looked_at: readonly NotLookedAt[];
}

/** A folder to read from, and never anything outside it: no symlink is followed, nothing is written, nothing of it is run. */
export interface ScanFolder {
  readonly root: string;
  list(maxFiles: number): Promise<ScanListing>;
  /** Null: not there any more, no file, or reached through a symlink. */
  read(path: string, offset: number, length: number): Promise<Uint8Array | null>;
}

/** A path as `.gitattributes` tells of it; what is undefined it leaves open. */
export interface PathAttributes {
  readonly vendored?: boolean;
  readonly generated?: boolean;
  readonly documentation?: boolean;
  readonly detectable?: boolean;
  readonly language?: string;
}

export interface Languages {
  /** By file name, extension, and first line; null: none known. `named` is what attributes say it is. */
  of(path: string, head: string, named?: string): Pick<LanguageFile, 'language' | 'type'> | null;
  /** Files named `.gitattributes`, by path. */
  attributes(files: ReadonlyMap<string, string>): (path: string) => PathAttributes;
}

export interface Manifests {
  isOne(path: string): boolean;
  read(path: string, text: string): readonly (Manifest | Lock | UnreadManifest)[];
}

export interface SecretHit {
  readonly rule: string;
  readonly title: string;
  readonly line: number;
  readonly column: number;
  /** Without the secret. */
  readonly excerpt: string;
  readonly confidence: Confidence;
}

/** Another set of rules, a text at a time. */
export interface SecretRules {
  readonly name: SecretSource;
  /** Null: it did not come to an end. */
  find(path: string, text: string): Promise<readonly SecretHit[] | null>;
  close(): Promise<void>;
}

export type SecretProgramAnswer =
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'found'; readonly hits: ReadonlyMap<string, readonly SecretHit[]> };

/** Another program, the whole folder at once. */
export interface SecretProgram {
  readonly name: SecretSource;
  scan(root: string): Promise<SecretProgramAnswer>;
}
