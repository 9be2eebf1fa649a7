import ignore from 'ignore';
import type { CodeOwners } from '../../ports/code-owners.ts';

/** docs.github.com, "About code owners": a larger file is not loaded, and then nobody owns anything. */
const MAX_BYTES = 3 * 1024 * 1024;

/** CODEOWNERS as GitHub reads it: patterns of .gitignore without negation and ranges, and the last that matches counts. */
export const codeOwners: CodeOwners = {
  paths: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  read(text) {
    if (Buffer.byteLength(text) > MAX_BYTES) return null;
    // The last line that matches counts, so it is looked for from the end.
    const lines = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .flatMap(lineOf)
      .toReversed();
    return (path) => lines.find(({ matches }) => matches(path))?.owners ?? [];
  },
};

interface Line {
  readonly matches: (path: string) => boolean;
  /** Empty: nobody owns what it matches. */
  readonly owners: readonly string[];
}

/** GitHub skips a line that it cannot read, and reads the others. */
function lineOf(text: string): readonly Line[] {
  const [pattern = '', ...words] = text.match(/(?:\\.|[^\s\\])+/g) ?? [];
  if (pattern === '' || pattern.startsWith('#')) return [];
  if (/^!|[[\]]|\\#/.test(pattern)) return [];
  const end = words.findIndex((word) => word.startsWith('#'));
  const owners = end === -1 ? words : words.slice(0, end);
  if (!owners.every((owner) => account.test(owner) || email.test(owner))) return [];
  return [{ matches: matcher(pattern), owners: owners.filter((owner) => account.test(owner)) }];
}

const account = /^@[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_.-]+)?$/;

/** Whose address it is nobody can look up as an App, so it owns for nobody; a line of such alone keeps others out. */
const email = /^[^@\s]+@[^@\s]+$/;

function matcher(pattern: string): Line['matches'] {
  const rule = ignore({ ignorecase: false }).add(pattern);
  const matches = (path: string) => ignore.isPathValid(path) && rule.ignores(path);
  // `docs/*` is what lies in docs and no deeper; git would ignore a folder there with all that is in it.
  if (!/[^/]\/\*$|^\/\*$/.test(pattern)) return matches;
  return (path) => matches(path) && !matches(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}
