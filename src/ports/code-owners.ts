/** Reads GitHub's CODEOWNERS: whom a path belongs to. */
export interface CodeOwners {
  /** Where GitHub looks for the file, in its order; the first that is there is the one. */
  readonly paths: readonly string[];
  /** Null: the file is larger than GitHub reads. */
  read(text: string): ((path: string) => readonly string[]) | null;
}
