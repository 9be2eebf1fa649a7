import { isTest } from './content.ts';
import type { EcosystemSummary } from './dependencies.ts';
import { licenceOf } from './licence.ts';
import type { TrackedUnwanted } from './ignore-proposal.ts';

export interface HygieneFacts {
  /** Every path, folders not. */
  readonly paths: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
  /** Text of the licence file; null without one. */
  readonly licence: { readonly path: string; readonly text: string } | null;
  readonly symlinksOut: readonly { readonly path: string; readonly target: string }[];
  readonly nestedGit: readonly string[];
  readonly submodules: readonly string[];
  readonly dependencies: readonly EcosystemSummary[];
  readonly unwanted: readonly TrackedUnwanted[];
}

export type HygieneLevel = 'good' | 'missing' | 'bad' | 'note';

export interface HygieneCheck {
  readonly id: string;
  readonly level: HygieneLevel;
  /** One line for people. */
  readonly text: string;
  readonly paths: readonly string[];
  readonly remedy: string | null;
}

const largeFileBytes = 1024 * 1024;

const ci =
  /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci\/config\.yml|Jenkinsfile|azure-pipelines\.yml|\.travis\.yml|\.drone\.yml|bitbucket-pipelines\.yml|\.buildkite\/[^/]+\.yml|\.woodpecker(?:\.yml|\/[^/]+\.yml)|\.ci\/[^/]+|\.cirrus\.yml|appveyor\.yml|\.forgejo\/workflows\/[^/]+\.ya?ml)$/i;

export const licenceFile = /^(?:LICEN[CS]E|COPYING|UNLICENSE)(?:[.-][^/]{0,30})?$/i;

/** What a repository has, lacks, and would be better without. */
export function checkHygiene(facts: HygieneFacts): readonly HygieneCheck[] {
  return [
    present(
      facts,
      'readme',
      'README',
      /^(?:docs\/|\.github\/)?README(?:\.[^/]{1,20})?$/i,
      'say what this is and how to run it',
    ),
    licence(facts),
    present(
      facts,
      'codeowners',
      'CODEOWNERS',
      /^(?:\.github\/|docs\/|\.gitlab\/)?CODEOWNERS$/,
      'name who reviews which part (.github/CODEOWNERS)',
    ),
    present(facts, 'ci', 'CI', ci, 'run the tests for every change (.github/workflows)'),
    tests(facts),
    locks(facts),
    present(
      facts,
      'editorconfig',
      '.editorconfig',
      /^\.editorconfig$/,
      'so that editors agree on indentation and line ends',
    ),
    present(facts, 'gitignore', '.gitignore', /^\.gitignore$/, 'see the proposal'),
    present(
      facts,
      'security',
      'SECURITY.md',
      /^(?:\.github\/|docs\/)?SECURITY(?:\.[^/]{1,20})?$/i,
      'say where to report a vulnerability',
    ),
    ...faults(facts),
  ];
}

function present(
  { paths }: HygieneFacts,
  id: string,
  name: string,
  pattern: RegExp,
  remedy: string,
): HygieneCheck {
  const found = paths.filter((path) => pattern.test(path));
  return found.length > 0
    ? { id, level: 'good', text: name, paths: found, remedy: null }
    : { id, level: 'missing', text: `no ${name}`, paths: [], remedy };
}

function licence({ licence: file }: HygieneFacts): HygieneCheck {
  if (file === null) {
    const remedy = 'without one nobody may use it';
    return { id: 'licence', level: 'missing', text: 'no LICENSE', paths: [], remedy };
  }
  const guess = licenceOf(file.text) ?? 'not a known one';
  return {
    id: 'licence',
    level: 'good',
    text: `LICENSE (${guess})`,
    paths: [file.path],
    remedy: null,
  };
}

function tests({ paths }: HygieneFacts): HygieneCheck {
  const found = paths.filter(isTest);
  return found.length > 0
    ? { id: 'tests', level: 'good', text: 'tests', paths: found.slice(0, 5), remedy: null }
    : { id: 'tests', level: 'missing', text: 'no tests', paths: [], remedy: null };
}

function locks({ dependencies }: HygieneFacts): HygieneCheck {
  const unlocked = dependencies.flatMap((summary) => summary.unlocked);
  if (unlocked.length > 0) {
    const remedy = 'commit the lock file, or two installs may differ';
    return { id: 'lockfiles', level: 'missing', text: 'no lock file', paths: unlocked, remedy };
  }
  const locked = dependencies.flatMap((summary) => summary.locks);
  const text = locked.length > 0 ? 'lock files' : 'nothing to lock';
  return { id: 'lockfiles', level: 'good', text, paths: locked, remedy: null };
}

function faults(facts: HygieneFacts): readonly HygieneCheck[] {
  const large = facts.paths
    .filter((path) => (facts.sizes.get(path) ?? 0) >= largeFileBytes)
    .toSorted((a, b) => (facts.sizes.get(b) ?? 0) - (facts.sizes.get(a) ?? 0));
  const odd = facts.paths.filter((path) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u.test(path));
  return [
    fault('note', 'large-files', 'large', 'file', large, 'Git LFS, a release, or nowhere'),
    fault(
      'bad',
      'unwanted',
      'tracked and better not',
      'file',
      facts.unwanted.map(({ path }) => path),
      'git rm --cached, and ignore it',
    ),
    fault(
      'bad',
      'symlinks-out',
      'leading out of the repository',
      'symlink',
      facts.symlinksOut.map(({ path }) => path),
      'what it names is another file on each machine',
    ),
    fault(
      'bad',
      'nested-git',
      'nested',
      '.git',
      facts.nestedGit,
      'git takes it for another repository, and its hooks and settings act there',
    ),
    fault(
      'bad',
      'odd-paths',
      'with characters that hide or act',
      'path',
      odd,
      'rename it: terminals and reviewers do not see what it is',
    ),
    fault(
      'bad',
      'same-but-case',
      'that differ by case alone',
      'path',
      clashes(facts.paths),
      'on macOS and Windows one overwrites the other',
    ),
    fault('note', 'submodules', 'of another repository', 'submodule', facts.submodules, null),
  ].flat();
}

function fault(
  level: 'bad' | 'note',
  id: string,
  what: string,
  noun: string,
  paths: readonly string[],
  remedy: string | null,
): readonly HygieneCheck[] {
  if (paths.length === 0) return [];
  const nouns = `${paths.length} ${noun}${paths.length === 1 ? '' : 's'}`;
  const text = /^(?:large|nested)$/.test(what)
    ? nouns.replace(' ', ` ${what} `)
    : `${nouns} ${what}`;
  return [{ id, level, text, paths, remedy }];
}

function clashes(paths: readonly string[]): readonly string[] {
  const byPlain = new Map<string, string>();
  const found = new Set<string>();
  for (const path of paths) {
    const plain = path.toLowerCase();
    const other = byPlain.get(plain);
    if (other === undefined) byPlain.set(plain, path);
    else found.add(other).add(path);
  }
  return [...found];
}
