import { isProtectedPath } from '../../review-facts.ts';

/** Folders and files by which other agents are instructed; those of Assent itself are in `isProtectedPath`. */
const folders = new Set([
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.agents',
  '.devcontainer',
  '.husky',
]);
const names = new Set(['.cursorrules', '.windsurfrules', '.clinerules', 'agents.override.md']);

/** Whether a contribution may not touch it. Compared without case, as some file systems do. */
export function isProtectedFrom(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  return (
    isProtectedPath(path) ||
    parts.some((part) => folders.has(part)) ||
    names.has(parts.at(-1) ?? '') ||
    path.toLowerCase() === 'internal_log.md'
  );
}

export const protectedPathFault = (path: string): string =>
  `${path} is a protected path: agents do not change the rules they work under`;
