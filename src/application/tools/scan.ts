import {
  summariseDependencies,
  type Lock,
  type Manifest,
  type UnreadManifest,
} from '../../domain/scan/dependencies.ts';
import {
  binaryKind,
  isBinary,
  isDocumentation,
  isGenerated,
  isVendored,
  wideEncoding,
} from '../../domain/scan/content.ts';
import { cyclesOf } from '../../domain/scan/graph.ts';
import { checkHygiene, licenceFile } from '../../domain/scan/hygiene.ts';
import { proposedIgnore, unwantedTracked } from '../../domain/scan/ignore-proposal.ts';
import { edgesOf, hasImports, importsWithin } from '../../domain/scan/imports.ts';
import { summariseLanguages, type LanguageFile } from '../../domain/scan/languages.ts';
import type { BinaryFile, NotLookedAt, ScanReport } from '../../domain/scan/report.ts';
import type {
  Languages,
  Manifests,
  PathAttributes,
  ScanEntry,
  ScanFolder,
  ScanListing,
  SecretProgram,
  SecretRules,
} from '../../ports/scan.ts';
import { secretSearch, type SecretSearch } from './scan-secrets.ts';

export interface ScanTools {
  readonly languages: Languages;
  readonly manifests: Manifests;
  readonly rules: SecretRules;
  readonly program: SecretProgram;
}

export interface ScanBounds {
  readonly files: number;
  /** Of one text; what lies beyond is not looked at, and said. */
  readonly bytes: number;
  /** Ends the reading; the report says where it ended. */
  readonly signal: AbortSignal;
}

export type ScanProgress = (done: number, total: number) => void;

const headBytes = 64 * 1024;
/** A module of more is a bundle. */
const maxModuleCharacters = 500_000;

/** Everything that one pass over the files gathers. */
interface Gathered {
  readonly languages: LanguageFile[];
  readonly binaries: BinaryFile[];
  readonly manifests: Manifest[];
  readonly locks: Lock[];
  readonly unread: UnreadManifest[];
  readonly modules: Map<string, readonly string[]>;
  readonly not_looked_at: NotLookedAt[];
  licence: { readonly path: string; readonly text: string } | null;
  ignored: readonly string[];
}

/** Read-only inventory of a folder: one listing, one pass over its files, and what follows from both. */
export async function scanFolder(
  named: string,
  folder: ScanFolder,
  tools: ScanTools,
  bounds: ScanBounds,
  progress: ScanProgress,
): Promise<ScanReport> {
  const listing = await folder.list(bounds.files);
  const files = listing.entries.filter(({ kind }) => kind === 'file');
  const secrets = secretSearch(tools, folder.root);
  const attributesOf = tools.languages.attributes(await attributeFiles(folder, files));
  const gathered = emptyHanded();
  const modulePaths = new Set(files.map(({ path }) => path).filter(hasImports));
  try {
    for (const [done, entry] of files.entries()) {
      if (bounds.signal.aborted) {
        const why = `the time was over after ${done} of ${files.length} files`;
        gathered.not_looked_at.push({ path: entry.path, why });
        break;
      }
      await look(entry, { folder, tools, bounds, secrets, gathered, modulePaths, attributesOf });
      progress(done + 1, files.length);
    }
    const found = await secrets.done();
    return reportOf(named, listing, gathered, found);
  } finally {
    await tools.rules.close();
  }
}

const emptyHanded = (): Gathered => ({
  languages: [],
  binaries: [],
  manifests: [],
  locks: [],
  unread: [],
  modules: new Map(),
  not_looked_at: [],
  licence: null,
  ignored: [],
});

async function attributeFiles(
  folder: ScanFolder,
  files: readonly ScanEntry[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { path } of files
    .filter(({ path }) => /(?:^|\/)\.gitattributes$/.test(path))
    .slice(0, 100)) {
    const bytes = await folder.read(path, 0, headBytes);
    if (bytes !== null) texts.set(path, textOf(bytes));
  }
  return texts;
}

interface Pass {
  readonly folder: ScanFolder;
  readonly tools: ScanTools;
  readonly bounds: ScanBounds;
  readonly secrets: SecretSearch;
  readonly gathered: Gathered;
  readonly modulePaths: ReadonlySet<string>;
  readonly attributesOf: (path: string) => PathAttributes;
}

async function look(entry: ScanEntry, pass: Pass): Promise<void> {
  const { folder, bounds, gathered } = pass;
  const { path, bytes } = entry;
  const head = await folder.read(path, 0, Math.min(bytes, headBytes));
  if (head === null) {
    gathered.not_looked_at.push({ path, why: 'cannot be read' });
    return;
  }
  if (isBinary(head)) {
    gathered.binaries.push({ path, bytes, kind: binaryKind(head) });
    return;
  }
  const whole =
    bytes <= headBytes ? head : await folder.read(path, 0, Math.min(bytes, bounds.bytes));
  if (bytes > bounds.bytes)
    gathered.not_looked_at.push({
      path,
      why: `text of more than ${megabytes(bounds.bytes)} MB: looked at up to there`,
    });
  const text = textOf(whole ?? head);
  lookAtText(entry, text, pass);
  await pass.secrets.look(path, text);
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

const textOf = (bytes: Uint8Array): string =>
  new TextDecoder(wideEncoding(bytes) ?? 'utf-8').decode(bytes);

function lookAtText({ path, bytes }: ScanEntry, text: string, pass: Pass): void {
  const { tools, gathered, attributesOf } = pass;
  if (path === '.gitignore') gathered.ignored = text.split(/\r?\n/);
  if (licenceFile.test(path)) gathered.licence ??= { path, text };
  const attributes = attributesOf(path);
  const vendored = attributes.vendored ?? isVendored(path);
  const generated = attributes.generated ?? isGenerated(path, text.slice(0, headBytes));
  const language = tools.languages.of(path, text, attributes.language);
  if (language !== null) {
    const counted = !vendored && !generated && !(attributes.documentation ?? isDocumentation(path));
    gathered.languages.push({
      ...language,
      bytes,
      counted: counted && attributes.detectable !== false,
    });
  }
  if (vendored) return;
  for (const read of tools.manifests.isOne(path) ? tools.manifests.read(path, text) : []) {
    if (read.kind === 'manifest') gathered.manifests.push(read);
    else if (read.kind === 'lock') gathered.locks.push(read);
    else gathered.unread.push(read);
  }
  if (pass.modulePaths.has(path) && !generated && text.length <= maxModuleCharacters)
    gathered.modules.set(path, importsWithin({ path, text }, pass.modulePaths));
}

function reportOf(
  named: string,
  { source, entries, nested_git, left_out, not_looked_at }: ScanListing,
  gathered: Gathered,
  secrets: Awaited<ReturnType<SecretSearch['done']>>,
): ScanReport {
  const paths = entries.map(({ path }) => path);
  const languages = summariseLanguages(gathered.languages);
  const ecosystems = summariseDependencies(gathered.manifests, gathered.locks);
  const unwanted = unwantedTracked(paths, gathered.manifests);
  const symlinksOut = entries.flatMap(({ path, target }) =>
    target?.outside === true ? [{ path, target: target.text }] : [],
  );
  return {
    version: 1,
    path: named,
    source,
    files: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    languages,
    dependencies: {
      ecosystems,
      manifests: gathered.manifests,
      locks: gathered.locks,
      unread: gathered.unread,
    },
    modules: {
      files: gathered.modules.size,
      imports: edgesOf(gathered.modules),
      cycles: cyclesOf(gathered.modules),
    },
    secrets: { found: secrets.found, by: secrets.by },
    binaries: gathered.binaries.toSorted((a, b) => b.bytes - a.bytes),
    hygiene: checkHygiene({
      paths,
      sizes: new Map(entries.map(({ path, bytes }) => [path, bytes])),
      licence: gathered.licence,
      symlinksOut,
      nestedGit: nested_git,
      submodules: entries.filter(({ kind }) => kind === 'submodule').map(({ path }) => path),
      dependencies: ecosystems,
      unwanted,
    }),
    gitignore: {
      lines: proposedIgnore({
        ecosystems: ecosystems.map(({ ecosystem }) => ecosystem),
        languages: languages.map(({ language }) => language),
        unwanted,
        present: gathered.ignored,
      }),
      tracked: unwanted,
    },
    left_out,
    not_looked_at: [...not_looked_at, ...gathered.not_looked_at, ...secrets.not_looked_at],
  };
}
