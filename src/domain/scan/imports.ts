import type { Graph } from './graph.ts';

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

const scripts = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const python = /\.pyi?$/;

export const hasImports = (path: string): boolean => scripts.test(path) || python.test(path);

const scriptImport =
  /(?:^|[\s;}])(?:import|export)(?![\w$])(\s{1,4}type(?![\w$,]))?[^'"`;()=]{0,2000}?(?:from)?\s{0,4}(["'])([^"'\n]{1,300})\2|(?<![\w$.])(?:import|require)\s{0,4}\(\s{0,8}(["'])([^"'\n]{1,300})\4/g;

/** What a TypeScript or JavaScript file loads when it runs: imports of types alone are gone by then. */
export function scriptImports(text: string): readonly string[] {
  const found = new Set<string>();
  for (const match of withoutComments(text).matchAll(scriptImport)) {
    if (match[1] !== undefined) continue;
    const name = match[3] ?? match[5];
    if (name !== undefined) found.add(name);
  }
  return [...found];
}

/** Comments that stand on their own; what looks like one within a line may be an address in a string. */
const withoutComments = (text: string): string =>
  text.replace(/^[ \t]{0,200}(?:\/\/[^\n]*|\*[^\n]*|\/\*[^\n]*)$/gm, '');

const pythonImport =
  /^[ \t]{0,40}(?:from[ \t]{1,4}(\.{0,10}[\w.]{0,200})[ \t]{1,4}import[ \t]{1,4}(?:\(([^)]{1,4000})\)|([^\n(]{1,1000}))|import[ \t]{1,4}([\w., \t]{1,1000}))/gm;

interface PythonImport {
  readonly module: string;
  readonly names: readonly string[];
}

export function pythonImports(text: string): readonly PythonImport[] {
  const found: PythonImport[] = [];
  for (const [, from, inBrackets, inLine = '', plain = ''] of text.matchAll(pythonImport)) {
    if (from !== undefined) found.push({ module: from, names: namesIn(inBrackets ?? inLine) });
    else for (const module of namesIn(plain)) found.push({ module, names: [] });
  }
  return found;
}

const namesIn = (list: string): string[] =>
  list
    .replace(/#[^\n]*/g, '')
    .split(',')
    .map((name) => name.trim().split(/\s/)[0] ?? '')
    .filter((name) => name !== '' && name !== '*');

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `a/b/../c` → `a/c`; null where it leads out of the repository. */
function normalPath(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

const scriptEndings = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.vue',
  '.svelte',
  '.d.ts',
];

function resolveScript(from: string, name: string, paths: ReadonlySet<string>): string | null {
  if (!name.startsWith('.')) return null;
  const base = normalPath(`${folderOf(from)}/${name.split(/[?#]/)[0] ?? ''}`);
  if (base === null) return null;
  // TypeScript names the file that its compiler will write.
  const source = base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  const candidates = [
    ...scriptEndings.map((ending) => base + ending),
    source,
    source.replace(/\.ts$/, '.tsx'),
    ...scriptEndings.slice(1).map((ending) => `${base === '' ? '' : `${base}/`}index${ending}`),
  ];
  return candidates.find((candidate) => paths.has(candidate)) ?? null;
}

function resolvePython(
  from: string,
  { module, names }: PythonImport,
  paths: ReadonlySet<string>,
): readonly string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const tail = module.slice(dots).replaceAll('.', '/');
  const roots = dots === 0 ? ['', 'src', 'lib'] : [parentOf(folderOf(from), dots - 1)];
  for (const root of roots) {
    const base = [root, tail].filter((part) => part !== '').join('/');
    const inside = names.flatMap((name) => fileOf(base === '' ? name : `${base}/${name}`, paths));
    if (inside.length > 0) return inside;
    const itself = base === '' ? [] : fileOf(base, paths);
    if (itself.length > 0) return itself;
  }
  return [];
}

const parentOf = (folder: string, levels: number): string =>
  folder
    .split('/')
    .slice(0, Math.max(0, folder.split('/').length - levels))
    .join('/');

function fileOf(base: string, paths: ReadonlySet<string>): string[] {
  const found = [`${base}.py`, `${base}/__init__.py`].find((candidate) => paths.has(candidate));
  return found === undefined ? [] : [found];
}

/** Which file of the repository loads which: TypeScript, JavaScript and Python. Names that lead elsewhere are no edges. */
export function importsWithin(file: SourceText, paths: ReadonlySet<string>): readonly string[] {
  const targets = python.test(file.path)
    ? pythonImports(file.text).flatMap((named) => resolvePython(file.path, named, paths))
    : scriptImports(file.text).flatMap((name) => resolveScript(file.path, name, paths) ?? []);
  return [...new Set(targets)].filter((target) => target !== file.path && hasImports(target));
}

export const edgesOf = (graph: Graph): number =>
  [...graph.values()].reduce((sum, targets) => sum + targets.length, 0);
