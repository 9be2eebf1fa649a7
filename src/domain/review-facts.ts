import { addedLines, type AddedLines } from './patch.ts';
import { findSecrets } from './secrets/find.ts';
import { stripHidden } from './text.ts';

export interface LinePlace {
  readonly path: string;
  readonly line: number;
}

export interface SecretFinding extends LinePlace {
  readonly rule: string;
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
