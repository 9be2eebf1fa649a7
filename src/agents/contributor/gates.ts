import {
  hiddenFault,
  hiddenInPatch,
  isProtectedPath,
  secretsInPatch,
} from '../../domain/review-facts.ts';
import type { WorkspaceChange } from '../../ports/workspace.ts';

const maxFiles = 40;
const maxLines = 2_000;

export const protectedPathFault = (path: string): string =>
  `${path} is a protected path: agents do not change the rules they work under`;

/** What no contribution may hold, whatever its steps say. Every fault at once; none means it may be proposed. */
export function gateFaults(changes: readonly WorkspaceChange[], patch: string): readonly string[] {
  const lines = changes.reduce((sum, change) => sum + change.additions + change.deletions, 0);
  return [
    ...(changes.length === 0 ? ['nothing was changed'] : []),
    ...(changes.length > maxFiles
      ? [`${changes.length} files changed, at most ${maxFiles} may be`]
      : []),
    ...(lines > maxLines ? [`${lines} lines changed, at most ${maxLines} may be`] : []),
    ...changes
      .filter(({ path }) => isProtectedPath(path))
      .map(({ path }) => protectedPathFault(path)),
    ...changes.filter(({ binary }) => binary).map(({ path }) => `${path} is binary`),
    ...secretsInPatch(patch).map(
      ({ path, line, rule }) => `${path}:${line} looks like a secret (${rule})`,
    ),
    ...hiddenInPatch(patch).map(({ path, line }) => `${path}:${line} ${hiddenFault}`),
  ];
}
