import { addedLines, type AddedLines } from './patch.ts';
import { findSecrets } from './secrets/find.ts';
import { stripHidden } from './text.ts';

export interface FactFile {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  readonly binary?: boolean | undefined;
}

export interface LinePlace {
  readonly path: string;
  readonly line: number;
}

export interface SecretFinding extends LinePlace {
  readonly rule: string;
}

/** What code can say of a change without reading its meaning. */
export interface ReviewFacts {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
  readonly size: 'small' | 'medium' | 'large';
  readonly protected_paths: readonly string[];
  readonly dependency_files: readonly string[];
  readonly binaries: readonly string[];
  /** Source changed and no test did. */
  readonly untested: boolean;
  readonly secrets: readonly SecretFinding[];
  /** Added lines that do not read as they are: control, bidirectional or zero-width characters. */
  readonly hidden: readonly LinePlace[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly reasons: readonly string[];
}

const protectedFolders = ['policies', '.github', '.ai_metadata', '.git'];
const protectedNames = new Set([
  'agents.md',
  'claude.md',
  'gemini.md',
  '.gitattributes',
  '.gitmodules',
  'codeowners',
]);

/** Paths an agent may never write: the rules it is under, and what instructs it. Compared without case, as some file systems do. */
export function isProtectedPath(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  return (
    protectedFolders.includes(parts[0] ?? '') ||
    parts.includes('.git') ||
    protectedNames.has(parts.at(-1) ?? '')
  );
}

const dependencyNames = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  '.npmrc',
  'requirements.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'go.mod',
  'go.sum',
  'cargo.toml',
  'cargo.lock',
  'gemfile',
  'gemfile.lock',
  'pom.xml',
  'build.gradle',
  'composer.json',
  'composer.lock',
  'dockerfile',
]);

const isDependencyFile = (path: string): boolean =>
  dependencyNames.has(path.toLowerCase().split('/').at(-1) ?? '');

const isTestFile = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|specs?)\//i.test(path) ||
  /[._-](?:test|spec)\.[a-z]+$/i.test(path) ||
  /(?:^|\/)test_[^/]+\.py$/i.test(path);

const isSourceFile = (path: string): boolean =>
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|cs|php|c|cc|cpp|h|swift|sh)$/i.test(path) &&
  !isTestFile(path);

const mediumLines = 150;
const largeLines = 600;

function sizeOf(lines: number): ReviewFacts['size'] {
  if (lines > largeLines) return 'large';
  return lines > mediumLines ? 'medium' : 'small';
}

/** Facts of a change from its file list (git's own counts) and its patch (for secrets only). */
export function reviewFacts(files: readonly FactFile[], patch: string): ReviewFacts {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const paths = files.map((file) => file.path);
  const facts = {
    files: files.length,
    additions,
    deletions,
    size: sizeOf(additions + deletions),
    protected_paths: paths.filter(isProtectedPath),
    dependency_files: paths.filter(isDependencyFile),
    binaries: files.filter((file) => file.binary === true).map((file) => file.path),
    untested: paths.some(isSourceFile) && !paths.some(isTestFile),
    secrets: secretsInPatch(patch),
    hidden: hiddenInPatch(patch),
  };
  const high = [
    ...facts.secrets.map(({ path, line, rule }) => `${path}:${line} looks like a secret (${rule})`),
    ...facts.protected_paths.map((path) => `${path} is a protected path`),
  ];
  const medium = [
    ...facts.dependency_files.map((path) => `${path} changes what the project depends on`),
    ...facts.binaries.map((path) => `${path} is binary and cannot be read in review`),
    ...facts.hidden.map(({ path, line }) => `${path}:${line} ${hiddenFault}`),
    ...(facts.untested ? ['source changed and no test did'] : []),
    ...(facts.size === 'large' ? [`${additions + deletions} lines changed`] : []),
  ];
  return {
    ...facts,
    risk: high.length > 0 ? 'high' : medium.length > 0 ? 'medium' : 'low',
    reasons: [...high, ...medium],
  };
}

export const hiddenFault = 'has hidden characters (control, bidirectional, zero width)';

export function hiddenInPatch(patch: string): readonly LinePlace[] {
  return [...addedLines(patch)].flatMap(([path, lines]) =>
    [...lines].filter(([, text]) => stripHidden(text).hidden > 0).map(([line]) => ({ path, line })),
  );
}

export function secretsInPatch(patch: string): readonly SecretFinding[] {
  return [...addedLines(patch)].flatMap(([path, lines]) =>
    runsOf(lines).flatMap(({ first, text }) =>
      findSecrets(text)
        .filter(({ confidence }) => confidence !== 'low')
        .map(({ line, title }) => ({ path, line: first + line - 1, rule: title })),
    ),
  );
}

/** Added lines that stand together, as one text: a private key is none line by line. */
function runsOf(lines: AddedLines): readonly { readonly first: number; readonly text: string }[] {
  const runs: { first: number; texts: string[] }[] = [];
  for (const [line, text] of lines) {
    const run = runs.at(-1);
    if (run !== undefined && run.first + run.texts.length === line) run.texts.push(text);
    else runs.push({ first: line, texts: [text] });
  }
  return runs.map(({ first, texts }) => ({ first, text: texts.join('\n') }));
}
