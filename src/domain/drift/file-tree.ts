/** The files of a repository, to ask whether something a document names is there. */
export class FileTree {
  readonly #files: ReadonlySet<string>;
  readonly #folders = new Set<string>();
  /** Last parts of paths, as documents name what lies deeper. */
  readonly #ends = new Set<string>();
  readonly #names = new Set<string>();
  readonly #ignored: ReadonlySet<string>;

  /** `ignored`: names of files and folders that are made, not kept. */
  constructor(files: readonly string[], ignored: Iterable<string> = []) {
    this.#files = new Set(files);
    this.#ignored = new Set([...madeByTools, ...ignored]);
    for (const file of files) {
      const parts = file.split('/');
      for (const name of parts.slice(0, -1)) this.#names.add(name);
      for (let from = 0; from < parts.length; from += 1) {
        for (let to = from + 1; to <= parts.length; to += 1) {
          const part = parts.slice(from, to).join('/');
          if (from === 0 && to < parts.length) this.#folders.add(part);
          if (parts.length - from <= DEEPEST) this.#ends.add(part);
        }
      }
    }
  }

  isFile(path: string): boolean {
    return this.#files.has(path);
  }

  isFolder(path: string): boolean {
    return path === '' || this.#folders.has(path);
  }

  /** Some folder of the repository has this name. */
  hasFolderNamed(name: string): boolean {
    return this.#names.has(name);
  }

  /** There, as a file, as a folder, or as a module named without its ending. */
  has(path: string): boolean {
    return (
      this.isFile(path) ||
      this.isFolder(path) ||
      endings.some((ending) => this.#files.has(`${path}${ending}`))
    );
  }

  /** Somewhere in the repository. */
  hasSomewhere(path: string): boolean {
    return (
      this.has(path) ||
      this.#ends.has(path) ||
      endings.some((ending) => this.#ends.has(`${path}${ending}`))
    );
  }

  isMade(path: string): boolean {
    return path.split('/').some((part) => this.#ignored.has(part));
  }
}

const DEEPEST = 12;

const endings = [
  '.ts',
  '.tsx',
  '.js',
  '.mjs',
  '.cjs',
  '.py',
  '.go',
  '.rs',
  '.md',
  '.mdx',
  '.rb',
  '.java',
  '.sh',
  '.yml',
];

const madeByTools = [
  '.git',
  'node_modules',
  'dist',
  'build',
  'out',
  'target',
  'coverage',
  'tmp',
  'vendor',
  '__pycache__',
  '.venv',
  '.env',
  '.cache',
];

/** Names that a `.gitignore` gives without patterns. */
export const ignoredNames = (gitignore: string): readonly string[] =>
  gitignore
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^\/|\/$/g, ''))
    .filter((line) => /^[\w.-]+$/.test(line));
