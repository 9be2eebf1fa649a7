import type { FileTree } from './file-tree.ts';

const segments = /^[A-Za-z0-9_.@+-]+(?:\/[A-Za-z0-9_.@+-]+)+$/;
/** `NAME`, `OWNER`: what the reader puts in. */
const placeholder = /^(?:[A-Z][A-Z_]+|[xX]+|your[-_].*|my[-_A-Z].*|foo|bar|example)$/;

const LONGEST = 300;

/**
 * The path that a word of a document is, where it claims to be one of this repository: its first folder is there, or,
 * for a file, somewhere below. Null for what
 * may be anything else, such as a branch, a package, a pattern or a placeholder.
 */
export function namedPath(word: string, folder: string, tree: FileTree): string | null {
  if (word.length > LONGEST) return null;
  const bare = word
    .replace(/^["'(]+|["'),;:.]+$/g, '')
    .replace(/(?::\d+(?:[:-]\d+)?|#[\w-]*)$/, '')
    .replace(/^\.\//, '')
    .replace(/\/$/, '');
  if (!segments.test(bare) || bare.includes('...')) return null;
  const parts = bare.split('/');
  if (parts.some((part) => part === '..' || part === '.' || placeholder.test(part))) return null;
  const [first = ''] = parts;
  const file = /\.[a-z]{1,5}$/.test(parts.at(-1) ?? '');
  const ours =
    tree.isFolder(first) ||
    (folder !== '' && tree.isFolder(`${folder}/${first}`)) ||
    (file && tree.hasFolderNamed(first));
  return ours && !tree.isMade(bare) ? bare : null;
}

export const isThere = (path: string, folder: string, tree: FileTree): boolean =>
  tree.hasSomewhere(path) || (folder !== '' && tree.has(`${folder}/${path}`));

export const folderOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
