import type { FileTree } from './file-tree.ts';
import type { DriftFinding } from './finding.ts';
import { folderOf, isThere, namedPath } from './named-path.ts';
import type { Prose } from './prose.ts';

export interface Document {
  readonly path: string;
  readonly prose: Prose;
}

export interface CodeFacts {
  readonly tree: FileTree;
  /** Of every `package.json`; null: there is none. */
  readonly scripts: ReadonlySet<string> | null;
  /** Whether anything but documents names a variable; absent: nobody looked. */
  readonly variables: ReadonlyMap<string, boolean>;
}

/** What a document names and the code does not have: linked files, paths, npm scripts, environment variables. */
export const docsDrift = (document: Document, facts: CodeFacts): readonly DriftFinding[] =>
  [
    ...missingLinks(document, facts),
    ...missingPaths(document, facts),
    ...missingScripts(document, facts),
    ...namedVariables(document)
      .filter(({ name }) => facts.variables.get(name) === false)
      .map(({ line, name }) => ({ line, text: `\`${name}\` is set here, and nothing reads it` })),
  ].map(({ line, text }) => ({ kind: 'docs', path: document.path, line, text }));

interface Place {
  readonly line: number;
  readonly text: string;
}

/** What was, what may be, and what others have are no claims about the code. */
const noClaim =
  /\b(?:no longer|formerly|used to|was (?:removed|renamed|replaced|deleted)|were (?:removed|deleted)|deprecated|e\.g\.|for example|such as|will be|would be|renamed (?:from|to)|else in|optional|if there is|where there is|create a|add a)\b/i;

const claims = ({ prose }: Document): readonly Place[] =>
  prose.text.filter(({ text }) => !noClaim.test(text));

/** Bounded: a document of opening brackets must not take time with the square of its length. */
const link = /(?<!\\)\]\([ \t]{0,9}<?([^)\s>]{1,500})>?(?:[ \t]{1,9}["'(][^)\n]{0,300})?\)/g;

function missingLinks({ path, prose }: Document, { tree }: CodeFacts): readonly Place[] {
  return prose.text.flatMap(({ line, text }) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(link)].flatMap(([, target = '']) => {
      const to = linkedPath(path, target);
      return to === null || tree.has(to) || tree.has(`${to}/index`) || tree.isMade(to)
        ? []
        : [{ line, text: `links to \`${target.slice(0, 120)}\`, which is not there` }];
    }),
  );
}

/** Null: elsewhere, or a page of a site that is made from this. */
function linkedPath(from: string, target: string): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|\?|\{|<|\$)/i.test(target) || /\.html?(?:[#?]|$)/.test(target)) {
    return null;
  }
  const bare = decoded(target.replace(/[#?].*$/, ''));
  if (bare === null || bare === '' || /[{}*<>$]/.test(bare)) return null;
  const parts: string[] = folderOf(from) === '' ? [] : folderOf(from).split('/');
  for (const part of bare.split('/')) {
    if (part === '..') {
      // Above the root are GitHub's own pages.
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function missingPaths(document: Document, { tree }: CodeFacts): readonly Place[] {
  const folder = folderOf(document.path);
  return claims(document).flatMap(({ line, text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)]
      .flatMap(([, code = '']) => code.split(/\s+/))
      .flatMap((word) => namedPath(word, folder, tree) ?? [])
      .filter((path) => !isThere(path, folder, tree))
      .map((path) => ({ line, text: `names \`${path.slice(0, 120)}\`, which is not there` })),
  );
}

const shell = new Set(['', 'sh', 'bash', 'shell', 'console', 'zsh', 'text']);

const commands = ({ prose }: Document): readonly Place[] => [
  ...prose.text.flatMap(({ line, text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => ({ line, text: code })),
  ),
  ...prose.blocks.filter(({ language }) => shell.has(language)).flatMap(({ lines }) => lines),
];

const script =
  /(?:^|[\s;&|$])(?:npm|pnpm|yarn|bun) run(?:-script)?\s+(?:-[\w-]+(?:=\S+)?\s+)*([a-z][\w:.-]*)/g;

/** A document that names more scripts that are not there than that are is about another project: a guide for users. */
function missingScripts(document: Document, { scripts }: CodeFacts): readonly Place[] {
  if (scripts === null) return [];
  const named = commands(document).flatMap(({ line, text }) =>
    [...text.matchAll(script)].map(([, name = '']) => ({ line, name: name.replace(/[.:]+$/, '') })),
  );
  const missing = named.filter(({ name }) => !scripts.has(name));
  return missing.length > named.length - missing.length
    ? []
    : missing.map(({ line, name }) => ({
        line,
        text: `\`npm run ${name}\` is no script of any package.json`,
      }));
}

/** Set by systems and tools that everybody has; that nothing here reads them says nothing. */
const foreign =
  /^(?:NODE|NPM|GIT|GITHUB|GITLAB|CI|DOCKER|AWS|GOOGLE|GCP|AZURE|XDG|LC|SSH|HTTPS?|NO|FORCE|OTEL|PYTHON|JAVA|GO|CARGO|RUST|PG|POSTGRES|MYSQL|REDIS|TERM|LD|OPENAI|ANTHROPIC|HF|KUBE)_/;

const variable = /^\$?\{?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\}?(?:=.*)?$/;

/** Where a document speaks of the environment. */
export function namedVariables({
  prose,
}: Document): readonly { readonly line: number; readonly name: string }[] {
  const inText = ofTheEnvironment(prose).flatMap(({ line, text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => ({ line, word: code.trim() })),
  );
  const inShell = prose.blocks
    .filter(({ language }) => language !== '' && shell.has(language))
    .flatMap(({ lines }) => lines)
    .flatMap(({ line, text }) => {
      const [, word] =
        /^\s*(?:\$\s+)?(?:export\s+)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+=)/.exec(text) ?? [];
      return word === undefined ? [] : [{ line, word }];
    });
  return [...inText, ...inShell].flatMap(({ line, word }) => {
    const name = variable.exec(word)?.[1];
    return name === undefined || foreign.test(name) ? [] : [{ line, name }];
  });
}

const environment = /\benv(?:ironment)?\b|\bvariables?\b/i;

/** Lines that say so, and rows of tables that do at their head or below a heading. */
function ofTheEnvironment({ text }: Prose): readonly Place[] {
  let heading = '';
  let head: string | null = null;
  return text.filter(({ text: line }) => {
    if (/^#{1,6}\s/.test(line)) heading = line;
    const row = /^\s*\|/.test(line);
    head = row ? (head ?? line) : null;
    return environment.test(line) || (row && environment.test(`${heading} ${head}`));
  });
}
