import type { Document } from './docs-drift.ts';
import type { FileTree } from './file-tree.ts';
import type { DriftFinding } from './finding.ts';
import { folderOf, isThere, namedPath } from './named-path.ts';
import type { CodeBlock } from './prose.ts';

/** What diagrams draw and the code does not have: paths in mermaid's labels, and entries of folder trees. */
export const diagramDrift = (document: Document, tree: FileTree): readonly DriftFinding[] =>
  document.prose.blocks
    .flatMap((block) =>
      block.language === 'mermaid'
        ? missingInMermaid(block, document, tree)
        : missingInTree(block, document, tree),
    )
    .map(({ line, path }) => ({
      kind: 'diagram',
      path: document.path,
      line,
      text: `draws \`${path.slice(0, 120)}\`, which is not there`,
    }));

interface Drawn {
  readonly line: number;
  readonly path: string;
}

function missingInMermaid(block: CodeBlock, { path }: Document, tree: FileTree): readonly Drawn[] {
  const folder = folderOf(path);
  return block.lines
    .filter(({ text }) => !/^\s*%%/.test(text))
    .flatMap(({ line, text }) =>
      text
        .replaceAll(/<br\s*\/?>/gi, ' ')
        .split(/[\s[\](){}|"'`;>]+/)
        .flatMap((word) => namedPath(word, folder, tree) ?? [])
        .filter((named) => !isThere(named, folder, tree))
        .map((named) => ({ line, path: named })),
    );
}

/** A tree of which less is there than this is about something else: another project, or what somebody is to make. */
const ABOUT_THIS = 0.6;
const FEWEST = 3;

function missingInTree(block: CodeBlock, document: Document, tree: FileTree): readonly Drawn[] {
  const entries = entriesOf(block);
  if (entries.length <= FEWEST) return [];
  const roots = ['', ...new Set(entries.map(({ path }) => path.split('/')[0] ?? ''))];
  const folder = folderOf(document.path);
  const readings = roots.flatMap((root) =>
    [...new Set(['', folder])].map((base) => readingOf(entries, root, base, tree)),
  );
  const best = readings.toSorted((a, b) => b.there - a.there)[0];
  if (best === undefined || best.there < FEWEST) return [];
  return best.there / best.all >= ABOUT_THIS ? best.missing : [];
}

/** The entries as paths of the repository, where `root` is a name for the repository itself, and `base` the folder it is drawn in. */
function readingOf(entries: readonly Drawn[], root: string, base: string, tree: FileTree) {
  const paths = entries.flatMap(({ line, path }) => {
    const inside = root === '' ? path : path === root ? '' : path.replace(`${root}/`, '');
    return inside === '' ? [] : [{ line, path: base === '' ? inside : `${base}/${inside}` }];
  });
  const kept = paths.filter(({ path }) => !tree.isMade(path));
  const missing = kept.filter(({ path }) => !tree.has(path));
  // What lies below a missing folder is missing with it.
  const tops = missing.filter(
    ({ path }) =>
      !missing.some((other) => other.path !== path && path.startsWith(`${other.path}/`)),
  );
  return { all: kept.length, there: kept.length - missing.length, missing: tops };
}

const branch = /^([\s│|┃]*)(?:[├└┣┗+`]|\|)[─━-]+\s*(\S.*)$/;

function entriesOf(block: CodeBlock): readonly Drawn[] {
  const lines = block.lines.filter(({ text }) => text.trim() !== '');
  const drawn = lines.filter(({ text }) => branch.test(text)).length;
  if (drawn >= 2) return nested(lines, ({ text }) => boxed(text));
  const folders = lines.filter(({ text }) => /^\s*[\w.@-]+\/(?:\s|$)/.test(text)).length;
  return folders >= 3 && folders >= lines.length / 2
    ? nested(lines, ({ text }) => indented(text))
    : [];
}

interface Entry {
  readonly column: number;
  readonly names: readonly string[];
}

function boxed(text: string): Entry | null {
  const found = branch.exec(text);
  if (found === null) {
    return /^\S/.test(text) ? { column: -1, names: namesIn(text) } : null;
  }
  return { column: found[1]?.length ?? 0, names: namesIn(found[2] ?? '') };
}

const indented = (text: string): Entry => ({
  column: text.search(/\S/),
  names: namesIn(text.trim()),
});

/** What stands before the remark: `views/ · tools/   what people are shown`, `src/  # the code`. */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  let rest = text;
  for (;;) {
    const [whole, name] = /^([\w.@+-]+(?:\/[\w.@+-]+)*\/?)(?=\s|,|$)/.exec(rest) ?? [];
    if (whole === undefined || name === undefined) return names;
    const after = rest.slice(whole.length);
    const isName =
      name.endsWith('/') || /^(?:\s{2,}|\s*[#←(]|\s+[–—-]{1,2}\s|\s*$|\s*[,·])/.test(after);
    if (!isName || /^\.{2,}$/.test(name)) return names;
    names.push(name.replace(/\/$/, ''));
    const next = /^(?:\s+·|,)\s+/.exec(after);
    if (next === null) return names;
    rest = after.slice(next[0].length);
  }
}

function nested(
  lines: CodeBlock['lines'],
  read: (line: CodeBlock['lines'][number]) => Entry | null,
): readonly Drawn[] {
  const above: { column: number; path: string }[] = [];
  return lines.flatMap((at) => {
    const entry = read(at);
    if (entry === null || entry.names.length === 0) return [];
    while ((above.at(-1)?.column ?? -2) >= entry.column) above.pop();
    const parent = above.at(-1)?.path ?? '';
    const paths = entry.names
      .filter((name) => name !== '.')
      .map((name) => (parent === '' ? name : `${parent}/${name}`));
    const [first] = paths;
    if (first !== undefined) above.push({ column: entry.column, path: first });
    return paths.map((path) => ({ line: at.line, path }));
  });
}
