import ignore from 'ignore';
import type { LanguageFile } from '../../domain/scan/languages.ts';
import type { Languages, PathAttributes } from '../../ports/scan.ts';

interface Known {
  readonly name: string;
  readonly type: LanguageFile['type'];
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
  readonly interpreters?: readonly string[];
  readonly aliases?: readonly string[];
}

/** Of an extension that several languages claim: what it nearly always is. The rest falls to whose first extension it is. */
const preferred: Readonly<Record<string, string>> = {
  '.as': 'ActionScript', '.asm': 'Assembly', '.b': 'Brainfuck', '.bas': 'BASIC', '.bb': 'BitBake', '.bs': 'BrighterScript',
  '.cairo': 'Cairo', '.cake': 'C#', '.cgi': 'Perl', '.cl': 'OpenCL', '.cls': 'Apex', '.cue': 'CUE', '.d': 'D', '.e': 'Eiffel',
  '.es': 'JavaScript', '.f': 'Fortran', '.frag': 'GLSL', '.fs': 'F#', '.ftl': 'FreeMarker', '.g': 'GAP', '.gml': 'Game Maker Language',
  '.gs': 'JavaScript', '.h': 'C', '.hh': 'C++', '.html': 'HTML', '.inc': 'PHP', '.j': 'Jasmin', '.jq': 'jq', '.json': 'JSON', '.k': 'KCL',
  '.l': 'Lex', '.lean': 'Lean 4', '.ls': 'LiveScript', '.m': 'Objective-C', '.m4': 'M4', '.man': 'Roff', '.md': 'Markdown', '.ml': 'OCaml',
  '.mod': 'Modula-2', '.ms': 'Roff', '.nb': 'Wolfram Language', '.nl': 'NL', '.nu': 'Nushell', '.odin': 'Odin', '.pkl': 'Pkl', '.pl': 'Perl',
  '.plist': 'XML Property List', '.pm': 'Perl', '.pro': 'Prolog', '.q': 'HiveQL', '.qs': 'Q#', '.r': 'R', '.rs': 'Rust', '.scm': 'Scheme',
  '.sql': 'SQL', '.srt': 'SubRip Text', '.st': 'Smalltalk', '.t': 'Perl', '.tl': 'Teal', '.ts': 'TypeScript', '.tsp': 'TypeSpec',
  '.txt': 'Text', '.v': 'Verilog', '.x': 'Linker Script', '.yaml': 'YAML', '.yml': 'YAML', '.yy': 'Yacc',
}; // prettier-ignore

/** Loaded when it is asked for: eight hundred languages take a quarter of a second that no other command should wait for. */
export async function createLanguages(): Promise<Languages> {
  const known: readonly Known[] = Object.values(await import('linguist-languages'));
  const byName = new Map(
    known.flatMap((one) =>
      [one.name, ...(one.aliases ?? [])].map((name) => [name.toLowerCase(), one]),
    ),
  );
  const byFilename = new Map(
    known.flatMap((one) => (one.filenames ?? []).map((name) => [name, one])),
  );
  const byInterpreter = claimed(known, (one) => one.interpreters ?? []);
  const byExtension = claimed(known, (one) => one.extensions ?? []);
  for (const [extension, name] of Object.entries(preferred)) {
    const one = byName.get(name.toLowerCase());
    if (one !== undefined) byExtension.set(extension, one);
  }

  const find = (path: string, head: string): Known | undefined => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      byFilename.get(name) ??
      extensionsOf(name)
        .map((extension) => byExtension.get(extension))
        .find((one) => one !== undefined) ??
      byInterpreter.get(interpreterOf(head))
    );
  };
  return {
    of: (path, head, named) => {
      const one =
        (named === undefined ? undefined : byName.get(named.toLowerCase())) ?? find(path, head);
      return one === undefined ? null : { language: one.name, type: one.type };
    },
    attributes: readAttributes,
  };
}

/** Who claims a word first in its own list has it; of equals, the first. */
function claimed(
  known: readonly Known[],
  wordsOf: (one: Known) => readonly string[],
): Map<string, Known> {
  const first = new Map<string, Known>();
  const later = new Map<string, Known>();
  for (const one of known)
    for (const [at, word] of wordsOf(one).entries()) {
      const table = at === 0 ? first : later;
      if (!table.has(word)) table.set(word, one);
    }
  return new Map([...later, ...first]);
}

/** `a.d.ts` → `.d.ts`, `.ts`; as written, then in lower case. */
function extensionsOf(name: string): string[] {
  const found: string[] = [];
  for (let at = name.indexOf('.', 1); at !== -1 && found.length < 4; at = name.indexOf('.', at + 1))
    found.push(name.slice(at));
  return [...found, ...found.map((extension) => extension.toLowerCase())];
}

/** `#!/usr/bin/env -S python3.12 -u` → `python3`; '' without one. */
function interpreterOf(head: string): string {
  if (!head.startsWith('#!')) return '';
  const words = (head.slice(2, 200).split('\n')[0] ?? '').trim().split(/\s+/);
  const [program = '', ...rest] = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const named =
    program === 'env' ? rest.find((word) => !word.startsWith('-') && !word.includes('=')) : program;
  return (named ?? '')
    .replace(/(\d)\.\d[\d.]*$/, '$1')
    .replace(/^(bash|sh|node|ruby|perl)\d+$/, '$1');
}

const maxRules = 500;

interface Rule {
  readonly folder: string;
  readonly matches: (path: string) => boolean;
  readonly set: PathAttributes;
}

/** The last rule that fits decides each attribute, as git has it; a file deeper down speaks after those above. */
function readAttributes(files: ReadonlyMap<string, string>): (path: string) => PathAttributes {
  const rules = [...files]
    .toSorted(([a], [b]) => a.split('/').length - b.split('/').length)
    .flatMap(([path, text]) => rulesIn(path, text))
    .slice(0, maxRules);
  if (rules.length === 0) return () => ({});
  return (path) => {
    let set: PathAttributes = {};
    for (const rule of rules)
      if (path.startsWith(rule.folder) && rule.matches(path.slice(rule.folder.length)))
        set = { ...set, ...rule.set };
    return set;
  };
}

function rulesIn(path: string, text: string): Rule[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return text
    .slice(0, 100_000)
    .split(/\r?\n/)
    .flatMap((line) => {
      const [pattern = '', ...words] = line.trim().split(/\s+/);
      const set = attributesIn(words);
      if (set === null || pattern.startsWith('#') || !isHarmless(pattern)) return [];
      const matcher = ignore().add(pattern);
      return [
        {
          folder,
          matches: (inside: string) => ignore.isPathValid(inside) && matcher.ignores(inside),
          set,
        },
      ];
    });
}

/** A stranger's pattern: each further star multiplies the time it takes. */
const isHarmless = (pattern: string): boolean =>
  pattern !== '' &&
  pattern.length <= 200 &&
  (pattern.match(/\*+/g) ?? []).length <= 3 &&
  !/[\p{Cc}!]/u.test(pattern);

const flags = ['vendored', 'generated', 'documentation', 'detectable'] as const;

function attributesIn(words: readonly string[]): PathAttributes | null {
  const set: Record<string, boolean | string> = {};
  for (const word of words) {
    const [, minus, name = '', , value] = /^(-)?linguist-([a-z]+)(=(.{1,60}))?$/.exec(word) ?? [];
    const flag = flags.find((known) => known === name);
    if (flag !== undefined) set[flag] = minus === undefined && value !== 'false';
    else if (name === 'language' && value !== undefined)
      set['language'] = value.replaceAll('-', ' ');
  }
  return Object.keys(set).length === 0 ? null : set;
}
